package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationException;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.nvidia.DeviceKind;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;
import org.verifiableai.attestation.nvidia.OpaqueField;

class GpuVerifierTest {

    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");

    private final SoftwareNvidia nvidia = SoftwareNvidia.create();
    private final SoftwareGpu gpu = nvidia.device(GpuArchitecture.HOPPER);

    @ParameterizedTest
    @EnumSource(
            value = GpuArchitecture.class,
            names = {"HOPPER", "BLACKWELL"})
    void aGpuThatAnswersTheNonceIsAccepted(GpuArchitecture architecture) throws Exception {
        Verdict<GpuSystem> verdict =
                verifier().verify(nvidia.device(architecture).evidence(NONCE), policy().build());

        assertThat(verdict.orElseThrow().value().gpus())
                .singleElement()
                .satisfies(
                        device -> assertThat(device.report().requesterNonce()).isEqualTo(NONCE));
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(GpuChecks.ALL);
    }

    @Test
    void aSwitchIsAcceptedWhereThePolicyAsksForOne() throws Exception {
        GpuEvidence evidence = nvidia.device(GpuArchitecture.LS10).evidence(NONCE);
        GpuPolicy policy = policy().architectures(GpuArchitecture.LS10)
                .withoutFwid("switches state none")
                .build();

        Verdict<GpuSystem> verdict = verifier().verify(evidence, policy);

        assertThat(verdict.orElseThrow().value().gpus()).isEmpty();
        assertThat(verdict.orElseThrow().value().switches())
                .singleElement()
                .satisfies(device ->
                        assertThat(device.report().opaqueData().kind()).isEqualTo(DeviceKind.SWITCH));
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("gpu.hwmodel", "LS_10 A01 FSP BROM")
                .containsEntry("gpu.fwid", "absent")
                .doesNotContainKey("gpu.driver");
    }

    @Test
    void anAcceptanceStatesWhatItEstablishes() throws Exception {
        GpuEvidence evidence = gpu.evidence(NONCE);

        assertThat(verifier().verify(evidence, policy().build()).orElseThrow().facts())
                .containsEntry("gpu.hwmodel", "GH100 A01 GSP BROM")
                .containsEntry("gpu.architecture", "HOPPER")
                .containsEntry("gpu.driver", "580.95.05")
                .containsEntry("gpu.vbios", "96.00.9F.00.01")
                .containsEntry("gpu.nonce", NONCE.hex())
                .containsEntry("gpu.evaluated-at", "2026-11-24T12:00:00Z")
                .containsEntry("gpu.root", nvidia.rootCertificate().sha256().hex())
                .containsEntry("gpu.report-sha256", evidence.report().sha256().hex())
                .hasEntrySatisfying("gpu.ueid", ueid -> assertThat(ueid).matches("[0-9]{40,}"))
                .hasEntrySatisfying("gpu.fwid", fwid -> assertThat(fwid).matches("[0-9a-f]{96}"));
    }

    @Test
    void whatThePolicyGaveUpShowsInTheVerdict() {
        GpuPolicy policy = GpuPolicy.builder()
                .withoutFreshness("stored evidence")
                .withoutReferenceValues("no manifests")
                .withoutRevocation("no responder")
                .withoutFwid("old firmware")
                .build();

        Verdict<GpuSystem> verdict =
                verifier().verify(gpu.withoutOpaque(OpaqueField.FWID).evidence(NONCE), policy);

        assertThat(verdict.accepted()).isTrue();
        assertWaived(verdict, GpuChecks.NONCE, "stored evidence");
        assertWaived(verdict, GpuChecks.MEASUREMENTS, "no manifests");
        assertWaived(verdict, GpuChecks.REVOCATION, "no responder");
        assertWaived(verdict, GpuChecks.FWID, "old firmware");
    }

    // Each check fails alone.

    @Test
    void aReportThatDoesNotParseFailsTheFormat() {
        GpuEvidence evidence = new GpuEvidence(Bytes.zeros(100), gpu.certificates());

        Verdict<GpuSystem> verdict = verifier().verify(evidence, policy().build());

        assertFailsAlone(verdict, GpuChecks.FORMAT, "request.SPDMVersion");
        assertBlockedByFormat(verdict, GpuChecks.ARCHITECTURE, GpuChecks.SIGNATURE, GpuChecks.FWID, GpuChecks.NONCE);
    }

