package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.GpuLab.NONCE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.OpaqueField;

/** A machine of eight GPUs and four switches, and each way in which their links can be wrong. */
class GpuTopologyTest {

    private static final SoftwareGpuSystem SYSTEM = GpuLab.NVIDIA.protectedPcie(8, 4);
    private static final GpuVerifier VERIFIER = GpuLab.verifierAt(GpuLab.NOW);

    private static final List<Bytes> SWITCHES = SYSTEM.switches().stream()
            .map(device -> opaque(device, OpaqueField.SWITCH_PDI))
            .toList();
    private static final List<Bytes> GPUS = gpusOf(SYSTEM.switches().get(0));
    private static final Bytes STRANGER = Bytes.fromHex("0102030405060708");

    @Test
    void devicesThatNameEachOtherPass() {
        Verdict<GpuSystem> verdict = verdict(SYSTEM);

        assertThat(verdict.accepted()).isTrue();
        assertThat(topology(verdict).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(topology(verdict).detail()).isEqualTo("8 GPUs and 4 switches name each other");
    }

    @Test
    void theOrderOfTheEvidenceDoesNotMatter() {
        List<GpuEvidence> evidence = new ArrayList<>(SYSTEM.evidence(NONCE));
        Collections.reverse(evidence);
        Collections.swap(evidence, 2, 9);

        assertThat(verdict(evidence, policy -> policy.requireTopology()).accepted())
                .isTrue();
    }

    @Test
    void aSwitchThatGaveNoEvidenceIsMissed() {
        assertFails(
                without(SYSTEM.evidence(NONCE), 11),
                "GPU-0, GPU-1, GPU-2, GPU-3, GPU-4, GPU-5, GPU-6, GPU-7 must be linked to the switches ",
                SWITCHES.get(3).hex());
    }

    @Test
    void aGpuThatGaveNoEvidenceIsMissed() {
        assertFails(
                without(SYSTEM.evidence(NONCE), 7),
                "SWITCH-0 must name 7 GPUs once each",
                "SWITCH-3 must name 7 GPUs once each");
    }

    @Test
    void twoSwitchesOfOneIdentifierFail() {
        assertFails(
                SYSTEM.withSwitch(1, device -> device.withPdi(SWITCHES.get(0))),
                "SWITCH-1 must have an identifier of its own, found that of SWITCH-0");
    }

    @Test
    void aDoubleDoesNotStandForASwitchThatNobodyNames() {
        SoftwareGpuSystem narrow = SYSTEM;
        for (int i = 0; i < 8; i++) {
            narrow = narrow.withGpu(i, device -> device.linkedTo(SWITCHES.subList(0, 3)));
        }

        assertFails(
                narrow.withSwitch(3, device -> device.withPdi(SWITCHES.get(0))),
                "SWITCH-3 must have an identifier of its own");
    }

    @Test
    void aGpuThatIsLinkedToAnotherSwitchFails() {
        List<Bytes> others = new ArrayList<>(SWITCHES);
        others.set(2, STRANGER);

        assertFailsForGpuAlone(3, device -> device.linkedTo(others));
    }

    @Test
    void aGpuThatIsLinkedToOneSwitchMoreFails() {
        List<Bytes> more = new ArrayList<>(SWITCHES);
        more.add(STRANGER);

        assertFailsForGpuAlone(5, device -> device.linkedTo(more));
    }

    @Test
    void aGpuThatIsLinkedToOneSwitchLessFails() {
        assertFailsForGpuAlone(7, device -> device.linkedTo(SWITCHES.subList(0, 3)));
    }

    @Test
    void aGpuWhoseLinksAreAllUnusedFails() {
        assertFailsForGpuAlone(1, device -> device.linkedTo(List.of()));
    }

    @Test
    void aGpuThatStatesNoLinksFailsAndDoesNotInheritThoseOfTheOneBefore() {
        assertFailsForGpuAlone(1, device -> device.withoutOpaque(OpaqueField.SWITCH_PDI));
    }

    @Test
    void aGpuThatWritesTheIdentifiersAsASwitchDoesFails() {
        assertFailsForGpuAlone(
                0,
                device -> device.linkedTo(SWITCHES.stream().map(Bytes::reversed).toList()));
    }

    @Test
    void unusedLinksBesideUsedOnesDoNotMatter() {
        List<Bytes> some = new ArrayList<>(SWITCHES);
        some.add(Bytes.zeros(8));

        assertThat(verdict(SYSTEM.withGpu(4, device -> device.linkedTo(some))).accepted())
                .isTrue();
    }

    @Test
    void aSwitchThatNamesAnotherGpuFails() {
        List<Bytes> others = new ArrayList<>(GPUS);
        others.set(6, STRANGER);

        assertFails(
                SYSTEM.withSwitch(2, device -> device.namingGpus(others)),
                "SWITCH-2 must name the GPUs that the other switches do");
    }

    @Test
    void aSwitchThatNamesOneGpuTwiceFails() {
        List<Bytes> twice = new ArrayList<>(GPUS);
        twice.set(7, GPUS.get(0));

        SoftwareGpuSystem all = SYSTEM;
        for (int i = 0; i < 4; i++) {
            all = all.withSwitch(i, device -> device.namingGpus(twice));
        }

        assertFails(all, "SWITCH-0 must name 8 GPUs once each");
        // Seven that are named eight times are not seven that are named once.
        assertFails(
                without(all.evidence(NONCE), 7),
                "SWITCH-0 must name 7 GPUs once each",
                "SWITCH-3 must name 7 GPUs once each");
    }

    @Test
    void aSwitchThatNamesFewerGpusFails() {
        assertFails(
                SYSTEM.withSwitch(3, device -> device.namingGpus(GPUS.subList(0, 7))),
                "SWITCH-3 must name 8 GPUs once each");
    }

    @Test
    void aSwitchThatNamesNoGpusFailsAndDoesNotInheritThoseOfTheOneBefore() {
        assertFails(
                SYSTEM.withSwitch(1, device -> device.namingGpus(List.of())),
                "SWITCH-1 must name 8 GPUs once each, found none");
        assertFails(
                SYSTEM.withSwitch(1, device -> device.withoutOpaque(OpaqueField.SWITCH_GPU_PDIS)),
                "SWITCH-1 must name 8 GPUs once each, found none");
    }

    @Test
    void aSwitchWithoutIdentifierOfItsOwnFails() {
        assertFails(
                SYSTEM.withSwitch(0, device -> device.withPdi(Bytes.zeros(8))),
                "SWITCH-0 must state its own identifier, found [0000000000000000]");
        assertFails(
                SYSTEM.withSwitch(1, device -> device.withoutOpaque(OpaqueField.SWITCH_PDI)),
                "SWITCH-1 must state its own identifier, found []");
    }

    @Test
    void zerosAreNoSwitchThatAGpuCouldBeLinkedTo() {
        SoftwareGpuSystem system = GpuLab.NVIDIA
                .protectedPcie(1, 1)
                .withGpu(0, device -> device.linkedTo(List.of()))
                .withSwitch(0, device -> device.withPdi(Bytes.zeros(8)));

        assertThat(failures(verdict(system.evidence(NONCE), policy -> policy.requireTopology())))
                .containsExactly(GpuChecks.TOPOLOGY.name());
    }

    @Test
    void everythingThatIsWrongIsNamed() {
        Verdict<GpuSystem> verdict = verdict(SYSTEM.withGpu(0, device -> device.linkedTo(List.of()))
                .withGpu(6, device -> device.linkedTo(List.of(STRANGER)))
                .withSwitch(2, device -> device.namingGpus(List.of())));

        assertThat(topology(verdict).detail())
                .contains("GPU-0 ", "GPU-6 ", "SWITCH-2 ")
                .doesNotContain("GPU-1 ");
    }

    @Test
    void linksAreLookedAtWhereverASwitchGivesEvidence() {
        List<GpuEvidence> evidence =
                SYSTEM.withGpu(0, device -> device.linkedTo(List.of())).evidence(NONCE);

        assertThat(failures(verdict(evidence, policy -> policy.switches(4))))
                .containsExactly(GpuChecks.TOPOLOGY.name());
    }

    @Test
    void nobodyVouchesForLinksWhereNoSwitchGivesEvidenceAndNoneIsWanted() {
        CheckResult topology = topology(verdict(SYSTEM.evidence(NONCE).subList(0, 8), policy -> policy));

        assertThat(topology.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(topology.reason()).isEqualTo(CheckResult.NOT_DEMANDED);
        assertThat(topology.detail()).contains("nobody vouches for the links");
    }

    @Test
    void requiredLinksNeedBothKindsOfDevices() {
        List<GpuEvidence> evidence = SYSTEM.evidence(NONCE);

        assertFails(evidence.subList(0, 8), "found 8 GPUs and 0 switches");
        assertFails(evidence.subList(8, 12), "found 0 GPUs and 4 switches");
    }

    @Test
    void linksOfADeviceThatCannotBeReadAreNotJudged() {
        List<GpuEvidence> evidence = new ArrayList<>(SYSTEM.evidence(NONCE));
        evidence.set(9, new GpuEvidence(Bytes.zeros(40), evidence.get(9).certificates()));

        Verdict<GpuSystem> verdict = verdict(evidence, policy -> policy.requireTopology());

        assertThat(failures(verdict)).containsExactly(GpuChecks.FORMAT.name());
        assertThat(topology(verdict).detail()).contains("gpu.format failed");
    }

    private static void assertFailsForGpuAlone(int index, UnaryOperator<SoftwareGpu> change) {
        Verdict<GpuSystem> verdict = verdict(SYSTEM.withGpu(index, change));

        assertThat(failures(verdict)).containsExactly(GpuChecks.TOPOLOGY.name());
        assertThat(topology(verdict).detail())
                .startsWith("GPU-" + index + " must be linked to the switches ")
                .doesNotContain(";");
    }

    private static void assertFails(SoftwareGpuSystem system, String... details) {
        assertFails(system.evidence(NONCE), details);
    }

    private static void assertFails(List<GpuEvidence> evidence, String... details) {
        Verdict<GpuSystem> verdict = verdict(evidence, policy -> policy.requireTopology());

        assertThat(failures(verdict)).contains(GpuChecks.TOPOLOGY.name());
        assertThat(failures(verdict)).hasSize(1);
        assertThat(topology(verdict).detail()).contains(details);
    }

    private static Verdict<GpuSystem> verdict(SoftwareGpuSystem system) {
        return verdict(system.evidence(NONCE), policy -> policy.requireTopology());
    }

    private static Verdict<GpuSystem> verdict(List<GpuEvidence> evidence, UnaryOperator<GpuPolicy.Builder> demands) {
        GpuPolicy.Builder policy = GpuPolicy.builder()
                .expectedNonce(NONCE)
                .withoutReferenceValues("not what is tested")
                .withoutRevocation("not what is tested");
        return VERIFIER.verify(
                        evidence, GpuCollateral.NONE, demands.apply(policy).build())
                .verdict();
    }

    private static CheckResult topology(Verdict<GpuSystem> verdict) {
        return GpuLab.check(verdict, GpuChecks.TOPOLOGY);
    }

    private static List<String> failures(Verdict<GpuSystem> verdict) {
        return verdict.failures().stream().map(failure -> failure.id().name()).toList();
    }

    private static List<GpuEvidence> without(List<GpuEvidence> evidence, int index) {
        List<GpuEvidence> rest = new ArrayList<>(evidence);
        rest.remove(index);
        return rest;
    }

    private static Bytes opaque(SoftwareGpu device, OpaqueField field) {
        return report(device).opaqueData().field(field).orElseThrow();
    }

    private static List<Bytes> gpusOf(SoftwareGpu device) {
        return report(device).opaqueData().gpuPdis();
    }

    private static GpuReport report(SoftwareGpu device) {
        try {
            return GpuReport.parse(device.report(NONCE));
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }
}
