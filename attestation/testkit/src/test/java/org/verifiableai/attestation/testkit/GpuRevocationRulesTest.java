package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.GpuLab.GPU;
import static org.verifiableai.attestation.testkit.GpuLab.LAST_YEAR;
import static org.verifiableai.attestation.testkit.GpuLab.NOW;
import static org.verifiableai.attestation.testkit.GpuLab.RIMS;
import static org.verifiableai.attestation.testkit.GpuLab.TWIN;
import static org.verifiableai.attestation.testkit.GpuLab.shown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;

/** What is made of NVIDIA's answers about the certificates of devices and of manifests. */
class GpuRevocationRulesTest {

    /** The answers about one chain, one of which is not as it should be. */
    private static List<Bytes> answers(RevocationStatus status, int index, boolean device) {
        List<Bytes> certificates =
                device ? GPU.certificates().subList(1, 4) : RIMS.certificates().subList(0, 3);
        List<Bytes> answers = new ArrayList<>(device ? GPU.ocspAnswers(NOW) : RIMS.ocspAnswers(NOW));
        SoftwareOcsp responder = device ? GPU.ocsp(index + 1) : RIMS.ocsp(index);
        Bytes certificate = certificates.get(index);
        Optional<Bytes> answer = switch (status) {
            case GOOD -> Optional.of(responder.answer(certificate, NOW));
            case HELD -> Optional.of(responder.holding(LAST_YEAR).answer(certificate, NOW));
            case REVOKED -> Optional.of(responder.revoking(LAST_YEAR).answer(certificate, NOW));
            case UNKNOWN -> Optional.of(responder.knowingNone().answer(certificate, NOW));
            case STALE -> Optional.of(responder.answer(certificate, NOW.minus(Duration.ofDays(9))));
            case BAD_SIGNATURE ->
                Optional.of(responder.with(OcspDefect.OTHER_SIGNER).answer(certificate, NOW));
            case UNAVAILABLE -> Optional.empty();
        };
        answers.remove(index);
        answer.ifPresent(answers::add);
        return answers;
    }

    private static GpuResult ofDevice(RevocationStatus status, int index, UnaryOperator<GpuPolicy.Builder> demands) {
        return shown(GPU)
                .withAnswers(GpuLab.concat(GpuLab.RIM_ANSWERS, answers(status, index, true)))
                .result(demands);
    }

    private static GpuResult ofManifests(RevocationStatus status, int index, UnaryOperator<GpuPolicy.Builder> demands) {
        return shown(GPU)
                .withAnswers(GpuLab.concat(GPU.ocspAnswers(NOW), answers(status, index, false)))
                .result(demands);
    }

    @ParameterizedTest
    @EnumSource(value = RevocationStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "GOOD")
    void onlyGoodAnswersAboutADeviceWillDo(RevocationStatus status) {
        for (int index = 0; index < 3; index++) {
            GpuResult result = ofDevice(status, index, policy -> policy);

            assertFails(result, status, GpuChecks.REVOCATION);
        }
    }

    @ParameterizedTest
    @EnumSource(value = RevocationStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "GOOD")
    void onlyGoodAnswersAboutManifestsWillDo(RevocationStatus status) {
        for (int index = 0; index < 3; index++) {
            GpuResult result = ofManifests(status, index, policy -> policy);

            assertFails(result, status, GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION);
        }
    }

    @Test
    void goodAnswersSayThatTheyAre() {
        GpuResult result = shown(GPU).result();

        for (CheckId id :
                List.of(GpuChecks.REVOCATION, GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION)) {
            assertThat(check(result, id).outcome()).isEqualTo(Outcome.PASSED);
            assertThat(check(result, id).reason()).isEqualTo("good");
        }
    }

