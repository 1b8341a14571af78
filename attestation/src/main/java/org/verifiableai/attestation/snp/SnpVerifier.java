package org.verifiableai.attestation.snp;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;

/**
 * Judges SEV-SNP evidence. Thread-safe; it touches neither network nor disk. It changes in nothing but speed: chains that
 * it has verified before it does not verify again, so keep one verifier for many reports.
 *
 * <p>An acceptance proves that an AMD processor of the stated line, at the stated firmware level, launched a guest with
 * the stated measurement and policy, and that this guest asked for REPORT_DATA. It does not prove what the measured
 * software does, nor when the report was made, except through what went into REPORT_DATA.
 */
public final class SnpVerifier {

    private static final int DEFAULT_CACHE_SIZE = 1000;

    private final SnpAuthorities authorities;
    private final Clock clock;
    private final SignatureEngine signatureEngine;

    private SnpVerifier(Builder builder) {
        clock = builder.clock;
        signatureEngine = builder.signatureEngine;
        authorities = new SnpAuthorities(builder.trustAnchors, signatureEngine, builder.cacheSize);
    }

    /** A verifier to be set up; as it stands it trusts AMD, judges as of now, and uses the standard engine. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Judges evidence. Every check of {@link SnpChecks} is in the verdict, whatever it comes to.
     *
     * @param evidence report, certificates and revocation lists
     * @param policy what the relying party demands
     */
    public Verdict<SnpReport> verify(SnpEvidence evidence, SnpPolicy policy) {
        Appraisal appraisal = new Appraisal();
        ParsedEvidence parsed;
        try {
            parsed = ParsedEvidence.parse(evidence, authorities, policy.revocation());
        } catch (MalformedEvidenceException e) {
            appraisal.fail(SnpChecks.FORMAT, e.getMessage());
            return reject(appraisal, SnpChecks.FORMAT);
        }
        SnpReport report = parsed.report();
        appraisal.pass(
                SnpChecks.FORMAT,
                "report version " + report.version() + ", certificate of a "
                        + parsed.vek().kind());
        Optional<ProductLine> line = checkProduct(appraisal, parsed, policy);
        if (line.isEmpty()) {
            return reject(appraisal, SnpChecks.PRODUCT);
        }
        Instant now = clock.instant();
        checkSigningKey(appraisal, parsed, policy);
        SnpChain chain = new SnpChainChecks(authorities, parsed, line.get()).check(appraisal, policy, now);
        checkSignature(appraisal, parsed, chain == null ? null : chain.vekKey());
        checkCertificateTcb(appraisal, parsed, line.get());
        checkChip(appraisal, parsed, policy);
        new SnpPolicyRules(report, parsed.vek(), line.get(), policy).check(appraisal);
        if (appraisal.acceptable()) {
            noteFacts(appraisal, parsed, line.get(), policy, now);
        }
        return appraisal.verdict(report);
    }

    /**
     * Judges who signed, and nothing of what was signed: for reports of a version that this one does not know. It reads
     * format, certificates, revocation and the signature. Whatever a field of the report would have to say is not
     * evaluated, VMPL, debugging and REPORT_DATA among it, so that an acceptance says no more than that a processor with
     * AMD's certificate signed these bytes. Callers that read fields in them have to know the version themselves.
     *
     * @param evidence report, certificates and revocation lists; the report may be of a known version too
     * @param revocation what is made of revocation
     * @param reason why a signature is enough; it stands in the verdict
     * @return a verdict on the 672 signed bytes, and never on an {@link SnpReport}
     * @throws IllegalArgumentException if {@code reason} says nothing
     */
    public Verdict<Bytes> verifySignatureOnly(SnpEvidence evidence, Revocation revocation, String reason) {
        SnpPolicy policy = signatureOnlyPolicy(revocation, reason);
        Appraisal appraisal = new Appraisal();
        ParsedEvidence parsed;
        try {
            parsed = ParsedEvidence.parseSignatureOnly(evidence, authorities, revocation);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(SnpChecks.FORMAT, e.getMessage());
            return reject(appraisal, SnpChecks.FORMAT);
        }
        SnpReport report = parsed.report();
        ProductLine line = parsed.vek().productLine();
        String number = Integer.toUnsignedString(report.version());
        String version = "report version " + number;
        String waiver = "signature only: " + version + (report.isKnown() ? "" : " is not known") + "; " + reason;
        appraisal.pass(
                SnpChecks.FORMAT, version + ", certificate of a " + parsed.vek().kind());
        appraisal.waive(SnpChecks.PRODUCT, waiver);
        appraisal.waive(SnpChecks.SIGNING_KEY, waiver);
        Instant now = clock.instant();
        SnpChain chain = new SnpChainChecks(authorities, parsed, line).check(appraisal, policy, now);
        checkSignature(appraisal, parsed, chain == null ? null : chain.vekKey());
        after(SnpChecks.SIGNATURE).forEach(id -> appraisal.waive(id, waiver));
        appraisal.fact("version", number);
        appraisal.fact("product", line.amdName());
        appraisal.fact("signer", parsed.vek().kind());
        noteWitness(appraisal, parsed, now);
        return appraisal.verdict(report.signedBytes());
    }

