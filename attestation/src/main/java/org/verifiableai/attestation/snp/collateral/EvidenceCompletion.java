package org.verifiableai.attestation.snp.collateral;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.internal.http.Failures;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.VekIdentity;

/**
 * Adds to a report what a verifier needs and the report came without: the certificate of the key that signed it, the
 * authorities above, and a revocation list. Immutable, and as thread-safe as its source.
 *
 * <p>It judges nothing. What is there is left as it is, sound or not, and what is found is no more trusted than what came
 * along: the verdict is {@link org.verifiableai.attestation.snp.SnpVerifier}'s. It fails only where there would be nothing
 * to judge.
 *
 * <ul>
 *   <li>The VEK's certificate has to be had. It is looked up by chip and REPORTED_TCB, on the product line that the report's
 *       CPUID names. A report of version 2 names none: then on the line that the caller gave; else on Turin if CHIP_ID is
 *       zero from its ninth byte on; else on Milan and, if that is in vain, on Genoa.
 *   <li>Authorities are asked for and may be missing; a verifier that pins them does without.
 *   <li>A current revocation list has to be had if revocation is {@link Revocation#REQUIRE}, may be missing if it is
 *       {@link Revocation#USE_IF_AVAILABLE}, and is not asked for if it is {@link Revocation#OFF}. The source is asked also
 *       where a current list came along, since its sender may have kept back a newer one; if the source cannot be asked,
 *       the one that came will do.
 * </ul>
 *
 * <p>Each look-up may take as long as the source does: with a {@link KdsClient} up to its deadline, four times at most.
 *
 * <pre>{@code
 * EvidenceCompletion completion = EvidenceCompletion.from(CertificateSource.firstOf(folder, kds)).build();
 * Verdict<SnpReport> verdict = verifier.verify(completion.complete(report), policy);
 * }</pre>
 */
public final class EvidenceCompletion {

    private static final List<ProductLine> LINES_OF_LONG_CHIP_IDS = List.of(ProductLine.MILAN, ProductLine.GENOA);
    private static final int TURIN_CHIP_ID_SIZE = 8;
    private static final long KEY_INFO = 0x048;

    private final CertificateSource source;
    private final @Nullable ProductLine productLine;
    private final Revocation revocation;
    private final Clock clock;

    private EvidenceCompletion(Builder builder) {
        source = builder.source;
        productLine = builder.productLine;
        revocation = builder.revocation;
        clock = builder.clock;
    }

    /** A completion from this source, to be set up; as it stands it requires a revocation list that is current now. */
    public static Builder from(CertificateSource source) {
        return new Builder(source);
    }

    /**
     * Completes a report that came alone.
     *
     * @param report the report, {@link SnpReport#SIZE} bytes
     * @throws MalformedEvidenceException if it is no report, or says that no VEK signed it
     * @throws EvidenceUnavailableException if something that has to be there could not be had
     */
    public SnpEvidence complete(Bytes report) throws MalformedEvidenceException, EvidenceUnavailableException {
        return complete(report, List.of(), List.of());
    }

