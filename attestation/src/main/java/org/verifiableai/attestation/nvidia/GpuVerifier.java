package org.verifiableai.attestation.nvidia;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;

/**
 * Appraises a GPU's evidence under a policy. Immutable and thread-safe; uses neither network nor disk.
 *
 * <p>An acceptance proves that the owner of a key, which an authority of the trust anchors vouches for as a device's,
 * signed exactly this report, and that the report answers the policy's nonce unless the policy waived that. It does not
 * prove that the device's firmware is a released one, that its certificates still stand, or that the device sits in the
 * machine that presents the report; see {@link GpuPolicy}.
 *
 * <p>Every check of {@link GpuChecks} appears in every verdict. Checks that do not need each other all run, so a report
 * by another device than its chain's fails {@code gpu.signature} and, where the firmware differs, {@code gpu.fwid} too.
 *
 * <p>The facts of an acceptance: {@code gpu.hwmodel} (common name of the device identity certificate), {@code gpu.ueid}
 * (serial number of the leaf, decimal), {@code gpu.architecture}, {@code gpu.vbios}, {@code gpu.driver} (absent for a
 * switch), {@code gpu.nonce}, {@code gpu.fwid} (hex, or {@code absent}), {@code gpu.root} (SHA-256 of the root's
 * certificate), {@code gpu.report-sha256} and {@code gpu.evaluated-at}.
 *
 * <pre>{@code
 * Verdict<GpuReport> verdict = GpuVerifier.builder().build().verify(evidence, policy);
 * }</pre>
 */
public final class GpuVerifier {

    private final NvidiaTrustAnchors trustAnchors;
    private final Clock clock;
    private final SignatureEngine signatureEngine;

    private GpuVerifier(Builder builder) {
        this.trustAnchors = builder.trustAnchors;
        this.clock = builder.clock;
        this.signatureEngine = builder.signatureEngine;
    }

    /** A verifier to be set up: NVIDIA's roots, the system's clock and the SDK's signature engine unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs every check.
     *
     * @param evidence what one device handed over
     * @param policy what the relying party demands
     * @return the verdict; evidence however malformed gives a rejection and no exception
     */
    public Verdict<GpuReport> verify(GpuEvidence evidence, GpuPolicy policy) {
        Appraisal appraisal = new Appraisal();
        Instant now = clock.instant();
        Parsed parsed = parse(evidence, appraisal);
        Optional<NvidiaTrustAnchor> root = chain(parsed.chain, policy, appraisal);
        validity(parsed.chain, now, appraisal);
        appraisal.waive(GpuChecks.REVOCATION, policy.revocationWaiver());
        architecture(parsed, policy, appraisal);
        signature(parsed, appraisal);
        fwid(parsed, policy, appraisal);
        nonce(parsed.report, policy, appraisal);
        appraisal.waive(GpuChecks.MEASUREMENTS, policy.referenceValueWaiver());
        if (parsed.report != null && parsed.chain != null && root.isPresent()) {
            facts(parsed.report, parsed.chain, root.get(), now, appraisal);
        }
        return appraisal.verdict(parsed.report);
    }

    /**
     * Runs every check on each device, and on all of them together.
     *
     * @param evidence what the devices of one machine handed over, each once, in any order
     * @param collateral reference values and answers of the revocation service
     * @param policy what the relying party demands
     * @return the verdict; evidence and collateral however malformed give a rejection and no exception
     */
    public GpuResult verify(List<GpuEvidence> evidence, GpuCollateral collateral, GpuPolicy policy) {
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(collateral, "collateral");
        Objects.requireNonNull(policy, "policy");
        return new GpuResult(new Verdict.Rejected<>(List.of()), List.of());
    }

