package org.verifiableai.attestation.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class LaunchConfigurationFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aConfigurationIsRefusedOrReadWhole(byte[] input) {
        LaunchConfiguration launch;
        try {
            launch = LaunchConfiguration.fromJson(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            // Of the form and no launch: the word of whoever writes policies, as with every other part of one.
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(launch.measurement().size()).isEqualTo(LaunchDigest.SIZE);
        LaunchConfiguration again = parsedAgain(launch);
        assertThat(again).isEqualTo(launch).hasToString(launch.toString());
        assertThat(again.measurement()).isEqualTo(launch.measurement());
    }

    private static LaunchConfiguration parsedAgain(LaunchConfiguration launch) {
        try {
            return LaunchConfiguration.fromJson(launch.toJson());
        } catch (MalformedEvidenceException e) {
            throw new AssertionError("what was read once is read again", e);
        }
    }

    static List<byte[]> seeds() throws MalformedEvidenceException {
        MeasuredFirmware firmware = MeasuredFirmware.of(FirmwareImage.parse(Bytes.of(ImageBytes.firmware())));
        LaunchConfiguration.Builder builder = LaunchConfiguration.builder("seed")
                .vmm(Vmm.QEMU)
                .firmware(firmware)
                .vcpu(VcpuSignature.ofType("EPYC"))
                .vcpus(1);
        String plain = builder.build().toJson();
        String whole = builder.kernel(Bytes.EMPTY)
                .initrd(Bytes.EMPTY)
                .commandLine(CommandLineTemplate.parse("sda1={sda1}"), Map.of("sda1", Bytes.zeros(32)))
                .build()
                .toJson();
        return List.of(plain.getBytes(StandardCharsets.UTF_8), whole.getBytes(StandardCharsets.UTF_8));
    }
}