    @Test
    void aCertificateThatDoesNotParseFailsTheFormat() {
        List<Bytes> certificates = new ArrayList<>(gpu.certificates());
        certificates.set(2, Bytes.fromHex("3003020100"));
        GpuEvidence evidence = gpu.withCertificates(certificates).evidence(NONCE);

        Verdict<GpuSystem> verdict = verifier().verify(evidence, policy().build());

        assertFailsAlone(verdict, GpuChecks.FORMAT, "certificate 2, ");
        assertBlockedByFormat(
                verdict,
                GpuChecks.CHAIN,
                GpuChecks.VALIDITY,
                GpuChecks.ARCHITECTURE,
                GpuChecks.SIGNATURE,
                GpuChecks.FWID);
    }

    @Test
    void aChainOfAnotherAuthorityOfTheSameNameFails() {
        Verdict<GpuSystem> verdict = new OneDevice(GpuVerifier.builder()
                        .trustAnchors(SoftwareNvidia.create().trustAnchors())
                        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                        .build())
                .verify(gpu.evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.CHAIN, "last certificate must be a trust anchor");
    }

    @Test
    void softwareIsNotTrustedByNvidiasAnchors() {
        Verdict<GpuSystem> verdict = new OneDevice(GpuVerifier.builder()
                        .trustAnchors(NvidiaTrustAnchors.nvidia())
                        .build())
                .verify(gpu.evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.CHAIN, "102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48");
    }

    @Test
    void certificatesThatAreNotYetValidFail() {
        Verdict<GpuSystem> verdict =
                verifierAt(Instant.parse("2020-10-16T23:59:59Z")).verify(gpu.evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.VALIDITY, "2020-10-17T00:00:00Z");
    }

    @Test
    void certificatesThatHaveExpiredFail() {
        Instant until = Instant.parse("2026-01-01T00:00:00Z");
        SoftwareNvidia brief = SoftwareNvidia.create(FROM, until);

        Verdict<GpuSystem> verdict = new OneDevice(GpuVerifier.builder()
                        .trustAnchors(brief.trustAnchors())
                        .clock(Clock.fixed(until.plusSeconds(1), ZoneOffset.UTC))
                        .build())
                .verify(brief.device(GpuArchitecture.BLACKWELL).evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.VALIDITY, "must be valid at 2026-01-01T00:00:01Z");
    }

    @Test
    void anArchitectureThatThePolicyDoesNotAdmitFails() {
        Verdict<GpuSystem> verdict = verifier()
                .verify(
                        gpu.evidence(NONCE),
                        policy().architectures(GpuArchitecture.BLACKWELL).build());

        assertFailsAlone(verdict, GpuChecks.ARCHITECTURE, "GH100 A01 GSP BROM");
    }

    @Test
    void aSwitchIsNotTakenForAGpu() {
        Verdict<GpuSystem> verdict = verifier()
                .verify(
                        nvidia.device(GpuArchitecture.LS10).evidence(NONCE),
                        policy().withoutFwid("why").build());

        assertFailsAlone(verdict, GpuChecks.ARCHITECTURE, "LS_10");
    }

    @Test
    void aReportOfASwitchUnderTheCertificateOfAGpuFails() {
        SoftwareGpu odd = gpu.withOpaque(OpaqueField.VBIOS_VERSION, Bytes.utf8("96.10.55.00.01"));

        Verdict<GpuSystem> verdict = verifier().verify(odd.evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.ARCHITECTURE, "found that of a SWITCH");
    }

    @Test
    void aReportSignedByAnotherDeviceFails() {
        SoftwareGpu other = nvidia.device(GpuArchitecture.HOPPER);

        Verdict<GpuSystem> verdict =
                verifier().verify(other.withCertificates(gpu.certificates()).evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.SIGNATURE, "signature must be that of the leaf's key");
    }

    @Test
    void aFirmwareIdentifierOtherThanTheCertificatesFails() {
        Verdict<GpuSystem> verdict = verifier()
                .verify(
                        gpu.withOpaque(OpaqueField.FWID, Bytes.zeros(48)).evidence(NONCE),
                        policy().withoutFwid("absence would do, a mismatch does not")
                                .build());

        assertFailsAlone(verdict, GpuChecks.FWID, "found " + "00".repeat(48));
    }

