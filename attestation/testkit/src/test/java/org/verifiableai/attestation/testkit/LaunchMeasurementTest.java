package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.SvsmImage;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.SoftwareFirmware.Section;

/**
 * Launches of images that the testkit makes. The digests are those that sev-snp-measure 0.0.13 computes of the same images
 * (EC2_V1: release 0.0.12).
 */
class LaunchMeasurementTest {

    private static final Bytes KERNEL = Bytes.utf8("kernel");
    private static final Bytes INITRD = Bytes.utf8("initrd");

    @Test
    void pagesOfTheFirmwareComeToThePublishedDigest() throws Exception {
        assertThat(image(SoftwareFirmware.ovmf()).pagesDigest().hex())
                .isEqualTo("20b718ab1f60a9e37912e85c0b300dbfa152e6467eb1166e1ae3494d8302a2d2"
                        + "badd591ba00684d386ec7b33ab1880d2");
    }

    @Test
    void qemuWithoutAKernel() throws Exception {
        assertThat(measure(b -> b))
                .isEqualTo("cc4aa429d8905c71aab4e61482cff4ca68a3e6e291f274a7fcc4232f819ed144"
                        + "38ddbc4ff518de816d954849d332bfb3");
    }

    @Test
    void qemuWithAKernelAlone() throws Exception {
        String expected =
                "987992c4383e1580c2ee6b6469b8777a7553a2af5c662109bc39c155422973fe" + "6ec11dc3db5ef941df899915c5c051a5";

        assertThat(measure(b -> b.kernel(KERNEL))).isEqualTo(expected);
        assertThat(measure(b -> b.kernel(KERNEL).commandLine("").initrd(Bytes.EMPTY)))
                .as("nothing is hashed as nothing")
                .isEqualTo(expected);
    }

    @Test
    void qemuWithKernelInitrdCommandLineAndFeatures() throws Exception {
        assertThat(measure(b -> b.kernel(KERNEL)
                        .initrd(INITRD)
                        .commandLine("root=/dev/vda ro \u00fc")
                        .guestFeatures(0x21)))
                .isEqualTo("2056bc072f5db791db25b99fb15030a22706d545401b57af6941ea1d9c1f4daf"
                        + "3afe3405aa5369fa3a507d38b661607f");
    }

    @Test
    void qemuWithManyProcessorsAndEveryFeatureBit() throws Exception {
        assertThat(measure(b -> b.vcpus(256).guestFeatures(-1)))
                .isEqualTo("97e8bad0b961b212cefc39abdbf01cdfeb18a5904c18d944d0c43677bca197d0"
                        + "2d8352ef3c505d07dd6ed4b7084ed6d4");
    }

    @Test
    void ec2OfToday() throws Exception {
        assertThat(measure(b -> b.vmm(Vmm.EC2)))
                .isEqualTo("cfebfaaf8c44e6bcbc8caeb0373d122f8d820019070777c3f7037b073fd485ed"
                        + "038341bec985b6b2de2fe3eaca86874e");
        assertThat(measure(b -> b.vmm(Vmm.EC2_V2).kernel(KERNEL)))
                .isEqualTo("c43fde66e612c0c366ab16cad476775792ee8036baa6d1ec0d9d60b61d7e9606"
                        + "29ec9fd95ee73e2bb9e8c8af989edf7e");
    }

    @Test
    void ec2AsItWas() throws Exception {
        assertThat(measure(b -> b.vmm(Vmm.EC2_V1)))
                .isEqualTo("45f9814bc606195d9c900d3e06464e396876b05445785c377c3237c5d2278ae2"
                        + "b5e4caaaddc4bb86e4200686fef3508c");
        assertThat(measure(b -> b.vmm(Vmm.EC2_V1).kernel(KERNEL)))
                .isEqualTo("df8e5a560841d71cb437374a569537ef4f4313b6c5c32c8c1913d95fc68299f7"
                        + "e0a4ce7b6a5c93241b53e6a458d5ec2a");
    }

    @Test
    void gce() throws Exception {
        assertThat(measure(b -> b.vmm(Vmm.GCE)))
                .isEqualTo("1719c3855d29ea036f690970db550f972a663f9e29a7d974810047ef9425a74f"
                        + "2ed435feedf906c74d8b7c1b611a50f2");
        assertThat(measure(b -> b.vmm(Vmm.GCE).kernel(KERNEL)))
                .isEqualTo("e43b9c0fd3a10cad9003f8262c7c997075cddb3737000e3545ad38e065a71792"
                        + "6feeb29cfa2fdd4d8e86f465a24779ca");
    }

