package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.GpuLab.FROM;
import static org.verifiableai.attestation.testkit.GpuLab.GPU;
import static org.verifiableai.attestation.testkit.GpuLab.NONCE;
import static org.verifiableai.attestation.testkit.GpuLab.SWITCH;
import static org.verifiableai.attestation.testkit.GpuLab.TWIN;
import static org.verifiableai.attestation.testkit.GpuLab.UNTIL;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.OpaqueField;

/** What is asked of all devices together: that they are different, as many as they should be, and in one mode. */
class GpuSystemRulesTest {

    private static final GpuVerifier VERIFIER = GpuLab.verifierAt(GpuLab.NOW);
    private static final Bytes ON = Bytes.fromHex("aa");
    private static final Bytes OFF = Bytes.fromHex("55");

    /** One device, whose firmware was changed, and with it the key that signs its reports. */
    private static final class Updated {
        private final SoftwareKey identity = SoftwareKey.generate();
        private final SoftwareKey provisioner = SoftwareKey.generate();
        private final SoftwareKey brom = SoftwareKey.generate();
        private final DeviceProfile profile = DeviceProfile.of(GpuArchitecture.HOPPER);
        private final String name = profile.bromName("0102030405060708");

        SoftwareGpu device(String firmware) {
            SoftwareKey key = SoftwareKey.generate();
            DeviceCertificate leaf = DeviceCertificate.leaf(name, profile.leafName(firmware), key, FROM, UNTIL);
            profile.stateFwid(leaf, key);
            return new SoftwareGpu(
                    key,
                    List.of(
                            leaf.signedBy(brom),
                            DeviceCertificate.authority(profile.provisionerName(), name, brom, FROM, UNTIL)
                                    .signedBy(provisioner),
                            DeviceCertificate.authority(
                                            profile.identityName(), profile.provisionerName(), provisioner, FROM, UNTIL)
                                    .signedBy(identity),
                            DeviceCertificate.authority(
                                            SoftwareNvidia.ROOT, profile.identityName(), identity, FROM, UNTIL)
                                    .signedBy(GpuLab.NVIDIA.rootKey()),
                            GpuLab.NVIDIA.rootCertificate()),
                    List.of(),
                    profile.measurements(),
                    profile.opaqueFields(),
                    Bytes.EMPTY);
        }
    }

    @Test
    void oneDeviceDoesNotStandForTwo() {
        Verdict<GpuSystem> verdict = verdict(p -> p.gpus(2), GPU, GPU.withDriver("580.95.06"));

        assertFailsAlone(verdict, GpuChecks.DEVICES, "GPU-1 and GPU-0 are both ");
    }

    @Test
    void oneDeviceDoesNotStandForTwoUnderTheKeyOfAnotherFirmware() {
        Updated device = new Updated();
        SoftwareGpu before = device.device("01");
        SoftwareGpu after = device.device("02");

        assertThat(verdict(p -> p, before).accepted()).isTrue();
        assertThat(verdict(p -> p, after).accepted()).isTrue();
        assertFailsAlone(
                verdict(p -> p.gpus(3), before, TWIN, after),
                GpuChecks.DEVICES,
                "each device must give evidence once, found that GPU-2 and GPU-0 have the same identity key");
    }