    private static Parsed parse(GpuEvidence evidence, Appraisal appraisal) {
        List<String> defects = new ArrayList<>();
        GpuReport report = null;
        DeviceChain chain = null;
        try {
            report = GpuReport.parse(evidence.report());
        } catch (MalformedEvidenceException e) {
            defects.add("report: " + e.getMessage());
        }
        try {
            chain = DeviceChain.parse(evidence.certificates());
        } catch (MalformedEvidenceException e) {
            defects.add(e.getMessage());
        }
        if (report == null || chain == null) {
            appraisal.fail(GpuChecks.FORMAT, String.join("; ", defects));
        } else {
            appraisal.pass(
                    GpuChecks.FORMAT,
                    "SPDM 1.1 report of a " + report.opaqueData().kind() + " with "
                            + report.measurements().size() + " measurements, " + chain.size() + " certificates"
                            + (report.trailingBytes().isEmpty()
                                    ? ""
                                    : "; an unsigned zero byte follows the signature"));
        }
        return new Parsed(report, chain);
    }

    private Optional<NvidiaTrustAnchor> chain(@Nullable DeviceChain chain, GpuPolicy policy, Appraisal appraisal) {
        if (chain == null) {
            appraisal.block(GpuChecks.CHAIN, GpuChecks.FORMAT);
            return Optional.empty();
        }
        Optional<NvidiaTrustAnchor> root = chain.root(trustAnchors);
        List<String> defects = chain.defects(policy.chainLength(), root, signatureEngine);
        if (root.isEmpty()) {
            defects.add("last certificate must be a trust anchor with digest "
                    + trustAnchors.anchors().stream()
                            .map(anchor -> anchor.certificateSha256().hex())
                            .collect(Collectors.joining(" or "))
                    + ", found " + chain.lastDigest());
        }
        appraisal.check(
                GpuChecks.CHAIN,
                defects.isEmpty(),
                () -> chain.size() + " certificates from " + chain.leafName() + " to root " + chain.lastDigest(),
                () -> String.join("; ", defects));
        return root;
    }

    private static void validity(@Nullable DeviceChain chain, Instant now, Appraisal appraisal) {
        if (chain == null) {
            appraisal.block(GpuChecks.VALIDITY, GpuChecks.FORMAT);
            return;
        }
        List<String> defects = chain.invalidAt(now);
        appraisal.check(
                GpuChecks.VALIDITY,
                defects.isEmpty(),
                () -> "every certificate is valid at " + now,
                () -> String.join("; ", defects));
    }

    private static void architecture(Parsed parsed, GpuPolicy policy, Appraisal appraisal) {
        if (parsed.report == null || parsed.chain == null) {
            appraisal.block(GpuChecks.ARCHITECTURE, GpuChecks.FORMAT);
            return;
        }
        DeviceKind kind = parsed.report.opaqueData().kind();
        Optional<GpuArchitecture> architecture = parsed.chain.architecture();
        if (architecture.isEmpty() || !policy.architectures().contains(architecture.get())) {
            appraisal.fail(
                    GpuChecks.ARCHITECTURE,
                    "device identity must be of " + policy.architectures() + ", found "
                            + parsed.chain.hardwareModel().orElse("no identity certificate"));
            return;
        }
        appraisal.check(
                GpuChecks.ARCHITECTURE,
                architecture.get().kind() == kind,
                () -> architecture.get() + " as the certificate says",
                () -> "report must be that of a " + architecture.get().kind()
                        + " as the certificate says, found that of a " + kind);
    }

    private void signature(Parsed parsed, Appraisal appraisal) {
        if (parsed.report == null || parsed.chain == null) {
            appraisal.block(GpuChecks.SIGNATURE, GpuChecks.FORMAT);
            return;
        }
        GpuReport report = parsed.report;
        Bytes spki = parsed.chain.leafKey();
        try {
            VerificationKey key = signatureEngine.key(spki);
            appraisal.check(
                    GpuChecks.SIGNATURE,
                    key.algorithm() == SignatureAlgorithm.ECDSA_P384_SHA384
                            && key.verify(report.signedBytes(), report.signature()),
                    () -> "the leaf's key signed " + report.signedBytes().size() + " bytes",
                    () -> "signature must be that of the leaf's key " + spki.sha256() + " (SHA-256) over "
                            + report.signedBytes().size() + " bytes, found another's");
        } catch (MalformedEvidenceException e) {
            appraisal.fail(GpuChecks.SIGNATURE, "leaf's key: " + e.getMessage());
        }
    }

