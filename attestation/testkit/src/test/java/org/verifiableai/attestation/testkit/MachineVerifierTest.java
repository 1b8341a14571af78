package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.CcMode;
import org.verifiableai.attestation.machine.CcStatement;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.machine.Machine;
import org.verifiableai.attestation.machine.MachineChecks;
import org.verifiableai.attestation.machine.MachineEvidence;
import org.verifiableai.attestation.machine.MachinePolicy;
import org.verifiableai.attestation.machine.MachineVerifier;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;

class MachineVerifierTest {

    private static final Clock CLOCK = Clock.fixed(SnpLab.NOW, ZoneOffset.UTC);
    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    private static final SoftwareGpu GPU = NVIDIA.device(GpuArchitecture.HOPPER);
    private static final SoftwareGpu OTHER_GPU = NVIDIA.device(GpuArchitecture.HOPPER);
    private static final Bytes KEY = SoftwareKey.generate().spkiDer();
    private static final Bytes OTHER_KEY = SoftwareKey.generate().spkiDer();
    private static final Bytes CHALLENGE = Bytes.utf8("a challenge that nobody foresaw");
    private static final Bytes OTHER_CHALLENGE = Bytes.utf8("another one");
    private static final Bytes JOB = Bytes.utf8("{\"job\":1}");

    private static final MachineVerifier VERIFIER = MachineVerifier.builder()
            .snp(SnpVerifier.builder()
                    .trustAnchors(SnpLab.GENOA.trustAnchors())
                    .clock(CLOCK)
                    .build())
            .gpu(GpuVerifier.builder()
                    .trustAnchors(NVIDIA.trustAnchors())
                    .clock(CLOCK)
                    .build())
            .build();

    @Test
    void aWholeMachineIsAccepted() throws Exception {
        Verdict<Machine> verdict = verify(machine(), policy());

        assertThat(failed(verdict)).isEmpty();
        Machine machine = verdict.orElseThrow().value();
        assertThat(machine.spki()).isEqualTo(KEY);
        assertThat(machine.report().measurement()).isEqualTo(SnpLab.PLATFORM.measurement());
        assertThat(machine.gpus()).isPresent();
        assertThat(verdict.checks())
                .extracting(CheckResult::id)
                .containsAll(SnpChecks.ALL)
                .containsAll(MachineChecks.ALL)
                .containsAll(GpuChecks.ALL)
                .doesNotHaveDuplicates();
    }

    @Test
    void evidenceOfAnotherMachinesGpuIsRefused() {
        // The thief has a genuine machine and shows the GPU evidence that another machine's guest asked for.
        Bytes theirs = gpuJson(OTHER_GPU, KeyBinding.gpuNonce(OTHER_KEY, CHALLENGE));
        SnpEvidence report = report(KEY, CHALLENGE, JOB, theirs);

        assertThat(failed(verify(evidence(KEY, CHALLENGE, JOB, report, theirs), policy())))
                .containsExactly(GpuChecks.NONCE);
    }

    @Test
    void gpuEvidenceThatTheReportDoesNotCoverIsRefused() {
        // It even answers the right nonce: the guest's own GPU was asked twice, or a relay was.
        Bytes mine = gpuJson(GPU, KeyBinding.gpuNonce(KEY, CHALLENGE));
        Bytes theirs = gpuJson(OTHER_GPU, KeyBinding.gpuNonce(KEY, CHALLENGE));
        SnpEvidence report = report(KEY, CHALLENGE, JOB, mine);

        assertThat(failed(verify(evidence(KEY, CHALLENGE, JOB, report, theirs), policy())))
                .containsExactly(SnpChecks.REPORT_DATA);
    }

    @Test
    void anotherKeyIsRefused() {
        MachineEvidence genuine = machine();
        MachineEvidence thief = evidence(OTHER_KEY, CHALLENGE, JOB, genuine.snp(), genuine.gpuEvidence());

        Verdict<Machine> verdict = verify(thief, policy());

        assertThat(failed(verdict)).containsExactly(SnpChecks.REPORT_DATA, MachineChecks.KEY, GpuChecks.NONCE);
        assertThat(check(verdict, MachineChecks.KEY).detail())
                .contains(KeyBinding.fingerprint(KEY).hex())
                .contains("found " + KeyBinding.fingerprint(OTHER_KEY).hex());
    }