    @Test
    void aGivenDigestStandsForThePagesOfTheFirmware() throws Exception {
        FirmwareImage image = image(SoftwareFirmware.ovmf());
        MeasuredFirmware given = MeasuredFirmware.of(image, Bytes.fromHex("11".repeat(48)));

        assertThat(measure(b -> b.firmware(given)))
                .isEqualTo("34e8c375930cc5fb7e6b9342a1a03bdff62dfd015ff7c37de9a72ca70e32b781"
                        + "a935f39f2d32c14d5034d933a53054f8");
        assertThat(MeasuredFirmware.of(image, image.pagesDigest())).isEqualTo(MeasuredFirmware.of(image));
    }

    @Test
    void anSvsmBeneathTheFirmware() throws Exception {
        FirmwareImage image = image(SoftwareFirmware.ovmf());
        SvsmImage svsm = SvsmImage.parse(SoftwareFirmware.svsm().image());
        MeasuredFirmware firmware = MeasuredFirmware.withSvsm(image, svsm, 0x84000);
        String expected =
                "778fa76c2f51bb7eb92c5c8c6715a751d1f2c84f1beecc36cba9dae7ee672802" + "9594a4fae4cb7fad6facb5908d0edb2e";

        assertThat(measure(b -> b.firmware(firmware))).isEqualTo(expected);
        assertThat(measure(b -> b.firmware(firmware).guestFeatures(0x21)))
                .as("an SVSM gets the same features whatever the host has")
                .isEqualTo(expected);
        assertThat(MeasuredFirmware.withSvsm(image, image.pagesDigest(), svsm, 0x84000))
                .isEqualTo(firmware);
    }

    @Test
    void theModelOfTheProcessorCountsOnlyWhereTheMonitorShowsIt() throws Exception {
        VcpuSignature genoa = VcpuSignature.ofType("EPYC-Genoa");

        assertThat(measure(b -> b.vcpu(genoa))).isNotEqualTo(measure(b -> b));
        for (Vmm hiding : List.of(Vmm.EC2_V1, Vmm.EC2_V2, Vmm.GCE)) {
            assertThat(measure(b -> b.vmm(hiding).vcpu(genoa))).isEqualTo(measure(b -> b.vmm(hiding)));
        }
    }

    @Test
    void theOrderOfSectionsCounts() throws Exception {
        Section memory = new Section(0x800000, 0x1000, 1);
        Section secrets = new Section(0x801000, 0x1000, 2);

        FirmwareImage one = image(SoftwareFirmware.ovmf().withSections(memory, secrets));
        FirmwareImage other = image(SoftwareFirmware.ovmf().withSections(secrets, memory));

        assertThat(measure(b -> b.firmware(MeasuredFirmware.of(one, Bytes.zeros(48)))))
                .isNotEqualTo(measure(b -> b.firmware(MeasuredFirmware.of(other, Bytes.zeros(48)))));
    }

    @Test
    void hashesOfDisksOnTheCommandLineCount() throws Exception {
        CommandLineTemplate template = CommandLineTemplate.parse("root=/dev/sda1 sda1_shasum={sda1}");
        Bytes disk = Bytes.utf8("disk").sha256();

        assertThat(measure(b -> b.kernel(KERNEL).commandLine(template, Map.of("sda1", disk))))
                .isEqualTo(measure(b -> b.kernel(KERNEL).commandLine("root=/dev/sda1 sda1_shasum=" + disk.hex())))
                .isNotEqualTo(measure(b -> b.kernel(KERNEL).commandLine(template, Map.of("sda1", Bytes.zeros(32)))));
    }

    private static String measure(UnaryOperator<LaunchConfiguration.Builder> change) {
        LaunchConfiguration.Builder builder = LaunchConfiguration.builder("a test")
                .vmm(Vmm.QEMU)
                .firmware(measured(SoftwareFirmware.ovmf()))
                .vcpu(VcpuSignature.ofType("EPYC-Milan"))
                .vcpus(3);
        return change.apply(builder).build().measurement().hex();
    }

    private static MeasuredFirmware measured(SoftwareFirmware firmware) {
        try {
            return MeasuredFirmware.of(image(firmware));
        } catch (MalformedEvidenceException e) {
            throw new AssertionError(e);
        }
    }

    private static FirmwareImage image(SoftwareFirmware firmware) throws MalformedEvidenceException {
        return FirmwareImage.parse(firmware.image());
    }
}