    @Test
    void anAbsentFirmwareIdentifierFailsUnlessWaived() {
        Verdict<GpuSystem> verdict =
                verifier().verify(gpu.withoutOpaque(OpaqueField.FWID).evidence(NONCE), policy().build());

        assertFailsAlone(verdict, GpuChecks.FWID, "found none");
    }

    @Test
    void aReportThatAnswersAnotherNonceFails() {
        Verdict<GpuSystem> verdict = verifier().verify(gpu.evidence(Bytes.fromHex("b2".repeat(32))), policy().build());

        assertFailsAlone(verdict, GpuChecks.NONCE, "must answer nonce " + NONCE);
    }

    // The chain, defect by defect. Every chain below ends in the trusted root.

    @Test
    void aChainThatIsTooShortFails() {
        List<Bytes> chain = new ArrayList<>(gpu.certificates());
        chain.remove(3);

        assertChainFails(chain, "chain must have 5 certificates, found 4");
    }

    @Test
    void theRootAloneFails() {
        assertChainFails(List.of(nvidia.rootCertificate()), "chain must have 5 certificates, found 1");
    }

    @Test
    void certificatesOutOfOrderFail() {
        List<Bytes> chain = new ArrayList<>(gpu.certificates());
        chain.set(2, gpu.certificates().get(3));
        chain.set(3, gpu.certificates().get(2));

        assertChainFails(chain, "must be signed by certificate");
    }

    @Test
    void aSignatureByAnotherKeyOfTheIssuersNameFails() {
        Chain forged = new Chain();
        forged.signers.set(3, SoftwareKey.generate());

        assertChainFails(forged.certificates(), "certificate 3 (authority 3) must be signed by certificate 4");
    }

    @Test
    void aCertificateUnderAnotherNameThanItsIssuersFails() {
        Chain forged = new Chain();
        forged.issuers.set(1, "CN=somebody else");

        assertChainFails(forged.certificates(), "must name certificate 2 as its issuer");
    }

    @Test
    void anIntermediateThatIsNoAuthorityFails() {
        Chain forged = new Chain();
        forged.drafts.put(2, DeviceCertificate::leaf);

        assertChainFails(forged.certificates(), "must be an authority that may sign certificates");
    }

    @Test
    void aLeafThatIsAnAuthorityFails() {
        Chain forged = new Chain();
        forged.drafts.put(
                0,
                (issuer, subject, key, from, until) -> DeviceCertificate.authority(issuer, subject, key, from, until)
                        .withCompositeDeviceId(key, Bytes.zeros(48)));

        assertChainFails(forged.certificates(), "must be no authority");
    }

    @Test
    void aLeafWithoutFirmwareIdentifierFails() {
        Chain forged = new Chain();
        forged.drafts.put(0, DeviceCertificate::leaf);

        assertChainFails(forged.certificates(), "must state a firmware identifier");
    }

    @Test
    void aCriticalExtensionThatNobodyKnowsFails() {
        Chain forged = new Chain();
        forged.drafts.put(
                3,
                (issuer, subject, key, from, until) -> DeviceCertificate.authority(issuer, subject, key, from, until)
                        .with(new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE));

        assertChainFails(forged.certificates(), "1.2.3.4");
    }

    @Test
    void anAuthorityThatAdmitsFewerIntermediatesThanItHasFails() {
        Chain forged = new Chain();
        forged.drafts.put(
                3,
                (issuer, subject, key, from, until) -> DeviceCertificate.begin(issuer, subject, key, from, until)
                        .with(Extension.basicConstraints, true, new BasicConstraints(1)));

        assertChainFails(forged.certificates(), "must admit 2 intermediate certificates, found 1");
    }

    @Test
    void aFirmwareIdentifierThatIsMalformedFailsTheFormat() {
        Chain forged = new Chain();
        forged.drafts.put(
                0,
                (issuer, subject, key, from, until) -> DeviceCertificate.leaf(issuer, subject, key, from, until)
                        .with(DeviceCertificate.TCB_INFO, false, new DEROctetString(new byte[48])));
        GpuEvidence evidence = new GpuEvidence(gpu.report(NONCE), forged.certificates());

        assertFailsAlone(verifier().verify(evidence, policy().build()), GpuChecks.FORMAT, "firmware identifier");
    }