    @Test
    void aKeyWhoseFingerprintAloneTheReportHoldsIsRefused() {
        // Bytes 0 to 31 as in older tools, and nothing behind them: neither challenge nor job nor GPU is bound.
        Bytes gpu = gpuJson(GPU, KeyBinding.gpuNonce(KEY, CHALLENGE));
        SnpEvidence report = SnpLab.PLATFORM.report(KeyBinding.fingerprint(KEY).concat(Bytes.zeros(32)));

        Verdict<Machine> verdict = verify(evidence(KEY, CHALLENGE, JOB, report, gpu), policy());

        assertThat(failed(verdict)).containsExactly(SnpChecks.REPORT_DATA, MachineChecks.KEY);
        assertThat(check(verdict, MachineChecks.KEY).detail())
                .isEqualTo(
                        "report must bind challenge, job and gpu evidence, found the binding vai-kb/legacy: the second"
                                + " half of its report data is zero, and the policy does not accept that");
    }

    @Test
    void aPolicyThatNamesTheLegacyFormAcceptsItAndSaysWhatIsNotBound() {
        Bytes gpu = gpuJson(GPU, KeyBinding.gpuNonce(KEY, CHALLENGE));
        SnpEvidence report = SnpLab.PLATFORM.report(KeyBinding.legacyReportData(KEY));
        MachinePolicy legacy = base().withoutFreshness("an old machine")
                .legacyKeyBinding("its tools know no other")
                .build();

        Verdict<Machine> verdict = verify(evidence(KEY, CHALLENGE, JOB, report, gpu), legacy);

        assertThat(failed(verdict)).isEmpty();
        assertThat(check(verdict, MachineChecks.KEY).detail())
                .isEqualTo("the report vouches for the key " + KeyBinding.fingerprint(KEY)
                        + " alone, and for neither challenge nor job nor gpu evidence; accepted by policy: its tools know"
                        + " no other");
        assertThat(failed(verify(machine(), legacy))).isEmpty();
    }

    @Test
    void theLegacyFormOfAnotherKeyIsRefusedWhateverThePolicy() {
        Bytes gpu = gpuJson(GPU, KeyBinding.gpuNonce(KEY, CHALLENGE));
        SnpEvidence report = SnpLab.PLATFORM.report(KeyBinding.legacyReportData(OTHER_KEY));
        MachinePolicy legacy = base().withoutFreshness("an old machine")
                .legacyKeyBinding("its tools know no other")
                .build();

        assertThat(failed(verify(evidence(KEY, CHALLENGE, JOB, report, gpu), legacy)))
                .containsExactly(SnpChecks.REPORT_DATA, MachineChecks.KEY);
    }

    @Test
    void aChallengeIsCalledByItsName() {
        Verdict<Machine> verdict = verify(
                machine(), base().challenge(CHALLENGE, "block 7 of eip155:1").build());

        assertThat(failed(verdict)).isEmpty();
        assertThat(check(verdict, MachineChecks.CHALLENGE).detail())
                .isEqualTo("the guest was given the challenge " + CHALLENGE + ", block 7 of eip155:1");
    }

    @Test
    void anotherJobIsRefused() {
        MachineEvidence genuine = machine();

        assertThat(failed(verify(
                        evidence(KEY, CHALLENGE, Bytes.utf8("{\"job\":2}"), genuine.snp(), genuine.gpuEvidence()),
                        policy())))
                .containsExactly(SnpChecks.REPORT_DATA);
    }

    @Test
    void aChallengeThatTheRelyingPartyDidNotMakeIsRefused() {
        Verdict<Machine> verdict =
                verify(machine(), base().challenge(OTHER_CHALLENGE).build());

        assertThat(failed(verdict)).containsExactly(MachineChecks.CHALLENGE);
        assertThat(check(verdict, MachineChecks.CHALLENGE).detail())
                .isEqualTo("challenge must be " + OTHER_CHALLENGE + ", found " + CHALLENGE);
    }

    @Test
    void aGuestWithoutChallengeIsRefusedWhereOneIsExpected() {
        Verdict<Machine> verdict = verify(machine(KEY, Bytes.EMPTY), policy());

        assertThat(failed(verdict)).containsExactly(MachineChecks.CHALLENGE);
        assertThat(check(verdict, MachineChecks.CHALLENGE).detail()).endsWith("found none");
    }

    @Test
    void anyChallengeWillDoWhereThePolicySaysWhy() {
        Verdict<Machine> verdict =
                verify(machine(), base().withoutFreshness("an old machine").build());

        SnpLab.waived(verdict, MachineChecks.CHALLENGE, "an old machine");
    }

