package org.verifiableai.attestation.nvidia.collateral;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.OpaqueData;
import org.verifiableai.attestation.nvidia.ReferenceValues;
import org.verifiableai.attestation.nvidia.Rim;
import org.verifiableai.attestation.nvidia.RimId;

/**
 * Finds what a verifier needs beside the evidence of NVIDIA's devices: the manifests of driver and firmware image that the
 * reports name, and the revocation service's answers for the certificates of devices and manifests. Immutable, and as
 * thread-safe as its sources.
 *
 * <p>It judges nothing. What came along is left as it is, sound or not, and what is found is no more trusted than that: the
 * verdict is {@link org.verifiableai.attestation.nvidia.GpuVerifier}'s. It fails only where there would be nothing to judge.
 * Evidence that cannot be read calls for nothing, and the verifier will say what is wrong with it.
 *
 * <ul>
 *   <li>A manifest is looked up by the identifier that the report's signed part makes, once however many devices share it. It
 *       has to be had if reference values are {@link ReferenceValues#REQUIRE}, may be missing if they are {@link
 *       ReferenceValues#USE_IF_AVAILABLE}, as they are unless set, and is not asked for if they are {@link
 *       ReferenceValues#OFF}. The source is asked also where a manifest came along, since that may have a signer that has
 *       expired or was revoked; if it cannot be asked, the one that came will do.
 *   <li>Answers are asked for of the certificates between leaf and root of a device, and of those below the root of a manifest,
 *       from each one's issuer. They have to be had if revocation is {@link Revocation#REQUIRE}, may be missing if it is
 *       {@link Revocation#USE_IF_AVAILABLE}, and are not asked for if it is {@link Revocation#OFF}. The source is asked also
 *       where a current answer came along, since its sender may have kept back a newer one; if the source cannot be asked, the
 *       one that came will do.
 * </ul>
 *
 * <p>Look-ups are made one after the other: for one GPU two manifests and nine answers at most, and one answer for each
 * further GPU of its kind. A source that could not be asked for a reason which may pass is not asked again in the same
 * call, so that of two services that are down each holds a call up once.
 *
 * <pre>{@code
 * GpuCollateralCompletion completion = GpuCollateralCompletion.from(rims, ocsp).build();
 * GpuResult result = verifier.verify(evidence, completion.complete(evidence), policy);
 * }</pre>
 */
public final class GpuCollateralCompletion {

    private final RimSource rims;
    private final OcspSource ocsp;
    private final ReferenceValues referenceValues;
    private final Revocation revocation;
    private final Clock clock;

    private GpuCollateralCompletion(Builder builder) {
        rims = builder.rims;
        ocsp = builder.ocsp;
        referenceValues = builder.referenceValues;
        revocation = builder.revocation;
        clock = builder.clock;
    }

    /**
     * A completion from these sources, to be set up; as it stands it takes the manifests that there are, and requires answers
     * that are current now.
     */
    public static Builder from(RimSource rims, OcspSource ocsp) {
        return new Builder(rims, ocsp);
    }

    /**
     * Finds all that belongs to evidence.
     *
     * @throws EvidenceUnavailableException if something that has to be there could not be had
     */
    public GpuCollateral complete(List<GpuEvidence> evidence) throws EvidenceUnavailableException {
        return complete(evidence, GpuCollateral.NONE);
    }

    /**
     * Finds what belongs to evidence beside what came along.
     *
     * @return what came along, and after it what was found
     * @throws EvidenceUnavailableException if something that has to be there could not be had
     */
    public GpuCollateral complete(List<GpuEvidence> evidence, GpuCollateral present)
            throws EvidenceUnavailableException {
        List<Bytes> allRims = withRims(evidence, present.rims());
        return new GpuCollateral(allRims, withResponses(evidence, allRims, present.ocspResponses()));
    }

    private List<Bytes> withRims(List<GpuEvidence> evidence, List<Bytes> present) throws EvidenceUnavailableException {
        if (referenceValues == ReferenceValues.OFF) {
            return present;
        }
        List<Rim> rimsPresent =
                present.stream().flatMap(xml -> parsed(xml).stream()).toList();
        Set<Bytes> all = new LinkedHashSet<>(present);
        LookUp look = new LookUp();
        for (Map.Entry<RimId, String> wanted : wanted(evidence).entrySet()) {
            boolean required = referenceValues == ReferenceValues.REQUIRE
                    && rimsPresent.stream().noneMatch(rim -> rim.version().equalsIgnoreCase(wanted.getValue()));
            look.up("rim " + wanted.getKey(), required, () -> rims.rim(wanted.getKey()))
                    .ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /** The manifests that reports name, each with the version that it is of. */
    private static Map<RimId, String> wanted(List<GpuEvidence> evidence) {
        Map<RimId, String> wanted = new LinkedHashMap<>();
        for (GpuEvidence device : evidence) {
            device.architecture()
                    .ifPresent(architecture -> parsed(device).ifPresent(report -> {
                        OpaqueData opaque = report.opaqueData();
                        RimId.driver(report, architecture)
                                .ifPresent(id ->
                                        wanted.put(id, opaque.driverVersion().orElse("")));
                        RimId.vbios(report, architecture).ifPresent(id -> wanted.put(id, opaque.vbiosVersion()));
                    }));
        }
        return wanted;
    }

    private List<Bytes> withResponses(List<GpuEvidence> evidence, List<Bytes> allRims, List<Bytes> present)
            throws EvidenceUnavailableException {
        if (revocation == Revocation.OFF) {
            return present;
        }
        Set<CertificateLink> links = new LinkedHashSet<>();
        evidence.forEach(device -> links.addAll(CertificateLink.ofDevice(device.certificates())));
        allRims.forEach(xml -> parsed(xml).ifPresent(rim -> links.addAll(CertificateLink.ofRim(rim.certificates()))));
        Instant now = clock.instant();
        Set<Bytes> all = new LinkedHashSet<>(present);
        LookUp look = new LookUp();
        for (CertificateLink link : links) {
            boolean required = revocation == Revocation.REQUIRE
                    && present.stream().noneMatch(response -> link.isAnsweredBy(response, now));
            look.up(
                            "ocsp answer of " + link,
                            required,
                            () -> ocsp.response(
                                    link.certificate().der(), link.issuer().der()))
                    .ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    private static Optional<GpuReport> parsed(GpuEvidence device) {
        try {
            return Optional.of(GpuReport.parse(device.report()));
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }

    private static Optional<Rim> parsed(Bytes xml) {
        try {
            return Optional.of(Rim.parse(xml));
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }

    /** Sets up a {@link GpuCollateralCompletion}. Not thread-safe. */
    public static final class Builder {

        private final RimSource rims;
        private final OcspSource ocsp;
        private ReferenceValues referenceValues = ReferenceValues.USE_IF_AVAILABLE;
        private Revocation revocation = Revocation.REQUIRE;
        private Clock clock = Clock.systemUTC();

        private Builder(RimSource rims, OcspSource ocsp) {
            this.rims = rims;
            this.ocsp = ocsp;
        }

        /** What the verifier's policy makes of reference values. */
        public Builder referenceValues(ReferenceValues wanted) {
            referenceValues = wanted;
            return this;
        }

        /** What the verifier's policy makes of revocation. */
        public Builder revocation(Revocation wanted) {
            revocation = wanted;
            return this;
        }

        /** Takes answers for current as of this clock, which should be the verifier's. */
        public Builder clock(Clock now) {
            clock = now;
            return this;
        }

        /** The completion. */
        public GpuCollateralCompletion build() {
            return new GpuCollateralCompletion(this);
        }
    }
}