    @Test
    void aSoundChainOfTheSameMakingPasses() {
        Verdict<GpuSystem> verdict =
                verifier().verify(new GpuEvidence(gpu.report(NONCE), new Chain().certificates()), policy().build());

        assertThat(outcome(verdict, GpuChecks.CHAIN)).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aZeroByteBehindTheSignatureIsReported() {
        Verdict<GpuSystem> verdict =
                verifier().verify(gpu.withTrailingBytes(Bytes.zeros(1)).evidence(NONCE), policy().build());

        assertThat(verdict.accepted()).isTrue();
        assertThat(detail(verdict, GpuChecks.FORMAT)).contains("an unsigned zero byte follows the signature");
    }

    @Test
    void everySignedByteAndEveryByteOfTheSignatureCounts() {
        OneDevice verifier = new OneDevice(GpuVerifier.builder()
                .trustAnchors(nvidia.trustAnchors())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .signatureEngine(new RememberingEngine())
                .build());
        byte[] report = gpu.report(NONCE).toByteArray();
        GpuPolicy policy = policy().withoutFwid("not what is tested").build();
        assertThat(verifier.verify(new GpuEvidence(Bytes.of(report), gpu.certificates()), policy)
                        .accepted())
                .isTrue();

        for (int at = 0; at < report.length; at++) {
            byte[] flipped = report.clone();
            flipped[at] ^= 0x01;
            Verdict<GpuSystem> verdict =
                    verifier.verify(new GpuEvidence(Bytes.of(flipped), gpu.certificates()), policy);
            assertThat(verdict.accepted()).as("byte %d", at).isFalse();
            assertThat(verdict.failures())
                    .as("byte %d", at)
                    .extracting(CheckResult::id)
                    .containsAnyOf(GpuChecks.FORMAT, GpuChecks.SIGNATURE);
        }
    }

    @Test
    void mutatedCertificatesAreRejectedAndRaiseNothing() {
        Random random = new Random(20261124);
        GpuEvidence sound = gpu.evidence(NONCE);
        OneDevice verifier = verifier();
        GpuPolicy policy = policy().build();
        for (int round = 0; round < 500; round++) {
            List<Bytes> certificates = new ArrayList<>(sound.certificates());
            int victim = random.nextInt(certificates.size());
            byte[] mutant = certificates.get(victim).toByteArray();
            int at = random.nextInt(mutant.length);
            mutant[at] = (byte) (mutant[at] + 1 + random.nextInt(255));
            certificates.set(victim, Bytes.of(mutant));

            Verdict<GpuSystem> verdict = verifier.verify(new GpuEvidence(sound.report(), certificates), policy);

            assertThat(verdict.failures())
                    .as("round %d: certificate %d, byte %d", round, victim, at)
                    .extracting(CheckResult::id)
                    .containsAnyOf(GpuChecks.FORMAT, GpuChecks.CHAIN);
        }
    }

    @Test
    void certificatesWithoutEndAreRejectedUnread() {
        List<Bytes> many = Collections.nCopies(100_000, Bytes.zeros(1));

        Verdict<GpuSystem> verdict = verifier().verify(new GpuEvidence(gpu.report(NONCE), many), policy().build());

        assertFailsAlone(verdict, GpuChecks.FORMAT, "certificates: expected 1 to 10, found 100000");
    }

    @Test
    void noCertificatesAtAllAreRejected() {
        Verdict<GpuSystem> verdict = verifier().verify(new GpuEvidence(gpu.report(NONCE), List.of()), policy().build());

        assertFailsAlone(verdict, GpuChecks.FORMAT, "certificates: expected 1 to 10, found 0");
    }

    @Test
    void aRejectionNamesEveryFailedCheck() {
        SoftwareGpu other = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
        GpuEvidence evidence = other.withCertificates(gpu.certificates())
                .withOpaque(OpaqueField.FWID, Bytes.zeros(48))
                .evidence(Bytes.zeros(32));

        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> verifier().verify(evidence, policy().build()).orElseThrow())
                .withMessageContaining("gpu.signature")
                .withMessageContaining("gpu.fwid")
                .withMessageContaining("gpu.nonce");
    }

    private OneDevice verifier() {
        return verifierAt(NOW);
    }

    private OneDevice verifierAt(Instant instant) {
        return new OneDevice(GpuVerifier.builder()
                .trustAnchors(nvidia.trustAnchors())
                .clock(Clock.fixed(instant, ZoneOffset.UTC))
                .build());
    }