    /** Lets every field pass, and asks of the certificates what an ordinary policy asks. */
    private static SnpPolicy signatureOnlyPolicy(Revocation revocation, String reason) {
        SnpPolicy.Builder builder = SnpPolicy.builder()
                .withoutFreshness(reason)
                .anyMeasurement(reason)
                .allowVlek(reason);
        return switch (revocation) {
            case REQUIRE -> builder.requireRevocation().build();
            case USE_IF_AVAILABLE -> builder.useRevocationIfAvailable(reason).build();
            case OFF -> builder.withoutRevocation(reason).build();
        };
    }

    /** Version 2 does not name its processor, so the certificate does; from version 3 on both have to agree. */
    private static Optional<ProductLine> checkProduct(Appraisal appraisal, ParsedEvidence parsed, SnpPolicy policy) {
        ProductLine certified = parsed.vek().productLine();
        Optional<SnpReport.CpuId> cpu = parsed.report().cpuId();
        Optional<ProductLine> line = cpu.isPresent() ? ProductLine.of(cpu.get()) : Optional.of(certified);
        if (line.isEmpty()) {
            appraisal.fail(
                    SnpChecks.PRODUCT,
                    ProductLine.isVenice(cpu.get())
                            ? "Venice is not supported: " + cpu.get()
                            : "processor is not of Milan, Genoa or Turin: " + cpu.get());
            return Optional.empty();
        }
        Optional<ProductLine> demanded = policy.productLine();
        boolean agreed =
                line.get() == certified && demanded.map(line.get()::equals).orElse(true);
        appraisal.check(
                SnpChecks.PRODUCT,
                agreed,
                () -> line.get().amdName() + cpu.map(c -> ", " + c).orElse(", by the certificate"),
                () -> "report is of " + line.get().amdName() + ", certificate of " + certified.amdName()
                        + demanded.map(d -> ", policy demands " + d.amdName()).orElse(""));
        return line;
    }

    private static void checkSigningKey(Appraisal appraisal, ParsedEvidence parsed, SnpPolicy policy) {
        SigningKey key = parsed.report().signingKey();
        if (key == SigningKey.NONE
                || key == SigningKey.RESERVED
                || parsed.report().chipKeyMasked()) {
            appraisal.fail(
                    SnpChecks.SIGNING_KEY,
                    "expected a signed report, found signing key " + key
                            + (parsed.report().chipKeyMasked() ? " and a masked chip key" : ""));
        } else if (key != parsed.vek().kind()) {
            appraisal.fail(
                    SnpChecks.SIGNING_KEY,
                    "report is signed by a " + key + ", certificate is of a "
                            + parsed.vek().kind());
        } else if (key == SigningKey.VLEK && policy.vlekWaiver().isEmpty()) {
            appraisal.fail(SnpChecks.SIGNING_KEY, "expected a VCEK, found a VLEK, which names no chip");
        } else {
            appraisal.pass(
                    SnpChecks.SIGNING_KEY,
                    key
                            + (key == SigningKey.VLEK
                                    ? " of " + parsed.vek().cspId() + ", allowed by policy: "
                                            + policy.vlekWaiver().orElse("")
                                    : ""));
        }
    }

    /** ABI, attestation report: the signature covers bytes 0 to 29Fh, as received. */
    private void checkSignature(Appraisal appraisal, ParsedEvidence parsed, @Nullable VerificationKey kept) {
        SnpReport report = parsed.report();
        Bytes keySha256 = parsed.vek().keySha256();
        try {
            VerificationKey key = kept != null
                    ? kept
                    : SnpAuthorities.reportKey(signatureEngine, parsed.vek().certificate());
            appraisal.check(
                    SnpChecks.SIGNATURE,
                    key.verify(report.signedBytes(), report.signature()),
                    () -> "ECDSA P-384 over 672 bytes, key " + keySha256,
                    () -> "signature is not of the certificate's key " + keySha256);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(SnpChecks.SIGNATURE, "vek certificate " + e.getMessage());
        }
    }

