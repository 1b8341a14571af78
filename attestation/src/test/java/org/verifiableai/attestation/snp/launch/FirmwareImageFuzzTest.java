package org.verifiableai.attestation.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class FirmwareImageFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aFirmwareIsRefusedOrMeasured(byte[] input) {
        FirmwareImage image;
        try {
            image = FirmwareImage.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(image.size()).isEqualTo(input.length);
        MeasuredFirmware firmware = MeasuredFirmware.of(image);
        assertThat(parsedAgain(firmware)).isEqualTo(firmware);
        for (Vmm vmm : Vmm.values()) {
            LaunchConfiguration.Builder builder = LaunchConfiguration.builder("fuzz")
                    .vmm(vmm)
                    .firmware(firmware)
                    .vcpu(VcpuSignature.ofType("EPYC"))
                    .vcpus(2);
            assertThat(builder.build().measurement().size()).isEqualTo(LaunchDigest.SIZE);
            if (firmware.measuresKernel()) {
                assertThat(builder.kernel(Bytes.EMPTY).build().measurement().size())
                        .isEqualTo(LaunchDigest.SIZE);
            }
        }
    }

    private static MeasuredFirmware parsedAgain(MeasuredFirmware firmware) {
        try {
            return MeasuredFirmware.fromJson(firmware.toJson());
        } catch (MalformedEvidenceException e) {
            throw new AssertionError("what was read once is read again", e);
        }
    }

    static List<byte[]> seeds() {
        return List.of(ImageBytes.firmware(), ImageBytes.svsm());
    }
}
