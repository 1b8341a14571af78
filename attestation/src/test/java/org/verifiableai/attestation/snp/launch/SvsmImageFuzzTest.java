package org.verifiableai.attestation.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class SvsmImageFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void anSvsmIsRefusedOrMeasured(byte[] input) throws MalformedEvidenceException {
        SvsmImage image;
        try {
            image = SvsmImage.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(image.entryOffset()).isBetween(0L, input.length - 1L);
        FirmwareImage above = FirmwareImage.parse(Bytes.of(ImageBytes.firmware()));
        MeasuredFirmware firmware;
        try {
            firmware = MeasuredFirmware.withSvsm(above, image, 0x84000);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("must lie above its sections");
            return;
        }
        assertThat(LaunchConfiguration.builder("fuzz")
                        .vmm(Vmm.QEMU)
                        .firmware(firmware)
                        .vcpu(VcpuSignature.ofType("EPYC"))
                        .vcpus(2)
                        .build()
                        .measurement()
                        .size())
                .isEqualTo(LaunchDigest.SIZE);
    }

    static List<byte[]> seeds() {
        return List.of(ImageBytes.svsm(), ImageBytes.firmware());
    }
}
