package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.TCB;
import static org.verifiableai.attestation.testkit.SnpLab.TURIN;
import static org.verifiableai.attestation.testkit.SnpLab.TURIN_PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.TURIN_TCB;
import static org.verifiableai.attestation.testkit.SnpLab.accepted;
import static org.verifiableai.attestation.testkit.SnpLab.alone;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;
import static org.verifiableai.attestation.testkit.SnpLab.verify;
import static org.verifiableai.attestation.testkit.SnpLab.waived;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.FirmwareVersion;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.TcbVersion;

/** TCB versions, firmware versions, what is committed, and mitigations. */
class SnpFirmwareTest {

    @ParameterizedTest
    @ValueSource(strings = {"bl=11", "tee=1", "snp=24", "ucode=220", "fmc=1"})
    void aMinimumIsReachedInEveryComponentOrNotAtAll(String higher) {
        TcbVersion minimum = TcbVersion.parse(higher);

        alone(SnpChecks.TCB_MINIMUM, PLATFORM, p -> p.minimumTcb(minimum));
        alone(SnpChecks.TCB_COMMITTED, PLATFORM, p -> p.minimumCommittedTcb(minimum));
        alone(SnpChecks.TCB_LAUNCH, PLATFORM, p -> p.minimumLaunchTcb(minimum));
        accepted(PLATFORM, p -> p.minimumTcb(TCB).minimumCommittedTcb(TCB).minimumLaunchTcb(TCB));
    }

    @Test
    void eachLineHasAMinimumOfItsOwn() {
        TcbVersion tooHigh = TcbVersion.of(255, 255, 255, 255);

        accepted(PLATFORM, p -> p.minimumTcb(ProductLine.GENOA, TCB).minimumTcb(ProductLine.MILAN, tooHigh));
        assertThat(failed(verify(
                        TURIN,
                        TURIN_PLATFORM,
                        p -> p.minimumTcb(ProductLine.GENOA, tooHigh).minimumTcb(ProductLine.TURIN, TURIN_TCB))))
                .isEmpty();
    }

    @Test
    void aLineOfWhichNothingIsSaidIsRefused() {
        Verdict<SnpReport> verdict = verify(PLATFORM, p -> p.minimumTcb(ProductLine.MILAN, TcbVersion.of(0, 0, 0, 0)));

        assertThat(failed(verdict)).containsExactly(SnpChecks.TCB_MINIMUM);
        assertThat(check(verdict, SnpChecks.TCB_MINIMUM).detail())
                .isEqualTo("the policy has a minimum for [MILAN] and none for GENOA, reported tcb " + TCB);
        alone(SnpChecks.TCB_COMMITTED, PLATFORM, p -> p.minimumCommittedTcb(ProductLine.TURIN, TURIN_TCB));
        alone(SnpChecks.TCB_LAUNCH, PLATFORM, p -> p.minimumLaunchTcb(ProductLine.TURIN, TURIN_TCB));
    }

    @Test
    void ofAMinimumForEveryLineAndOneForALineTheLaterCounts() {
        TcbVersion tooHigh = TcbVersion.of(255, 255, 255, 255);

        accepted(PLATFORM, p -> p.minimumTcb(tooHigh).minimumTcb(ProductLine.GENOA, TCB));
        accepted(PLATFORM, p -> p.minimumTcb(ProductLine.GENOA, tooHigh).minimumTcb(TCB));
    }

    @Test
    void firmwareIsComparedByMajorThenMinorThenBuild() {
        SoftwareSnpPlatform platform = PLATFORM.withCurrentFirmware(new FirmwareVersion(1, 55, 40))
                .withCommittedFirmware(new FirmwareVersion(1, 55, 22));

        accepted(
                platform,
                p -> p.minimumFirmware(new FirmwareVersion(1, 55, 40))
                        .minimumCommittedFirmware(new FirmwareVersion(1, 54, 255)));
        alone(SnpChecks.FIRMWARE_CURRENT, platform, p -> p.minimumFirmware(new FirmwareVersion(1, 56, 0)));
        alone(SnpChecks.FIRMWARE_CURRENT, platform, p -> p.minimumFirmware(new FirmwareVersion(2, 0, 0)));
        alone(SnpChecks.FIRMWARE_COMMITTED, platform, p -> p.minimumCommittedFirmware(new FirmwareVersion(1, 55, 23)));
    }

    @Test
    void provisionalFirmwareIsNamedAndRefusedOnDemand() {
        SoftwareSnpPlatform microcode = PLATFORM.withCurrentTcb(TcbVersion.of(10, 0, 23, 220));
        SoftwareSnpPlatform firmware = PLATFORM.withCurrentFirmware(new FirmwareVersion(1, 55, 41));

        waived(verify(microcode, p -> p), SnpChecks.FIRMWARE_PROVISIONAL, "ucode=220 runs");
        waived(verify(firmware, p -> p), SnpChecks.FIRMWARE_PROVISIONAL, "firmware 1.55.41");
        alone(SnpChecks.FIRMWARE_PROVISIONAL, microcode, p -> p.refuseProvisionalFirmware());
        alone(SnpChecks.FIRMWARE_PROVISIONAL, firmware, p -> p.refuseProvisionalFirmware());
        accepted(PLATFORM, p -> p.refuseProvisionalFirmware());
    }

    @Test
    void aReportedTcbBelowTheCommittedOneIsNotProvisional() {
        accepted(
                PLATFORM.withCommittedTcb(TcbVersion.of(11, 1, 24, 220)).withCurrentTcb(TCB),
                p -> p.refuseProvisionalFirmware());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void aReportWithoutMitigationVectorsFailsADemandForThem(int version) {
        SoftwareSnpPlatform platform =
                PLATFORM.withVersion(version).withLaunchMitigations(-1).withCurrentMitigations(-1);

        alone(SnpChecks.MITIGATIONS_LAUNCH, platform, p -> p.requireLaunchMitigations(1));
        alone(SnpChecks.MITIGATIONS_CURRENT, platform, p -> p.requireCurrentMitigations(1));
    }

    @Test
    void mitigationsAreASupersetOfThoseThatAreDemanded() {
        SoftwareSnpPlatform platform =
                TURIN_PLATFORM.withLaunchMitigations(0x3F).withCurrentMitigations(-1);

        assertThat(failed(verify(
                        TURIN,
                        platform,
                        p -> p.requireLaunchMitigations(0x21).requireCurrentMitigations(0x8000_0000_0000_0001L))))
                .isEmpty();
        Verdict<SnpReport> lacking = verify(TURIN, platform, p -> p.requireLaunchMitigations(0xC1));
        assertThat(failed(lacking)).containsExactly(SnpChecks.MITIGATIONS_LAUNCH);
        assertThat(check(lacking, SnpChecks.MITIGATIONS_LAUNCH).detail())
                .isEqualTo("launch mitigations 0x3f lack bit 6, bit 7");
    }
}