    @Test
    void aHoldWillDoWhereThePolicySaysSoAndTheVerdictTellsIt() {
        UnaryOperator<GpuPolicy.Builder> allowed = policy -> policy.allowHold("known since May");

        for (GpuResult result :
                List.of(ofDevice(RevocationStatus.HELD, 0, allowed), ofManifests(RevocationStatus.HELD, 0, allowed))) {
            assertThat(result.verdict().accepted()).isTrue();
            assertThat(result.verdict().checks())
                    .filteredOn(check -> check.reason().equals("held"))
                    .isNotEmpty()
                    .allSatisfy(check -> {
                        assertThat(check.outcome()).isEqualTo(Outcome.PASSED);
                        assertThat(check.detail()).contains("allowed by policy: known since May");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RevocationStatus.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GOOD", "HELD"})
    void whereAHoldWillDoNothingElseDoes(RevocationStatus status) {
        assertFails(ofDevice(status, 1, policy -> policy.allowHold("known")), status, GpuChecks.REVOCATION);
    }

    @Test
    void aHoldDoesNotHideWhatIsGraver() {
        List<Bytes> answers = new ArrayList<>(answers(RevocationStatus.HELD, 0, true));
        answers.add(GPU.ocsp(2).revoking(LAST_YEAR).answer(GPU.certificates().get(2), NOW));

        GpuResult result = shown(GPU)
                .withAnswers(GpuLab.concat(GpuLab.RIM_ANSWERS, answers))
                .result(policy -> policy.allowHold("known"));

        assertFails(result, RevocationStatus.REVOKED, GpuChecks.REVOCATION);
    }

    @Test
    void whatCannotBeHadIsWaivedWhereItIsUsedIfAvailable() {
        GpuResult result = ofDevice(RevocationStatus.UNAVAILABLE, 1, GpuRevocationRulesTest::ifAvailable);
        CheckResult revocation = check(result, GpuChecks.REVOCATION);

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(revocation.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(revocation.reason()).isEqualTo("unavailable");
        assertThat(revocation.detail()).startsWith("waived by policy: the responder is often down; ");
        assertThat(check(result, GpuChecks.RIM_DRIVER_REVOCATION).reason()).isEqualTo("good");
    }

    @ParameterizedTest
    @EnumSource(
            value = RevocationStatus.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GOOD", "UNAVAILABLE"})
    void whatIsAtHandCountsWhereItIsUsedIfAvailable(RevocationStatus status) {
        assertFails(ofDevice(status, 2, GpuRevocationRulesTest::ifAvailable), status, GpuChecks.REVOCATION);
        assertFails(
                ofManifests(status, 0, GpuRevocationRulesTest::ifAvailable),
                status,
                GpuChecks.RIM_DRIVER_REVOCATION,
                GpuChecks.RIM_VBIOS_REVOCATION);
    }

    @Test
    void aHoldThatWillDoIsToldBesideAnAnswerThatCannotBeHad() {
        List<Bytes> answers = new ArrayList<>(answers(RevocationStatus.HELD, 0, true));
        answers.remove(0); // that about the certificate after it

        GpuResult result = shown(GPU)
                .withAnswers(GpuLab.concat(GpuLab.RIM_ANSWERS, answers))
                .result(policy -> ifAvailable(policy).allowHold("known"));

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(check(result, GpuChecks.REVOCATION).reason()).isEqualTo("unavailable");
        assertThat(check(result, GpuChecks.REVOCATION).detail()).containsIgnoringCase("hold");
    }

    @Test
    void whereNothingIsWantedNothingIsLookedAt() {
        List<Bytes> answers = GpuLab.concat(
                answers(RevocationStatus.REVOKED, 0, true),
                answers(RevocationStatus.REVOKED, 0, false),
                List.of(Bytes.utf8("garbage")));

        GpuResult result =
                shown(GPU).withAnswers(answers).result(policy -> policy.withoutRevocation("an archive of last year"));

        assertThat(result.verdict().accepted()).isTrue();
        for (CheckId id :
                List.of(GpuChecks.REVOCATION, GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION)) {
            assertThat(check(result, id).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
            assertThat(check(result, id).reason()).isEmpty();
            assertThat(check(result, id).detail()).isEqualTo("waived by policy: an archive of last year");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofSeveralDevicesTheGravestWordIsTheVerdicts(boolean turned) {
        List<Bytes> answers = GpuLab.concat(
                GpuLab.RIM_ANSWERS,
                answers(RevocationStatus.REVOKED, 0, true),
                TWIN.ocspAnswers(NOW).subList(1, 3));

        GpuResult result = (turned ? shown(TWIN, GPU) : shown(GPU, TWIN))
                .withAnswers(answers)
                .result();

        assertFails(result, RevocationStatus.REVOKED, GpuChecks.REVOCATION);
        assertThat(check(result, GpuChecks.REVOCATION).detail()).contains("GPU-0: ", "GPU-1: ");
        assertThat(result.devices()
                        .get(turned ? 0 : 1)
                        .check(GpuChecks.REVOCATION)
                        .reason())
                .isEqualTo("unavailable");
    }

    @Test
    void whatIsWaivedForOneDeviceIsNotToldAsPassedForAll() {
        GpuResult result =
                shown(GPU, TWIN).withAnswers(shown(GPU).answers()).result(GpuRevocationRulesTest::ifAvailable);

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(check(result, GpuChecks.REVOCATION).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(check(result, GpuChecks.REVOCATION).detail())
                .contains("GPU-1: ")
                .doesNotContain("GPU-0");
        assertThat(result.devices().get(0).check(GpuChecks.REVOCATION).outcome())
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void answersDoNotCountForACertificateThatNobodyVouchesFor() {
        SoftwareGpu stranger = SoftwareNvidia.create(GpuLab.FROM, GpuLab.UNTIL).device(GpuArchitecture.HOPPER);

        GpuResult result = shown(stranger).result();

        assertThat(check(result, GpuChecks.CHAIN).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(check(result, GpuChecks.REVOCATION).detail()).contains("gpu.chain failed");
    }

    private static CheckResult check(GpuResult result, CheckId id) {
        return GpuLab.check(result.verdict(), id);
    }

    private static void assertFails(GpuResult result, RevocationStatus status, CheckId... ids) {
        assertThat(result.verdict().failures()).extracting(CheckResult::id).containsExactly(ids);
        for (CheckId id : ids) {
            assertThat(check(result, id).reason()).isEqualTo(status.reason());
            assertThat(RevocationStatus.of(check(result, id))).contains(status);
        }
    }

    private static GpuPolicy.Builder ifAvailable(GpuPolicy.Builder policy) {
        return policy.useRevocationIfAvailable("the responder is often down");
    }
}