    private static GpuPolicy.Builder policy() {
        GpuPolicy.Builder builder =
                GpuPolicy.builder().withoutReferenceValues("test").withoutRevocation("test");
        return builder.expectedNonce(NONCE);
    }

    private void assertChainFails(List<Bytes> chain, String detail) {
        Verdict<GpuSystem> verdict = verifier().verify(new GpuEvidence(gpu.report(NONCE), chain), policy().build());

        assertThat(outcome(verdict, GpuChecks.CHAIN)).isEqualTo(Outcome.FAILED);
        assertThat(detail(verdict, GpuChecks.CHAIN)).contains(detail).doesNotContain("trust anchor");
    }

    private static void assertFailsAlone(Verdict<GpuSystem> verdict, CheckId id, String detail) {
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(id);
        assertThat(detail(verdict, id)).contains(detail);
    }

    private static void assertBlockedByFormat(Verdict<GpuSystem> verdict, CheckId... ids) {
        for (CheckId id : ids) {
            assertThat(outcome(verdict, id)).isEqualTo(Outcome.NOT_EVALUATED);
            assertThat(detail(verdict, id)).contains("gpu.format failed");
        }
    }

    private static void assertWaived(Verdict<GpuSystem> verdict, CheckId id, String reason) {
        assertThat(outcome(verdict, id)).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(detail(verdict, id)).isEqualTo("waived by policy: " + reason);
    }

    private static Outcome outcome(Verdict<GpuSystem> verdict, CheckId id) {
        return result(verdict, id).outcome();
    }

    private static String detail(Verdict<GpuSystem> verdict, CheckId id) {
        return result(verdict, id).detail();
    }

    private static CheckResult result(Verdict<GpuSystem> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** How one certificate of a chain begins. */
    private interface Draft {
        DeviceCertificate draft(String issuer, String subject, SoftwareKey key, Instant from, Instant until);
    }

    /** A sound chain to the trusted root, of which a test bends one thing. */
    private final class Chain {

        final List<SoftwareKey> keys = new ArrayList<>();
        final List<SoftwareKey> signers = new ArrayList<>();
        final List<String> subjects = new ArrayList<>();
        final List<String> issuers = new ArrayList<>();
        final Map<Integer, Draft> drafts = new HashMap<>();

        Chain() {
            for (int i = 0; i < 4; i++) {
                keys.add(SoftwareKey.generate());
                subjects.add("CN=authority " + i);
                drafts.put(i, DeviceCertificate::authority);
            }
            drafts.put(
                    0,
                    (issuer, subject, key, from, until) -> DeviceCertificate.leaf(issuer, subject, key, from, until)
                            .withCompositeDeviceId(key, Bytes.zeros(48)));
            signers.addAll(keys.subList(1, 4));
            signers.add(nvidia.rootKey());
            issuers.addAll(subjects.subList(1, 4));
            issuers.add(SoftwareNvidia.ROOT);
        }

        List<Bytes> certificates() {
            List<Bytes> certificates = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Draft draft = drafts.getOrDefault(i, DeviceCertificate::authority);
                certificates.add(draft.draft(issuers.get(i), subjects.get(i), keys.get(i), FROM, UNTIL)
                        .signedBy(signers.get(i)));
            }
            certificates.add(nvidia.rootCertificate());
            return certificates;
        }
    }

    /** Verifies each pair of message and signature once: what stays the same between verdicts costs nothing. */
    private static final class RememberingEngine implements SignatureEngine {

        private final Map<Bytes, VerificationKey> keys = new HashMap<>();

        @Override
        public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
            VerificationKey known = keys.get(spki);
            if (known == null) {
                known = new RememberingKey(SignatureEngine.standard().key(spki), new HashMap<>());
                keys.put(spki, known);
            }
            return known;
        }
    }

    private record RememberingKey(VerificationKey key, Map<List<Bytes>, Boolean> results) implements VerificationKey {

        @Override
        public SignatureAlgorithm algorithm() {
            return key.algorithm();
        }

        @Override
        public Bytes spki() {
            return key.spki();
        }

        @Override
        public boolean verify(Bytes message, Bytes signature) {
            return results.computeIfAbsent(List.of(message, signature), pair -> key.verify(message, signature));
        }
    }
}
