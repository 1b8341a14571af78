package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.VerificationException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.collateral.CertificateSource;
import org.verifiableai.attestation.snp.collateral.KdsClient;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.FakeKds;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareFirmware;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;

/** The README's sample does what it says, from a launch configuration to a guest that is let in, or is not. */
class VerifyReportTest {

    private static final Bytes ROOT = Bytes.utf8("the root file system").sha256();
    private static final Bytes CHALLENGE = Bytes.utf8("a challenge").sha384().concat(Bytes.zeros(16));

    @TempDir
    Path temporary;

    @Test
    void aGuestIsLetInOnlyWithTheDiskThatItsCommandLineNames() throws Exception {
        Path launchFile = temporary.resolve("launch.json");
        LaunchConfiguration launch = launch(ROOT);
        Files.writeString(launchFile, launch.toJson());
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA);
        SoftwareSnpPlatform guest = amd.platform(TcbVersion.of(10, 0, 23, 84)).withMeasurement(launch.measurement());
        SoftwareSnpPlatform other = guest.withMeasurement(launch(ROOT.sha256()).measurement());
        SnpVerifier verifier =
                SnpVerifier.builder().trustAnchors(amd.trustAnchors()).build();
        try (FakeKds kds = FakeKds.start().serve(amd).serve(guest)) {
            CertificateSource certificates =
                    KdsClient.builder().baseUri(kds.baseUri()).build();

            assertThat(VerifyReport.admit(
                                    guest.report(CHALLENGE).report(), CHALLENGE, launchFile, certificates, verifier)
                            .measurement())
                    .isEqualTo(launch.measurement());
            assertThatThrownBy(() -> VerifyReport.admit(
                            other.report(CHALLENGE).report(), CHALLENGE, launchFile, certificates, verifier))
                    .isInstanceOf(VerificationException.class)
                    .hasMessageStartingWith("rejected: snp.measurement: ")
                    .hasMessageContaining("trainer 7");
        }
    }

    private static LaunchConfiguration launch(Bytes disk) throws Exception {
        return LaunchConfiguration.builder("trainer 7")
                .vmm(Vmm.QEMU)
                .firmware(MeasuredFirmware.of(
                        FirmwareImage.parse(SoftwareFirmware.ovmf().image())))
                .kernel(Bytes.utf8("a kernel"))
                .initrd(Bytes.utf8("a RAM disk"))
                .commandLine(CommandLineTemplate.parse("root=/dev/sda1 ro sda1_shasum={sda1}"), Map.of("sda1", disk))
                .vcpus(2)
                .vcpu(VcpuSignature.ofType("EPYC-Genoa"))
                .build();
    }
}