    @Test
    void differentDevicesOfOneModelPass() {
        CheckResult devices = GpuLab.check(verdict(p -> p, GPU, TWIN), GpuChecks.DEVICES);

        assertThat(devices.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(devices.detail()).isEqualTo("2 different devices");
    }

    @Test
    void thereIsEvidence() {
        Verdict<GpuSystem> verdict = verdict(p -> p);

        assertFailsAlone(verdict, GpuChecks.DEVICES, "at least one device, found none");
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(GpuChecks.ALL);
    }

    @Test
    void devicesAreCountedByTheirKind() {
        assertThat(verdict(p -> p.gpus(2).switches(0), GPU, TWIN).accepted()).isTrue();
        assertFailsAlone(verdict(p -> p.gpus(1), GPU, TWIN), GpuChecks.COUNT, "there must be 1 GPUs, found 2");
        assertFailsAlone(verdict(p -> p.gpus(3), GPU, TWIN), GpuChecks.COUNT, "there must be 3 GPUs, found 2");
        assertFailsAlone(
                verdict(p -> p.gpus(2).switches(1), GPU),
                GpuChecks.COUNT,
                "there must be 2 GPUs, found 1; there must be 1 switches, found 0");
        assertFailsAlone(
                verdict(p -> p.switches(0).architectures(GpuArchitecture.LS10), SWITCH),
                GpuChecks.COUNT,
                "there must be 0 switches, found 1");
    }

    @Test
    void aCountThatNobodyDemandsIsTold() {
        CheckResult count = GpuLab.check(verdict(p -> p, GPU, TWIN), GpuChecks.COUNT);

        assertThat(count.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(count.reason()).isEqualTo(CheckResult.NOT_DEMANDED);
        assertThat(count.detail()).contains("there are 2 GPUs and 0 switches");
    }

    @Test
    void gpusInDifferentModesFail() {
        assertFailsAlone(
                verdict(p -> p, GPU.withMode(FeatureFlag.SPT), TWIN.withMode(FeatureFlag.MPT)),
                GpuChecks.MODE,
                "gpus must state one mode, found GPU-0 [SPT], GPU-1 [MPT]");
        assertFailsAlone(
                verdict(
                        p -> p.modes(FeatureFlag.SPT, FeatureFlag.MPT),
                        GPU.withMode(FeatureFlag.SPT),
                        TWIN.withMode(FeatureFlag.MPT)),
                GpuChecks.MODE,
                "gpus must state one mode");
    }

    @Test
    void aGpuThatContradictsItselfFails() {
        assertFailsAlone(
                verdict(p -> p, GPU.withMode(FeatureFlag.PPCIE).withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, OFF)),
                GpuChecks.MODE,
                "GPU-0 []");
        assertFailsAlone(
                verdict(p -> p, GPU.withMode(FeatureFlag.SPT).withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, ON)),
                GpuChecks.MODE,
                "GPU-0 []");
        assertFailsAlone(
                verdict(p -> p, TWIN, GPU.withMode(FeatureFlag.MPT).withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, ON)),
                GpuChecks.MODE,
                "GPU-1 []");
    }

    @Test
    void aModeIsOneThatThePolicyWants() {
        SoftwareGpu protectedPcie = GPU.withMode(FeatureFlag.PPCIE);

        assertThat(verdict(p -> p.modes(FeatureFlag.PPCIE), protectedPcie).accepted())
                .isTrue();
        assertFailsAlone(
                verdict(p -> p.modes(FeatureFlag.SPT, FeatureFlag.MPT), protectedPcie),
                GpuChecks.MODE,
                "every gpu must state a mode of [SPT, MPT], found GPU-0 [PPCIE]");
    }

    @Test
    void oldFirmwareTellsProtectedPcieAndNothingElse() {
        SoftwareGpu on = old(GPU).withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, ON);
        SoftwareGpu off = old(GPU).withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, OFF);
        SoftwareGpu silent = old(GPU).withoutOpaque(OpaqueField.PROTECTED_PCIE_STATUS);

        assertThat(verdict(p -> p.modes(FeatureFlag.PPCIE), on).accepted()).isTrue();
        assertFailsAlone(verdict(p -> p.modes(FeatureFlag.SPT), on), GpuChecks.MODE, "[PPCIE]");
        assertThat(verdict(p -> p, off).accepted()).isTrue();
        assertFailsAlone(verdict(p -> p.modes(FeatureFlag.SPT), off), GpuChecks.MODE, "[SPT, MPT]");
        assertThat(verdict(p -> p, silent).accepted()).isTrue();
        assertFailsAlone(verdict(p -> p.modes(FeatureFlag.PPCIE), silent), GpuChecks.MODE, "[SPT, MPT, PPCIE]");
    }

    @Test
    void oldFirmwareIsInKeepingWithWhatItDoesNotContradict() {
        SoftwareGpu off = old(TWIN).withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, OFF);

        assertThat(verdict(p -> p, GPU.withMode(FeatureFlag.MPT), off).accepted())
                .isTrue();
        assertFailsAlone(
                verdict(p -> p, GPU.withMode(FeatureFlag.PPCIE), off),
                GpuChecks.MODE,
                "GPU-0 [PPCIE], GPU-1 [SPT, MPT]");
        assertFailsAlone(
                verdict(p -> p.modes(FeatureFlag.MPT), GPU.withMode(FeatureFlag.MPT), off),
                GpuChecks.MODE,
                "every gpu must state a mode of [MPT]");
    }

    @Test
    void theFlagOfADataVersionThatHasNoneIsNotRead() {
        SoftwareGpu early = GPU.withMode(FeatureFlag.MPT).withOpaque(OpaqueField.OPAQUE_DATA_VERSION, Bytes.zeros(2));

        assertFailsAlone(verdict(p -> p.modes(FeatureFlag.MPT), early), GpuChecks.MODE, "[SPT, MPT]");
    }

    @Test
    void switchesHaveNoMode() {
        CheckResult mode = GpuLab.check(
                verdict(p -> p.architectures(GpuArchitecture.LS10).modes(FeatureFlag.SPT), SWITCH), GpuChecks.MODE);

        assertThat(mode.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(mode.reason()).isEqualTo(CheckResult.NOT_APPLICABLE);
    }

    /** Firmware before opaque data version 1. */
    private static SoftwareGpu old(SoftwareGpu gpu) {
        return gpu.withoutOpaque(OpaqueField.OPAQUE_DATA_VERSION).withoutOpaque(OpaqueField.FEATURE_FLAG);
    }

    private static Verdict<GpuSystem> verdict(UnaryOperator<GpuPolicy.Builder> demands, SoftwareGpu... devices) {
        GpuPolicy.Builder policy = GpuPolicy.builder()
                .expectedNonce(NONCE)
                .withoutReferenceValues("not what is tested")
                .withoutRevocation("not what is tested");
        return VERIFIER.verify(
                        Arrays.stream(devices)
                                .map(device -> device.evidence(NONCE))
                                .toList(),
                        GpuCollateral.NONE,
                        demands.apply(policy).build())
                .verdict();
    }

    private static void assertFailsAlone(Verdict<GpuSystem> verdict, CheckId id, String detail) {
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(id);
        assertThat(GpuLab.check(verdict, id).detail()).contains(detail);
    }
}
