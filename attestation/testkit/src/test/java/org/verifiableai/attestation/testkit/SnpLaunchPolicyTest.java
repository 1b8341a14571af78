package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.REPORT_DATA;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;

/** Policies that name launches in place of measurements. */
class SnpLaunchPolicyTest {

    private static final LaunchConfiguration TRAINER = launch("trainer", "disk");
    private static final LaunchConfiguration OTHER = launch("other", "another disk");

    @Test
    void aGuestThatWasLaunchedAsNamedIsAcceptedAndCalledByTheName() throws Exception {
        Verdict<SnpReport> verdict = verify(PLATFORM.withMeasurement(TRAINER.measurement()), policy());

        assertThat(failed(verdict)).isEmpty();
        assertThat(check(verdict, SnpChecks.MEASUREMENT).detail())
                .isEqualTo(TRAINER.measurement() + ", launch trainer");
        assertThat(verdict.orElseThrow().facts()).containsEntry("measurementName", "trainer");
    }

    @Test
    void aGuestThatWasLaunchedOtherwiseFailsThisCheckAloneAndWhatWasExpectedIsListed() {
        Bytes measurement = launch("trainer", "a disk that was changed").measurement();
        SnpPolicy policy =
                policy().toBuilder().measurement(Bytes.fromHex("ab".repeat(48))).build();

        Verdict<SnpReport> verdict = verify(PLATFORM.withMeasurement(measurement), policy);

        assertThat(failed(verdict)).containsExactly(SnpChecks.MEASUREMENT);
        assertThat(check(verdict, SnpChecks.MEASUREMENT).detail())
                .isEqualTo("expected " + "ab".repeat(48) + " or " + OTHER.measurement() + ", launch other or "
                        + TRAINER.measurement() + ", launch trainer, found " + measurement);
    }

    @Test
    void aMeasurementBesideTheLaunchesWillDoToo() {
        Bytes measurement = Bytes.fromHex("ab".repeat(48));

        assertThat(failed(verify(
                        PLATFORM.withMeasurement(measurement),
                        policy().toBuilder().measurement(measurement).build())))
                .isEmpty();
    }

    @Test
    void aPolicyInJsonNeedsNoImage() throws Exception {
        SnpPolicy read = SnpPolicy.fromJson(policy().toJson());

        assertThat(failed(verify(PLATFORM.withMeasurement(OTHER.measurement()), read)))
                .isEmpty();
        assertThat(failed(verify(PLATFORM, read))).containsExactly(SnpChecks.MEASUREMENT);
    }

    private static SnpPolicy policy() {
        return SnpPolicy.builder()
                .expectedReportData(REPORT_DATA)
                .launch(TRAINER)
                .launch(OTHER)
                .build();
    }

    private static Verdict<SnpReport> verify(SoftwareSnpPlatform platform, SnpPolicy policy) {
        return SnpLab.verifier(SnpLab.GENOA).verify(platform.report(REPORT_DATA), policy);
    }

    private static LaunchConfiguration launch(String name, String disk) {
        try {
            return LaunchConfiguration.builder(name)
                    .vmm(Vmm.QEMU)
                    .firmware(MeasuredFirmware.of(
                            FirmwareImage.parse(SoftwareFirmware.ovmf().image())))
                    .kernel(Bytes.utf8("kernel"))
                    .commandLine(
                            CommandLineTemplate.parse("root=/dev/sda1 sda1_shasum={sda1}"),
                            Map.of("sda1", Bytes.utf8(disk).sha256()))
                    .vcpu(VcpuSignature.ofType("EPYC-Genoa"))
                    .vcpus(4)
                    .build();
        } catch (MalformedEvidenceException e) {
            throw new AssertionError(e);
        }
    }
}