    @Test
    void aMachineWithoutGpuIsRefusedWhereOneIsDemanded() {
        SnpEvidence report = report(KEY, CHALLENGE, JOB, Bytes.EMPTY);
        Verdict<Machine> verdict = verify(evidence(KEY, CHALLENGE, JOB, report, Bytes.EMPTY), policy());

        assertThat(failed(verdict)).containsExactly(MachineChecks.GPU);
        assertThat(check(verdict, MachineChecks.GPU).detail())
                .contains("at least one GPU")
                .contains("found none");
        assertThat(GpuChecks.ALL)
                .allSatisfy(id -> assertThat(check(verdict, id).outcome()).isEqualTo(Outcome.NOT_EVALUATED));
    }

    @Test
    void aMachineWithoutGpuIsAcceptedWhereNoneIsDemanded() throws Exception {
        SnpEvidence report = report(KEY, CHALLENGE, JOB, Bytes.EMPTY);
        Verdict<Machine> verdict = verify(
                evidence(KEY, CHALLENGE, JOB, report, Bytes.EMPTY),
                MachinePolicy.builder()
                        .snp(snpDemands())
                        .withoutGpu("a job for the processor")
                        .challenge(CHALLENGE)
                        .build());

        SnpLab.waived(verdict, MachineChecks.GPU, "a job for the processor");
        SnpLab.waived(verdict, MachineChecks.CC_MODE, "a job for the processor");
        assertThat(verdict.orElseThrow().value().gpus()).isEmpty();
    }

    @Test
    void gpuEvidenceThatIsNoneIsRefused() {
        Bytes garbage = Bytes.utf8("[{\"arch\":\"HOPPER\"}]");
        SnpEvidence report = report(KEY, CHALLENGE, JOB, garbage);

        assertThat(failed(verify(evidence(KEY, CHALLENGE, JOB, report, garbage), policy())))
                .containsExactly(MachineChecks.GPU);
    }

    @Test
    void aReportThatIsNoneIsRefused() {
        MachineEvidence genuine = machine();
        SnpEvidence broken = new SnpEvidence(
                Bytes.utf8("short"),
                genuine.snp().vek(),
                genuine.snp().authorities(),
                genuine.snp().revocationLists());
        Verdict<Machine> verdict = verify(evidence(KEY, CHALLENGE, JOB, broken, genuine.gpuEvidence()), policy());

        assertThat(failed(verdict)).containsExactly(SnpChecks.FORMAT);
        assertThat(check(verdict, MachineChecks.KEY).detail()).contains("snp.format failed");
    }

