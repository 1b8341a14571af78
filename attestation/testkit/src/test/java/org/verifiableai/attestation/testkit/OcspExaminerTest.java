package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.OcspAnswers;
import org.verifiableai.attestation.internal.x509.OcspExaminer;
import org.verifiableai.attestation.internal.x509.OcspFinding;
import org.verifiableai.attestation.internal.x509.OcspLink;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.nvidia.GpuArchitecture;

class OcspExaminerTest {

    private static final SoftwareGpu GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final SoftwareGpu OTHER_GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant EARLIER = NOW.minusSeconds(3600);
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(400));
    private static final Duration DAY = Duration.ofDays(1);

    /** The status that an answer with each defect has when it is the only one. */
    private static final Map<OcspDefect, RevocationStatus> ALONE = Map.ofEntries(
            Map.entry(OcspDefect.OTHER_CERTIFICATE, RevocationStatus.UNAVAILABLE),
            Map.entry(OcspDefect.OTHER_ISSUER, RevocationStatus.UNAVAILABLE),
            Map.entry(OcspDefect.OTHER_SIGNER, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.OTHER_RESPONDER_ID, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.NO_DELEGATE, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_WITHOUT_PURPOSE, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_FOR_ANOTHER_PURPOSE, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_WITH_SECOND_PURPOSE, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_WITHOUT_NO_CHECK, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_WITH_NO_CHECK_AS_PURPOSE, RevocationStatus.GOOD),
            Map.entry(OcspDefect.DELEGATE_EXPIRED, RevocationStatus.STALE),
            Map.entry(OcspDefect.DELEGATE_NOT_YET_VALID, RevocationStatus.STALE),
            Map.entry(OcspDefect.DELEGATE_SIGNED_BY_ANOTHER, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_OF_ANOTHER_NAME, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_IS_AUTHORITY, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_MUST_NOT_SIGN, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.DELEGATE_WITH_UNKNOWN_EXTENSION, RevocationStatus.BAD_SIGNATURE),
            Map.entry(OcspDefect.NO_NEXT_UPDATE, RevocationStatus.STALE),
            Map.entry(OcspDefect.UNKNOWN_EXTENSION, RevocationStatus.UNAVAILABLE),
            Map.entry(OcspDefect.UNKNOWN_SINGLE_EXTENSION, RevocationStatus.UNAVAILABLE),
            Map.entry(OcspDefect.NO_NONCE, RevocationStatus.GOOD), // a nonce is a matter between client and responder
            Map.entry(OcspDefect.OTHER_NONCE, RevocationStatus.GOOD),
            Map.entry(OcspDefect.TRY_LATER, RevocationStatus.UNAVAILABLE),
            Map.entry(OcspDefect.UNAUTHORIZED, RevocationStatus.UNAVAILABLE),
            Map.entry(OcspDefect.GARBAGE, RevocationStatus.UNAVAILABLE));

    private final CountingEngine engine = new CountingEngine();
    private final OcspExaminer examiner = new OcspExaminer(engine, 16);

    @Test
    void eachCertificateIsGoodByTheAnswerOfItsIssuer() {
        List<Bytes> answers = new ArrayList<>(GPU.ocspAnswers(EARLIER));
        answers.add(0, answers.remove(2)); // in any order

        assertThat(examiner.examine(links(GPU), answers, NOW))
                .extracting(OcspFinding::status)
                .containsExactly(RevocationStatus.GOOD, RevocationStatus.GOOD, RevocationStatus.GOOD);
    }

    @Test
    void aCertificateWithoutAnAnswerIsNamed() throws Exception {
        List<Bytes> answers = GPU.ocspAnswers(EARLIER).subList(0, 2);

        List<OcspFinding> findings = examiner.examine(links(GPU), answers, NOW);

        assertThat(findings)
                .extracting(OcspFinding::status)
                .containsExactly(RevocationStatus.GOOD, RevocationStatus.GOOD, RevocationStatus.UNAVAILABLE);
        X509Cert identity = links(GPU).get(2).certificate();
        assertThat(findings.get(2).detail())
                .isEqualTo("certificate NVIDIA GH100 Identity, serial "
                        + identity.serialNumber().toString(16)
                        + ", must have an answer of its issuer, found none among 2");
    }

    @Test
    void withoutAnswersThereIsNone() {
        assertThat(alone()).satisfies(f -> assertThat(f.detail()).endsWith("found none"));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithADefectIsWorthWhatItsDefectLeaves(OcspDefect defect) {
        OcspFinding finding = alone(ocsp().with(defect).answer(certificate(), EARLIER));

        assertThat(finding.status()).as(finding.detail()).isEqualTo(ALONE.get(defect));
        assertThat(finding.detail()).startsWith("certificate GH100 A01 GSP BROM, serial ");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithADefectHidesNoneThatIsSound(OcspDefect defect) {
        Bytes sound = ocsp().answer(certificate(), EARLIER);
        Bytes defective = ocsp().with(defect).answer(certificate(), NOW);

        assertThat(alone(defective, sound).status()).isEqualTo(RevocationStatus.GOOD);
        assertThat(alone(sound, defective).status()).isEqualTo(RevocationStatus.GOOD);
    }

    @Test
    void aForgedRevocationDeniesNobodyAnything() {
        Bytes forged = ocsp().revoking(LONG_AGO).with(OcspDefect.OTHER_SIGNER).answer(certificate(), NOW);

        assertThat(alone(forged, ocsp().answer(certificate(), EARLIER)).status())
                .isEqualTo(RevocationStatus.GOOD);
        assertThat(alone(forged).status()).isEqualTo(RevocationStatus.BAD_SIGNATURE);
    }

    @Test
    void aForgedAnswerDoesNotMakeAStaleOneForged() {
        Bytes forged = ocsp().with(OcspDefect.OTHER_SIGNER).answer(certificate(), NOW);

        assertThat(alone(forged, ocsp().answer(certificate(), LONG_AGO)).status())
                .isEqualTo(RevocationStatus.STALE);
    }

    @Test
    void theAnswerOfAnotherAuthorityIsNone() {
        List<Bytes> others = OTHER_GPU.ocspAnswers(EARLIER);

        assertThat(examiner.examine(links(GPU), others, NOW))
                .extracting(OcspFinding::status)
                .containsOnly(RevocationStatus.UNAVAILABLE);
    }

    /** The responder is genuine, and has its certificate from another issuer than the one it speaks for. */
    @Test
    void theIssuerAboveDoesNotAnswerForTheOneBelow() {
        Bytes answer = GPU.ocsp(2).answer(certificate(), EARLIER);

        assertThat(alone(answer).status()).isEqualTo(RevocationStatus.UNAVAILABLE);
    }

    @Test
    void theIssuerMayAnswerItself() {
        OcspFinding finding = alone(ocsp().signedByIssuer().answer(certificate(), EARLIER));

        assertThat(finding.status()).isEqualTo(RevocationStatus.GOOD);
        assertThat(alone(ocsp().signedByIssuer().with(OcspDefect.OTHER_SIGNER).answer(certificate(), EARLIER))
                        .detail())
                .contains("it names the issuer and is not signed by its key");
    }

    @Test
    void aCertIdWithSha1IsAsGood() {
        assertThat(alone(ocsp().withSha1().answer(certificate(), EARLIER)).status())
                .isEqualTo(RevocationStatus.GOOD);
    }

    @Test
    void anAnswerIsCurrentFromThisUpdateToBeforeNextUpdate() {
        Bytes answer = ocsp().answer(certificate(), NOW);

        assertThat(status(NOW, answer)).isEqualTo(RevocationStatus.GOOD);
        assertThat(status(NOW.minusNanos(1), answer)).isEqualTo(RevocationStatus.STALE);
        assertThat(status(NOW.plus(DAY).minusNanos(1), answer)).isEqualTo(RevocationStatus.GOOD);
        assertThat(status(NOW.plus(DAY), answer)).isEqualTo(RevocationStatus.STALE);
    }

    @Test
    void whatIsStaleAboutAnAnswerIsSaid() {
        assertThat(alone(ocsp().answer(certificate(), LONG_AGO)).detail())
                .endsWith("must have a current answer, found one that is current from " + LONG_AGO + " to before "
                        + LONG_AGO.plus(DAY) + ", not at " + NOW);
        assertThat(alone(ocsp().with(OcspDefect.NO_NEXT_UPDATE).answer(certificate(), EARLIER))
                        .detail())
                .endsWith("found one of " + EARLIER + " that does not say until when it is");
        assertThat(alone(ocsp().with(OcspDefect.DELEGATE_EXPIRED).answer(certificate(), EARLIER))
                        .detail())
                .endsWith("by a responder whose certificate is valid from 2020-10-17T00:00:00Z to " + EARLIER.minus(DAY)
                        + ", not at " + NOW);
    }

    @Test
    void aRevokedCertificateIsRevokedAndTheReasonSaid() {
        OcspFinding finding = alone(ocsp().revoking(LONG_AGO, 1).answer(certificate(), EARLIER));

        assertThat(finding.status()).isEqualTo(RevocationStatus.REVOKED);
        assertThat(finding.detail())
                .endsWith("is revoked since " + LONG_AGO + ", reason keyCompromise, by the answer of " + EARLIER);
        assertThat(alone(ocsp().revoking(LONG_AGO).answer(certificate(), EARLIER))
                        .detail())
                .contains("reason not given");
    }

    @Test
    void aRevocationForGoodOutlivesItsAnswerAndIsNotTakenBack() {
        Bytes revoking = ocsp().revoking(LONG_AGO).answer(certificate(), LONG_AGO);
        Bytes good = ocsp().answer(certificate(), EARLIER);

        assertThat(alone(revoking, good).status()).isEqualTo(RevocationStatus.REVOKED);
        assertThat(alone(good, revoking).status()).isEqualTo(RevocationStatus.REVOKED);
        assertThat(alone(revoking).status()).isEqualTo(RevocationStatus.REVOKED);
        assertThat(alone(ocsp().revoking(LONG_AGO)
                                .with(OcspDefect.NO_NEXT_UPDATE)
                                .answer(certificate(), EARLIER))
                        .status())
                .isEqualTo(RevocationStatus.REVOKED);
    }

    @Test
    void ofSeveralRevocationsTheFirstThatWasSpokenIsNamedAndOfStaleAnswersTheLast() {
        Bytes first = ocsp().revoking(LONG_AGO, 1).answer(certificate(), LONG_AGO);
        Bytes second = ocsp().revoking(LONG_AGO, 4).answer(certificate(), EARLIER);
        Bytes stale = ocsp().answer(certificate(), LONG_AGO);
        Bytes staler = ocsp().answer(certificate(), LONG_AGO.minus(DAY));

        assertThat(alone(second, first).detail()).endsWith("reason keyCompromise, by the answer of " + LONG_AGO);
        assertThat(alone(first, second)).isEqualTo(alone(second, first));
        assertThat(alone(staler, stale).detail()).contains("found one that is current from " + LONG_AGO + " to ");
        assertThat(alone(stale, staler)).isEqualTo(alone(staler, stale));
    }

    @Test
    void aRevocationOfLaterHasNotBeenSpokenYet() {
        Bytes revoking = ocsp().revoking(LONG_AGO).answer(certificate(), LATER);

        assertThat(alone(revoking, ocsp().answer(certificate(), EARLIER)).status())
                .isEqualTo(RevocationStatus.GOOD);
        assertThat(alone(revoking).status()).isEqualTo(RevocationStatus.STALE);
    }

    @Test
    void aHoldIsNoRevocationForGood() {
        Bytes holding = ocsp().holding(LONG_AGO).answer(certificate(), EARLIER);

        OcspFinding finding = alone(holding);
        assertThat(finding.status()).isEqualTo(RevocationStatus.HELD);
        assertThat(finding.detail()).contains("is on hold since " + LONG_AGO + ", reason certificateHold,");
        assertThat(alone(holding, ocsp().answer(certificate(), EARLIER.plusSeconds(1)))
                        .status())
                .isEqualTo(RevocationStatus.GOOD);
        assertThat(alone(holding, ocsp().answer(certificate(), EARLIER.minusSeconds(1)))
                        .status())
                .isEqualTo(RevocationStatus.HELD);
        assertThat(alone(ocsp().holding(LONG_AGO).answer(certificate(), LONG_AGO))
                        .status())
                .isEqualTo(RevocationStatus.STALE);
    }

    @Test
    void ofTwoAnswersOfOneInstantTheWorseCounts() {
        Bytes good = ocsp().answer(certificate(), EARLIER);
        Bytes unknown = ocsp().knowingNone().answer(certificate(), EARLIER);
        Bytes held = ocsp().holding(LONG_AGO).answer(certificate(), EARLIER);

        assertThat(alone(good, unknown).status()).isEqualTo(RevocationStatus.UNKNOWN);
        assertThat(alone(unknown, good).status()).isEqualTo(RevocationStatus.UNKNOWN);
        assertThat(alone(held, unknown, good).status()).isEqualTo(RevocationStatus.HELD);
        assertThat(alone(good, unknown, held).status()).isEqualTo(RevocationStatus.HELD);
    }

    /** RFC 6960, section 2.2: said as a hold since 1970, which a policy that admits holds must not admit. */
    @Test
    void aCertificateThatNobodyIssuedIsUnknownAndNotHeld() {
        OcspFinding finding = alone(ocsp().neverHavingIssued().answer(certificate(), EARLIER));

        assertThat(finding.status()).isEqualTo(RevocationStatus.UNKNOWN);
        assertThat(finding.detail()).contains(" was never issued by the answer of ");
    }

    @Test
    void aCertificateThatTheResponderDoesNotKnowIsUnknown() {
        OcspFinding finding = alone(ocsp().knowingNone().answer(certificate(), EARLIER));

        assertThat(finding.status()).isEqualTo(RevocationStatus.UNKNOWN);
        assertThat(finding.detail()).contains(" is unknown to its issuer by the answer of ");
    }

    @Test
    void whatSaysNothingIsDescribed() {
        assertThat(alone(ocsp().with(OcspDefect.TRY_LATER).answer(certificate(), NOW))
                        .detail())
                .endsWith("found none among 1, of which one says try later");
        assertThat(alone(
                                ocsp().with(OcspDefect.GARBAGE).answer(certificate(), NOW),
                                ocsp().with(OcspDefect.TRY_LATER).answer(certificate(), NOW))
                        .detail())
                .endsWith("found none among 2, of which one cannot be read (ocsp response at offset 0x0: expected tag "
                        + "0x30, found tag 0x3c), and 1 more say nothing");
    }

    @Test
    void severalForgeriesAreCounted() {
        Bytes forged = ocsp().with(OcspDefect.NO_DELEGATE).answer(certificate(), NOW);

        assertThat(alone(forged).detail()).contains("is not its issuer's: it comes without the certificate of key ");
        assertThat(alone(forged, forged, forged).detail()).endsWith("; and 2 more like it");
    }

    @Test
    void aGenuineAnswerIsVerifiedOnceAndItsTimesEachTime() {
        List<Bytes> answers = GPU.ocspAnswers(EARLIER);
        examiner.examine(links(GPU), answers, NOW);
        int verified = engine.verified.getAndSet(0);

        assertThat(verified).isEqualTo(6); // three answers, and three certificates of those who signed them
        assertThat(examiner.examine(links(GPU), answers, NOW))
                .extracting(OcspFinding::status)
                .containsOnly(RevocationStatus.GOOD);
        assertThat(examiner.examine(links(GPU), answers, NOW.plus(DAY)))
                .extracting(OcspFinding::status)
                .containsOnly(RevocationStatus.STALE);
        assertThat(engine.verified).hasValue(0);
    }

    @Test
    void aForgedAnswerIsVerifiedAtEachCallAndOnceInIt() {
        Bytes forged = ocsp().with(OcspDefect.OTHER_SIGNER).answer(certificate(), EARLIER);
        List<OcspLink> eightTimes = Collections.nCopies(8, links(GPU).get(0));

        examiner.examine(eightTimes, List.of(forged), NOW);
        assertThat(engine.verified.getAndSet(0)).isEqualTo(2);
        examiner.examine(eightTimes, List.of(forged), NOW);
        assertThat(engine.verified).hasValue(2);
    }

    @Test
    void answersThatWereHeardOnceAreJudgedOnceWhoeverAsks() throws Exception {
        OcspAnswers answers = examiner.hear(GPU.ocspAnswers(EARLIER), NOW);
        List<OcspLink> links = links(GPU);
        List<Callable<List<OcspFinding>>> devices = Collections.nCopies(8, () -> answers.examine(links));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<List<OcspFinding>> findings : threads.invokeAll(devices)) {
                assertThat(findings.get())
                        .extracting(OcspFinding::status)
                        .containsExactly(RevocationStatus.GOOD, RevocationStatus.GOOD, RevocationStatus.GOOD);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(engine.verified).hasValue(6);
    }

    @Test
    void whatWasGenuineForOneIssuerIsNotForAnother() throws Exception {
        Bytes answer = ocsp().answer(certificate(), EARLIER);
        OcspLink link = links(GPU).get(0);
        examiner.examine(List.of(link), List.of(answer), NOW);

        OcspLink foreign =
                new OcspLink(link.certificate(), links(OTHER_GPU).get(0).issuer());

        assertThat(examiner.examine(List.of(foreign), List.of(answer), NOW)
                        .get(0)
                        .status())
                .isEqualTo(RevocationStatus.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aSmallCacheChangesNoFinding(int size) {
        OcspExaminer small = new OcspExaminer(engine, size);
        for (int i = 0; i < 2; i++) {
            assertThat(small.examine(links(GPU), GPU.ocspAnswers(EARLIER), NOW))
                    .extracting(OcspFinding::status)
                    .containsOnly(RevocationStatus.GOOD);
        }
    }

    private OcspFinding alone(Bytes... answers) {
        return examine(NOW, answers);
    }

    private RevocationStatus status(Instant at, Bytes... answers) {
        return examine(at, answers).status();
    }

    private OcspFinding examine(Instant at, Bytes... answers) {
        return examiner.examine(links(GPU).subList(0, 1), List.of(answers), at).get(0);
    }

    private static SoftwareOcsp ocsp() {
        return GPU.ocsp(1);
    }

    private static Bytes certificate() {
        return GPU.certificates().get(1);
    }

    private static List<OcspLink> links(SoftwareGpu gpu) {
        List<OcspLink> links = new ArrayList<>();
        try {
            for (int i = 1; i <= 3; i++) {
                links.add(new OcspLink(
                        X509Cert.parse(gpu.certificates().get(i)),
                        X509Cert.parse(gpu.certificates().get(i + 1))));
            }
        } catch (MalformedEvidenceException e) {
            throw new AssertionError(e);
        }
        return links;
    }

    /** Counts signatures that are verified. */
    private static final class CountingEngine implements SignatureEngine {

        private final AtomicInteger verified = new AtomicInteger();

        @Override
        public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
            VerificationKey key = SignatureEngine.standard().key(spki);
            return new VerificationKey() {
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
                    verified.incrementAndGet();
                    return key.verify(message, signature);
                }
            };
        }
    }
}