    /**
     * Completes a report that came with some of the certificates, such as those of a certificate table, in any order.
     *
     * @param report the report, {@link SnpReport#SIZE} bytes
     * @param certificates files of certificates, DER or PEM, at most one of them of a VEK
     * @param revocationLists files of revocation lists, DER or PEM
     * @throws MalformedEvidenceException if {@code report} is no report, or says that no VEK signed it and none came
     *     along; or if a certificate cannot be read or there are several of VEKs
     * @throws EvidenceUnavailableException if something that has to be there could not be had
     */
    public SnpEvidence complete(Bytes report, List<Bytes> certificates, List<Bytes> revocationLists)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        List<Bytes> veks = new ArrayList<>();
        List<Bytes> authorities = new ArrayList<>();
        for (Bytes file : certificates) {
            for (Bytes der : Pem.blocks("certificate", "CERTIFICATE", file)) {
                String name = X509Cert.parse(der).subject().commonName().orElse("");
                (name.equals("SEV-VCEK") || name.equals("SEV-VLEK") ? veks : authorities).add(der);
            }
        }
        if (veks.size() > 1) {
            throw new MalformedEvidenceException(
                    "vek certificate",
                    MalformedEvidenceException.NO_OFFSET,
                    "at most one certificate",
                    veks.size() + " certificates");
        }
        List<Bytes> lists = new ArrayList<>();
        for (Bytes file : revocationLists) {
            lists.addAll(Pem.blocks("revocation list", "X509 CRL", file));
        }
        return complete(report, veks.isEmpty() ? null : veks.get(0), authorities, lists);
    }

    /**
     * Completes evidence that has the VEK's certificate, which stays as it is.
     *
     * @throws MalformedEvidenceException if its report is no report
     * @throws EvidenceUnavailableException if something that has to be there could not be had
     */
    public SnpEvidence complete(SnpEvidence evidence) throws MalformedEvidenceException, EvidenceUnavailableException {
        return complete(evidence.report(), evidence.vek(), evidence.authorities(), evidence.revocationLists());
    }

    private SnpEvidence complete(Bytes raw, @Nullable Bytes vek, List<Bytes> authorities, List<Bytes> lists)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        SnpReport report = SnpReport.parse(raw);
        Bytes certificate = vek == null ? findVek(report) : vek;
        Optional<VekIdentity> identity = identity(certificate);
        Optional<ProductLine> line = report.cpuId().isPresent()
                ? report.cpuId().flatMap(ProductLine::of)
                : Optional.ofNullable(productLine).or(() -> identity.map(VekIdentity::productLine));
        if (line.isEmpty() || identity.isEmpty()) {
            // A processor or certificate of no kind that there is: nothing to look up, and the verifier will say so.
            return new SnpEvidence(raw, certificate, authorities, lists);
        }
        SigningKey key = identity.get().kind();
        List<Bytes> allLists = withLists(line.get(), key, lists);
        return new SnpEvidence(raw, certificate, withAuthorities(line.get(), key, authorities), allLists);
    }

    private Bytes findVek(SnpReport report) throws MalformedEvidenceException, EvidenceUnavailableException {
        SigningKey key = report.signingKey();
        if (report.chipKeyMasked() || key == SigningKey.NONE || key == SigningKey.RESERVED) {
            throw new MalformedEvidenceException(
                    "KEY_INFO",
                    KEY_INFO,
                    "a report that a VCEK or VLEK signed",
                    report.chipKeyMasked() ? "a masked chip key" : "signing key " + key);
        }
        Optional<List<ProductLine>> lines = lines(report);
        if (lines.isEmpty()) {
            throw new EvidenceUnavailableException(
                    "vek certificate cannot be looked up: processor is not of Milan, Genoa or Turin: "
                            + report.cpuId().map(Object::toString).orElse("unknown"),
                    false);
        }
        List<EvidenceUnavailableException> failures = new ArrayList<>();
        for (ProductLine line : lines.get()) {
            try {
                Optional<Bytes> found = key == SigningKey.VCEK
                        ? source.vcek(VcekId.of(report, line))
                        : source.vlek(line, report.reportedTcb(line));
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (EvidenceUnavailableException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw Failures.joined(failures);
        }
        throw new EvidenceUnavailableException(
                "certificate of the " + key + " of " + lines.get() + " chip " + report.chipId() + " at TCB "
                        + report.reportedTcb() + ": no source has it",
                false);
    }

    /** The lines on which the report's processor may be; empty if it is on none. */
    private Optional<List<ProductLine>> lines(SnpReport report) {
        // From version 3 on the report is signed with its CPUID in it, and nobody else is asked.
        if (report.cpuId().isPresent()) {
            return report.cpuId().flatMap(ProductLine::of).map(List::of);
        }
        if (productLine != null) {
            return Optional.of(List.of(productLine));
        }
        Bytes chipId = report.chipId();
        boolean isShort = !chipId.isZero()
                && chipId.slice(TURIN_CHIP_ID_SIZE, chipId.size()).isZero();
        return Optional.of(isShort ? List.of(ProductLine.TURIN) : LINES_OF_LONG_CHIP_IDS);
    }

    private List<Bytes> withAuthorities(ProductLine line, SigningKey key, List<Bytes> present) {
        List<String> names =
                present.stream().map(EvidenceCompletion::commonName).toList();
        if (names.contains(Endpoint.of(key).authority(line))) {
            return present;
        }
        List<Bytes> all = new ArrayList<>(present);
        try {
            source.authorities(line, key).stream()
                    .filter(der -> !names.contains(commonName(der)))
                    .forEach(all::add);
        } catch (EvidenceUnavailableException e) {
            return present; // the verifier may have them pinned, and says what is missing if it does not
        }
        return all;
    }

    private List<Bytes> withLists(ProductLine line, SigningKey key, List<Bytes> present)
            throws EvidenceUnavailableException {
        Instant now = clock.instant();
        if (revocation == Revocation.OFF) {
            return present;
        }
        List<Bytes> all = new ArrayList<>(present);
        try {
            // Also beside a list that is current: whoever sent it may have had one that says more.
            source.revocationLists(line, key, now).stream()
                    .filter(list -> !present.contains(list))
                    .forEach(all::add);
        } catch (EvidenceUnavailableException e) {
            if (revocation == Revocation.REQUIRE && !RevocationLists.anyCurrent(present, line, now)) {
                throw e;
            }
            return present;
        }
        if (all.isEmpty() && revocation == Revocation.REQUIRE) {
            throw new EvidenceUnavailableException(
                    "revocation list of " + Endpoint.root(line) + ": no source has one, and policy requires it", false);
        }
        return all;
    }

    private static Optional<VekIdentity> identity(Bytes certificate) {
        try {
            return Optional.of(VekIdentity.parse(certificate));
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }

    private static String commonName(Bytes der) {
        try {
            return X509Cert.parse(der).subject().commonName().orElse("");
        } catch (MalformedEvidenceException e) {
            return "";
        }
    }

    /** Sets up an {@link EvidenceCompletion}. Not thread-safe. */
    public static final class Builder {

        private final CertificateSource source;
        private @Nullable ProductLine productLine;
        private Revocation revocation = Revocation.REQUIRE;
        private Clock clock = Clock.systemUTC();

        private Builder(CertificateSource source) {
            this.source = source;
        }

        /** Looks on this line for reports of version 2, which do not say; later ones do, and are believed. */
        public Builder productLine(ProductLine line) {
            productLine = line;
            return this;
        }

        /** What the verifier's policy makes of revocation. */
        public Builder revocation(Revocation wanted) {
            revocation = wanted;
            return this;
        }

        /** Takes revocation lists for current as of this clock, which should be the verifier's. */
        public Builder clock(Clock now) {
            clock = now;
            return this;
        }

        /** The completion. */
        public EvidenceCompletion build() {
            return new EvidenceCompletion(this);
        }
    }
}