    @ParameterizedTest
    @EnumSource(
            value = CcMode.class,
            names = {"OFF", "DEVTOOLS"})
    void aGpuThatIsNotConfidentialIsRefused(CcMode mode) {
        for (UnaryOperator<MachinePolicy.Builder> demands :
                List.<UnaryOperator<MachinePolicy.Builder>>of(p -> p, p -> p.withoutCcStatement("it may be silent"))) {
            Verdict<Machine> verdict = verify(
                    machine(mode), demands.apply(base()).challenge(CHALLENGE).build());

            assertThat(failed(verdict)).containsExactly(MachineChecks.CC_MODE);
            assertThat(check(verdict, MachineChecks.CC_MODE).detail())
                    .contains("device 0")
                    .contains(mode.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void aGuestThatIsSilentOnTheModeIsRefusedUnlessAllowed() {
        Bytes silent =
                Bytes.utf8(GPU.evidence(KeyBinding.gpuNonce(KEY, CHALLENGE)).toJson());
        MachineEvidence machine = evidence(KEY, CHALLENGE, JOB, report(KEY, CHALLENGE, JOB, silent), silent);

        assertThat(failed(verify(machine, policy()))).containsExactly(MachineChecks.CC_MODE);
        Verdict<Machine> waived = verify(
                machine,
                base().challenge(CHALLENGE).withoutCcStatement("old software").build());
        SnpLab.waived(waived, MachineChecks.CC_MODE, "old software");
    }

    @Test
    void oneDeviceOutOfSeveralThatIsNotConfidentialIsRefused() {
        Bytes nonce = KeyBinding.gpuNonce(KEY, CHALLENGE);
        Bytes on = CcStatement.write(List.of(GPU.evidence(nonce), OTHER_GPU.evidence(nonce)), CcMode.ON);
        String text = new String(on.toByteArray(), java.nio.charset.StandardCharsets.UTF_8);
        int last = text.lastIndexOf("\"on\"");
        Bytes mixed = Bytes.utf8(text.substring(0, last) + "\"off\"" + text.substring(last + "\"on\"".length()));
        Verdict<Machine> verdict =
                verify(evidence(KEY, CHALLENGE, JOB, report(KEY, CHALLENGE, JOB, mixed), mixed), policy());

        assertThat(failed(verdict)).containsExactly(MachineChecks.CC_MODE);
        assertThat(check(verdict, MachineChecks.CC_MODE).detail())
                .contains("device 1")
                .doesNotContain("device 0");
    }

    @Test
    void aGuestThatSaysAnotherModeThanTheReportIsRefused() {
        Bytes nonce = KeyBinding.gpuNonce(KEY, CHALLENGE);
        GpuEvidence protectedPcie = GPU.withMode(FeatureFlag.PPCIE).evidence(nonce);
        GpuEvidence single = GPU.withMode(FeatureFlag.SPT).evidence(nonce);

        assertThat(failed(saying(protectedPcie, CcMode.PPCIE))).isEmpty();
        assertThat(failed(saying(single, CcMode.ON))).isEmpty();
        assertThat(failed(saying(protectedPcie, CcMode.ON))).containsExactly(MachineChecks.CC_MODE);
        assertThat(failed(saying(single, CcMode.PPCIE))).containsExactly(MachineChecks.CC_MODE);
        assertThat(check(saying(single, CcMode.PPCIE), MachineChecks.CC_MODE).detail())
                .isEqualTo("device 0 must be in the mode that its report states, SPT, found that the guest says ppcie");
    }

    private static Verdict<Machine> saying(GpuEvidence device, CcMode mode) {
        Bytes json = CcStatement.write(List.of(device), mode);
        return verify(evidence(KEY, CHALLENGE, JOB, report(KEY, CHALLENGE, JOB, json), json), policy());
    }

    @Test
    void aModeThatIsNotKnownIsRefused() {
        String text = new String(
                gpuJson(GPU, KeyBinding.gpuNonce(KEY, CHALLENGE)).toByteArray(),
                java.nio.charset.StandardCharsets.UTF_8);
        Bytes odd = Bytes.utf8(text.replace("\"on\"", "\"perhaps\""));

        assertThat(failed(verify(evidence(KEY, CHALLENGE, JOB, report(KEY, CHALLENGE, JOB, odd), odd), policy())))
                .containsExactly(MachineChecks.GPU);
    }

    @Test
    void theChecksStandInOneList() {
        List<CheckId> ids = new ArrayList<>(MachineChecks.ALL);
        assertThat(ids)
                .extracting(CheckId::name)
                .containsExactly("machine.key", "machine.challenge", "machine.gpu", "machine.cc-mode");
    }

    private static MachineEvidence machine() {
        return machine(KEY, CHALLENGE);
    }

    private static MachineEvidence machine(Bytes key, Bytes challenge) {
        Bytes gpu = gpuJson(GPU, KeyBinding.gpuNonce(key, challenge));
        return evidence(key, challenge, JOB, report(key, challenge, JOB, gpu), gpu);
    }

    private static MachineEvidence machine(CcMode mode) {
        Bytes gpu = CcStatement.write(List.of(GPU.evidence(KeyBinding.gpuNonce(KEY, CHALLENGE))), mode);
        return evidence(KEY, CHALLENGE, JOB, report(KEY, CHALLENGE, JOB, gpu), gpu);
    }

    private static Bytes gpuJson(SoftwareGpu gpu, Bytes nonce) {
        List<GpuEvidence> devices = List.of(gpu.evidence(nonce));
        return CcStatement.write(devices, CcMode.ON);
    }

    private static SnpEvidence report(Bytes key, Bytes challenge, Bytes job, Bytes gpu) {
        return SnpLab.PLATFORM.report(KeyBinding.reportData(key, challenge, job, gpu));
    }

    private static MachineEvidence evidence(Bytes key, Bytes challenge, Bytes job, SnpEvidence snp, Bytes gpu) {
        return new MachineEvidence(key, challenge, job, snp, gpu, GpuCollateral.NONE);
    }

    private static Verdict<Machine> verify(MachineEvidence evidence, MachinePolicy policy) {
        return VERIFIER.verify(evidence, policy);
    }

    private static MachinePolicy policy() {
        return base().challenge(CHALLENGE).build();
    }

    private static MachinePolicy.Builder base() {
        return MachinePolicy.builder()
                .snp(snpDemands())
                .gpu(GpuPolicy.builder()
                        .withoutReferenceValues("this test is not on firmware")
                        .withoutRevocation("this test is not on revocation"));
    }

    private static SnpPolicy.Builder snpDemands() {
        return SnpPolicy.builder().measurement(SnpLab.PLATFORM.measurement());
    }
}
