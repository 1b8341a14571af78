package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.GpuLab.DRIVER;
import static org.verifiableai.attestation.testkit.GpuLab.GPU;
import static org.verifiableai.attestation.testkit.GpuLab.LAST_YEAR;
import static org.verifiableai.attestation.testkit.GpuLab.NONCE;
import static org.verifiableai.attestation.testkit.GpuLab.NOW;
import static org.verifiableai.attestation.testkit.GpuLab.RIMS;
import static org.verifiableai.attestation.testkit.GpuLab.VBIOS;
import static org.verifiableai.attestation.testkit.GpuLab.shown;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.testkit.GpuLab.Shown;

/** What a verifier keeps saves signatures and decides nothing. */
class GpuVerifierCacheTest {

    private static final Shown SOUND = shown(GPU);

    private final MovingClock clock = new MovingClock();
    private final CountingEngine engine = new CountingEngine();
    private final GpuVerifier verifier =
            GpuLab.builder(clock).signatureEngine(engine).build();

    @Test
    void whatIsSoundIsVerifiedOnce() {
        assertThat(failures(SOUND)).isEmpty();
        int cold = engine.verified;

        assertThat(failures(SOUND)).isEmpty();

        // The report's own signature is the one that cannot be kept.
        assertThat(engine.verified - cold).isEqualTo(1);
        assertThat(cold).isGreaterThan(10);
    }

    @Test
    void aVerifierThatKeepsNothingSaysTheSame() {
        GpuVerifier forgetful =
                GpuLab.builder(clock).signatureEngine(engine).cacheSize(0).build();
        String first = SOUND.result(forgetful, policy -> policy).toJson();
        int cold = engine.verified;

        assertThat(SOUND.result(forgetful, policy -> policy).toJson()).isEqualTo(first);
        assertThat(engine.verified).isEqualTo(2 * cold);
        assertThat(SOUND.result(verifier, policy -> policy).toJson()).isEqualTo(first);
        assertThat(SOUND.result(verifier, policy -> policy).toJson()).isEqualTo(first);
    }

    @Test
    void aChainThatFailedIsNotKept() {
        Shown stranger = shown(SoftwareNvidia.create(GpuLab.FROM, GpuLab.UNTIL).device(GpuArchitecture.HOPPER));

        assertThat(failures(stranger)).containsExactly(GpuChecks.CHAIN);
        int once = engine.verified;
        assertThat(failures(stranger)).containsExactly(GpuChecks.CHAIN);

        // Three links and the report; what was kept of manifests and answers is not verified again.
        assertThat(engine.verified - once).isGreaterThanOrEqualTo(4);
        assertThat(failures(SOUND)).isEmpty();
    }

    @Test
    void aManifestThatFailedIsNotKept() {
        Bytes broken = RIMS.driver(GPU).withSignatureValue(Bytes::reversed).xml();
        assertThat(failures(SOUND)).isEmpty();
        int before = engine.verified;

        assertThat(failures(SOUND.withRims(broken, VBIOS))).containsExactly(GpuChecks.RIM_DRIVER_SIGNATURE);
        int once = engine.verified - before;
        assertThat(failures(SOUND.withRims(broken, VBIOS))).containsExactly(GpuChecks.RIM_DRIVER_SIGNATURE);

        assertThat(engine.verified - before).isEqualTo(2 * once);
        assertThat(once).isGreaterThan(1);
        assertThat(failures(SOUND)).isEmpty();
    }

    @Test
    void anAnswerThatFailedIsNotKept() {
        List<Bytes> forged = new ArrayList<>(GpuLab.RIM_ANSWERS);
        forged.addAll(GPU.ocspAnswers(NOW).subList(0, 2));
        forged.add(GPU.ocsp(3)
                .with(OcspDefect.OTHER_SIGNER)
                .answer(GPU.certificates().get(3), NOW));

        assertThat(failures(SOUND.withAnswers(forged))).containsExactly(GpuChecks.REVOCATION);
        int before = engine.verified;
        assertThat(failures(SOUND.withAnswers(forged))).containsExactly(GpuChecks.REVOCATION);

        assertThat(engine.verified - before).isGreaterThan(1);
        assertThat(failures(SOUND)).isEmpty();
    }