    private static void fwid(Parsed parsed, GpuPolicy policy, Appraisal appraisal) {
        if (parsed.report == null || parsed.chain == null) {
            appraisal.block(GpuChecks.FWID, GpuChecks.FORMAT);
            return;
        }
        Optional<Bytes> reported = parsed.report.opaqueData().fwid();
        if (reported.isEmpty()) {
            policy.fwidWaiver()
                    .ifPresentOrElse(
                            reason -> appraisal.waive(GpuChecks.FWID, reason),
                            () -> appraisal.fail(
                                    GpuChecks.FWID, "report must state a firmware identifier, found none"));
            return;
        }
        Optional<Bytes> certified = parsed.chain.fwid();
        appraisal.check(
                GpuChecks.FWID,
                certified.equals(reported),
                () -> "report and certificate state " + reported.get(),
                () -> "report must state the certificate's firmware identifier "
                        + certified.map(Bytes::hex).orElse("(which states none)") + ", found " + reported.get());
    }

    private static void nonce(@Nullable GpuReport report, GpuPolicy policy, Appraisal appraisal) {
        Optional<Bytes> expected = policy.expectedNonce();
        if (expected.isEmpty()) {
            appraisal.waive(GpuChecks.NONCE, policy.freshnessWaiver().orElseThrow());
        } else if (report == null) {
            appraisal.block(GpuChecks.NONCE, GpuChecks.FORMAT);
        } else {
            appraisal.check(
                    GpuChecks.NONCE,
                    report.requesterNonce().equals(expected.get()),
                    () -> "report answers " + expected.get(),
                    () -> "report must answer nonce " + expected.get() + ", found " + report.requesterNonce());
        }
    }

    private static void facts(
            GpuReport report, DeviceChain chain, NvidiaTrustAnchor root, Instant now, Appraisal appraisal) {
        OpaqueData opaque = report.opaqueData();
        chain.hardwareModel().ifPresent(model -> appraisal.fact("gpu.hwmodel", model));
        chain.architecture().ifPresent(architecture -> appraisal.fact("gpu.architecture", architecture));
        appraisal.fact("gpu.ueid", chain.ueid());
        appraisal.fact("gpu.vbios", opaque.vbiosVersion());
        opaque.driverVersion().ifPresent(driver -> appraisal.fact("gpu.driver", driver));
        appraisal.fact("gpu.nonce", report.requesterNonce());
        appraisal.fact("gpu.fwid", opaque.fwid().map(Bytes::hex).orElse("absent"));
        appraisal.fact("gpu.root", root.certificateSha256());
        appraisal.fact("gpu.report-sha256", report.bytes().sha256());
        appraisal.fact("gpu.evaluated-at", now);
    }

    /** What could be read of the evidence. */
    private record Parsed(
            @Nullable GpuReport report, @Nullable DeviceChain chain) {}

    /** Collects the world of a {@link GpuVerifier}. Not thread-safe. */
    public static final class Builder {

        private NvidiaTrustAnchors trustAnchors = NvidiaTrustAnchors.nvidia();
        private Clock clock = Clock.systemUTC();
        private SignatureEngine signatureEngine = SignatureEngine.standard();

        private Builder() {}

        /** The authorities in which chains may end; {@link NvidiaTrustAnchors#nvidia()} by default. */
        public Builder trustAnchors(NvidiaTrustAnchors anchors) {
            trustAnchors = Objects.requireNonNull(anchors, "anchors");
            return this;
        }

        /** The clock at whose instant certificates must be valid; the system's by default. */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** What verifies signatures; {@link SignatureEngine#standard()} by default. */
        public Builder signatureEngine(SignatureEngine engine) {
            signatureEngine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /** The verifier. */
        public GpuVerifier build() {
            return new GpuVerifier(this);
        }
    }
}
