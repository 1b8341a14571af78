package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.StrictJson;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** NVIDIA's policy files over NVIDIA's claims: each pair has the outcome that the SDK's rules give. */
class NvtrustPolicyVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StrictJson STRICT = StrictJson.of("claims", 1024 * 1024);

    @TestFactory
    Stream<DynamicTest> everyPairHasTheRecordedOutcome() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JSON.readTree(folder.resolve("expected.json").toFile())
                    .path("results")
                    .properties()
                    .forEach(pair -> tests.add(dynamicTest(
                            folder.getFileName() + ": " + pair.getKey(),
                            () -> compare(folder, pair.getKey(), pair.getValue()))));
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> everyPolicyFileIsReadAndHasItsVersion() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JSON.readTree(folder.resolve("expected.json").toFile())
                    .path("policy_versions")
                    .properties()
                    .forEach(version -> tests.add(dynamicTest(version.getKey(), () -> {
                        Bytes file = bytes(folder.resolve("policies").resolve(version.getKey()));
                        NvtrustPolicy policy = NvtrustPolicy.parse(file);

                        assertThat(NvtrustPolicy.recognises(file)).isTrue();
                        assertThat(policy.version())
                                .isEqualTo(version.getValue().asText());
                        assertThat(policy.demandsNothing()).isFalse();
                        assertThat(policy.kind()).isPresent();
                        assertThat(NvtrustPolicy.parse(Bytes.utf8(policy.toJson())))
                                .isEqualTo(policy);
                    })));
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    /** A name such as {@code gpu_flat_local} stands for two files of claims. */
    private static void compare(Path folder, String pair, JsonNode expected)
            throws IOException, MalformedEvidenceException {
        String[] parts = pair.split(" \\| ", 2);
        String[] words = parts[1].split("_", 3);
        String granular = words[1].equals("granular") ? "granular_" : "";
        NvtrustPolicy policy =
                NvtrustPolicy.parse(bytes(folder.resolve("policies").resolve(parts[0])));
        JsonObject overall = claims(folder, words[0] + "_overall_" + granular + "claims_" + words[2] + ".json");
        JsonObject detached = claims(folder, words[0] + "_detached_" + granular + "claims_" + words[2] + ".json");

        List<NvtrustPolicy.Difference> ofOverall = policy.overall(overall);
        List<NvtrustPolicy.Difference> ofDevice = policy.detached("GPU-0", detached);

        assertThat(ofOverall.isEmpty())
                .as(ofOverall.toString())
                .isEqualTo(expected.get("overall").asBoolean());
        assertThat(ofDevice.isEmpty())
                .as(ofDevice.toString())
                .isEqualTo(expected.get("detached").asBoolean());
        assertThat(ofOverall.isEmpty() && ofDevice.isEmpty())
                .isEqualTo(expected.get("accept").asBoolean());
    }

    /** One of the files has a claim twice, which no token may have: the later counts, as it does for Python. */
    private static JsonObject claims(Path folder, String file) throws IOException, MalformedEvidenceException {
        return STRICT.readObject(
                JSON.readTree(folder.resolve("claims").resolve(file).toFile()).toString());
    }

    private static List<Path> folders() {
        Optional<Path> root = Vectors.directory();
        Assumptions.assumeTrue(root.isPresent(), "no vectors");
        try (Stream<Path> folders = Files.list(root.orElseThrow().resolve("nvidia"))) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("policies")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }
}