    @Test
    void whatIsKeptIsKeptByItsExactBytes() {
        assertThat(failures(SOUND)).isEmpty();

        for (int victim = 0; victim < 5; victim++) {
            List<Bytes> certificates = new ArrayList<>(GPU.certificates());
            certificates.set(victim, flipped(certificates.get(victim)));
            GpuEvidence evidence = new GpuEvidence(SOUND.evidence().get(0).report(), certificates);

            assertThat(failures(new Shown(List.of(evidence), SOUND.rims(), SOUND.answers())))
                    .as("certificate %d", victim)
                    .contains(GpuChecks.CHAIN);
        }
        assertThat(failures(SOUND.withRims(
                        Bytes.utf8(utf8(DRIVER)
                                .replace("</ds:SignatureValue>", " </ds:SignatureValue>")
                                .replace("580.95.05", "580.95.05 ")),
                        VBIOS)))
                .isNotEmpty();
        assertThat(failures(SOUND.withAnswers(SOUND.answers().stream()
                        .map(GpuVerifierCacheTest::flipped)
                        .toList())))
                .containsExactly(GpuChecks.REVOCATION, GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION);
        assertThat(failures(SOUND)).isEmpty();
    }

    @Test
    void aKeptChainDoesNotVouchForAnotherKey() {
        assertThat(failures(SOUND)).isEmpty();

        GpuEvidence evidence = GpuLab.TWIN.withCertificates(GPU.certificates()).evidence(NONCE);

        assertThat(failures(new Shown(List.of(evidence), SOUND.rims(), SOUND.answers())))
                .containsExactly(GpuChecks.SIGNATURE);
    }

    @Test
    void validityIsJudgedAtEachInstant() {
        Instant until = NOW.plus(Duration.ofHours(1));
        SoftwareRimAuthority brief = RIMS.withSigner(GpuLab.FROM, until);
        Shown shown = SOUND.withRims(brief.driver(GPU).xml(), VBIOS)
                .withAnswers(
                        GpuLab.concat(SOUND.answers(), brief.ocspAnswers(NOW).subList(0, 1)));

        assertThat(failures(shown)).isEmpty();
        clock.now = until.plusSeconds(1);
        assertThat(failures(shown)).containsExactly(GpuChecks.RIM_DRIVER_VALIDITY);
        clock.now = NOW;
        assertThat(failures(shown)).isEmpty();
    }

    @Test
    void aDevicesValidityIsJudgedAtEachInstant() {
        assertThat(failures(SOUND)).isEmpty();
        clock.now = GpuLab.FROM.minusSeconds(1);

        assertThat(failures(SOUND)).contains(GpuChecks.VALIDITY, GpuChecks.RIM_DRIVER_VALIDITY);
    }

    @Test
    void answersAreJudgedAtEachInstant() {
        assertThat(failures(SOUND)).isEmpty();
        clock.now = NOW.plus(Duration.ofDays(9));

        assertThat(SOUND.result(verifier, policy -> policy).verdict().failures())
                .extracting(CheckResult::id)
                .containsExactly(GpuChecks.REVOCATION, GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION);
        assertThat(SOUND.result(verifier, policy -> policy).verdict().failures())
                .extracting(CheckResult::reason)
                .containsOnly("stale");
    }

    @Test
    void aKeptChainMayBeRevokedTheNextTime() {
        assertThat(failures(SOUND)).isEmpty();
        List<Bytes> answers = new ArrayList<>(SOUND.answers());
        answers.add(GPU.ocsp(1).revoking(LAST_YEAR).answer(GPU.certificates().get(1), NOW));

        assertThat(failures(SOUND.withAnswers(answers))).containsExactly(GpuChecks.REVOCATION);
        assertThat(failures(SOUND.withAnswers(List.of())))
                .containsExactly(GpuChecks.REVOCATION, GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION);
    }

    @Test
    void aKeptChainIsStillHeldToThePolicysLength() {
        assertThat(failures(SOUND)).isEmpty();

        assertThat(SOUND.result(verifier, policy -> policy.chainLength(4))
                        .verdict()
                        .failures())
                .extracting(CheckResult::id)
                .containsExactly(GpuChecks.CHAIN);
    }

    private List<CheckId> failures(Shown shown) {
        return shown.result(verifier, policy -> policy).verdict().failures().stream()
                .map(CheckResult::id)
                .toList();
    }

    /** Another last byte, which is one of a signature. */
    private static Bytes flipped(Bytes der) {
        byte[] bytes = der.toByteArray();
        bytes[bytes.length - 1] ^= 1;
        return Bytes.of(bytes);
    }

    private static String utf8(Bytes text) {
        return new String(text.toByteArray(), StandardCharsets.UTF_8);
    }

    private static final class MovingClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Counts signatures. */
    private static final class CountingEngine implements SignatureEngine {
        private int verified;

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
                    verified++;
                    return key.verify(message, signature);
                }
            };
        }
    }
}
