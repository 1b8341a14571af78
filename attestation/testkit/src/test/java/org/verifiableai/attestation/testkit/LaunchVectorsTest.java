package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.SvsmImage;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Walks recorded launches: each has to come to the measurement that other implementations publish. */
class LaunchVectorsTest {

    @TestFactory
    Stream<DynamicTest> everyLaunchIsMeasuredAsRecorded() throws IOException {
        Path folder = folder();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode launch : new ObjectMapper()
                .readTree(folder.resolve("cases.json").toFile())
                .get("cases")) {
            tests.add(dynamicTest(launch.get("case").asText(), () -> assertLaunch(folder, launch)));
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static void assertLaunch(Path folder, JsonNode launch) throws Exception {
        String expected = launch.get("expected").asText();
        if (launch.get("mode").asText().equals("snp:ovmf-hash")) {
            assertThat(firmware(folder, launch).pagesDigest().hex()).isEqualTo(expected);
            return;
        }
        LaunchConfiguration.Builder builder = builder(folder, launch);
        if (expected.equals("ERROR")) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no KERNEL_HASHES section");
            return;
        }
        LaunchConfiguration configuration = builder.build();
        assertThat(configuration.measurement().hex()).isEqualTo(expected);
        assertThat(LaunchConfiguration.fromJson(configuration.toJson()).measurement())
                .isEqualTo(configuration.measurement());
    }

    private static LaunchConfiguration.Builder builder(Path folder, JsonNode launch)
            throws IOException, MalformedEvidenceException {
        LaunchConfiguration.Builder builder = LaunchConfiguration.builder(
                        launch.get("case").asText())
                .vmm(Vmm.parse(launch.get("vmm").asText()))
                .firmware(measuredFirmware(folder, launch))
                .vcpus(launch.get("vcpus").asInt())
                .guestFeatures(launch.get("guest_features").asLong());
        if (!launch.get("vcpu_sig").isNull()) {
            builder.vcpu(new VcpuSignature(launch.get("vcpu_sig").asLong()));
        }
        if (!launch.get("kernel").isNull()) {
            builder.kernel(content(folder, launch.get("kernel").asText()));
        }
        if (!launch.get("initrd").isNull()) {
            builder.initrd(content(folder, launch.get("initrd").asText()));
        }
        if (!launch.get("cmdline").isNull()) {
            builder.commandLine(launch.get("cmdline").asText());
        }
        return builder;
    }

    private static MeasuredFirmware measuredFirmware(Path folder, JsonNode launch)
            throws IOException, MalformedEvidenceException {
        FirmwareImage image = firmware(folder, launch);
        if (launch.has("svsm")) {
            SvsmImage svsm =
                    SvsmImage.parse(bytes(folder.resolve(launch.get("svsm").asText())));
            return MeasuredFirmware.withSvsm(
                    image, svsm, launch.get("ovmf_vars_size").asLong());
        }
        return launch.has("precomputed_ovmf_hash")
                ? MeasuredFirmware.of(
                        image, Bytes.fromHex(launch.get("precomputed_ovmf_hash").asText()))
                : MeasuredFirmware.of(image);
    }

    private static FirmwareImage firmware(Path folder, JsonNode launch) throws IOException, MalformedEvidenceException {
        return FirmwareImage.parse(bytes(folder.resolve(launch.get("ovmf").asText())));
    }

    private static Bytes content(Path folder, String name) throws IOException {
        return name.equals("empty") ? Bytes.EMPTY : bytes(folder.resolve(name.substring("file:".length())));
    }

    private static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }

    private static Path folder() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded launches are not at hand");
        return vectors.get().resolve("sev-snp/launch-measurement");
    }
}