    private static void checkCertificateTcb(Appraisal appraisal, ParsedEvidence parsed, ProductLine line) {
        Bytes reported = parsed.report().reportedTcb();
        if (parsed.vek().productLine() != line) {
            appraisal.block(SnpChecks.TCB_CERTIFICATE, SnpChecks.PRODUCT);
            return;
        }
        TcbVersion certified = parsed.vek().tcb();
        // All eight bytes, so that a reserved byte cannot carry anything either.
        appraisal.check(
                SnpChecks.TCB_CERTIFICATE,
                certified.toBytes(line).equals(reported),
                () -> "both are " + certified,
                () -> "certificate is for " + certified + ", report says "
                        + parsed.report().reportedTcb(line) + " (" + reported + ")");
    }

    private static void checkChip(Appraisal appraisal, ParsedEvidence parsed, SnpPolicy policy) {
        Bytes chipId = parsed.report().chipId();
        if (parsed.vek().kind() == SigningKey.VLEK) {
            if (policy.vlekWaiver().isPresent()) {
                appraisal.waive(
                        SnpChecks.CHIP_ID,
                        "a VLEK names no chip; " + policy.vlekWaiver().get());
            } else {
                appraisal.block(SnpChecks.CHIP_ID, SnpChecks.SIGNING_KEY);
            }
        } else if (chipId.isZero() && policy.maskedChipIdWaiver().isPresent()) {
            appraisal.waive(
                    SnpChecks.CHIP_ID,
                    "the report hides its chip; " + policy.maskedChipIdWaiver().get());
        } else {
            appraisal.check(
                    SnpChecks.CHIP_ID,
                    parsed.vek().isOfChip(chipId),
                    () -> "both are " + parsed.vek().hwId(),
                    () -> "certificate is of chip " + parsed.vek().hwId() + ", report says "
                            + (chipId.isZero() ? "nothing (masked)" : chipId));
        }
    }

    private void noteFacts(
            Appraisal appraisal, ParsedEvidence parsed, ProductLine line, SnpPolicy policy, Instant now) {
        SnpReport report = parsed.report();
        report.fields(line).forEach(appraisal::fact);
        policy.measurementName(report.measurement()).ifPresent(name -> appraisal.fact("measurementName", name));
        appraisal.fact("policyDigest", policy.digest());
        noteWitness(appraisal, parsed, now);
    }

    /** Whose word it is, and when it was taken. */
    private void noteWitness(Appraisal appraisal, ParsedEvidence parsed, Instant now) {
        String cspId = parsed.vek().cspId();
        if (cspId != null) {
            appraisal.fact("cspId", cspId);
        }
        appraisal.fact("vekSha256", parsed.vek().sha256());
        appraisal.fact("signatureEngine", signatureEngine.name());
        appraisal.fact("evaluatedAt", now);
    }

    /** Ends an appraisal that cannot go on: what has not been entered is blocked. */
    private static <T> Verdict<T> reject(Appraisal appraisal, CheckId blocker) {
        after(blocker).forEach(id -> appraisal.block(id, blocker));
        return appraisal.verdict(null);
    }

    private static List<CheckId> after(CheckId id) {
        return SnpChecks.ALL.subList(SnpChecks.ALL.indexOf(id) + 1, SnpChecks.ALL.size());
    }

    /** Sets up an {@link SnpVerifier}. Not thread-safe. */
    public static final class Builder {

        private SnpTrustAnchors trustAnchors = SnpTrustAnchors.amd();
        private Clock clock = Clock.systemUTC();
        private SignatureEngine signatureEngine = SignatureEngine.standard();

        private int cacheSize = DEFAULT_CACHE_SIZE;

        private Builder() {}

        /** Trusts these authorities in place of AMD's. */
        public Builder trustAnchors(SnpTrustAnchors anchors) {
            trustAnchors = anchors;
            return this;
        }

        /** Judges validity and revocation as of this clock. */
        public Builder clock(Clock now) {
            clock = now;
            return this;
        }

        /** Verifies signatures with this engine. */
        public Builder signatureEngine(SignatureEngine engine) {
            signatureEngine = engine;
            return this;
        }

        /**
         * Keeps up to this many verified chains, some tens of kilobytes each, by the exact bytes of their certificates. A
         * chain that is kept saves parsing and signatures; its validity and revocation are judged each time all the same,
         * and nothing that failed is kept. Zero keeps nothing, neither chains nor authorities nor revocation lists.
         *
         * @throws IllegalArgumentException if {@code chains} is negative
         */
        public Builder cacheSize(int chains) {
            if (chains < 0) {
                throw new IllegalArgumentException("cache size must not be negative, found " + chains);
            }
            cacheSize = chains;
            return this;
        }

        /**
         * The verifier.
         *
         * @throws IllegalArgumentException if a trust anchor holds no key that the engine reads
         */
        public SnpVerifier build() {
            return new SnpVerifier(this);
        }
    }
}
