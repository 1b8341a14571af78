package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.testkit.FakeNvidia;
import org.verifiableai.attestation.testkit.SoftwareLocalVerifier;
import org.verifiableai.attestation.testkit.SoftwareNras;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Tokens, judged on the command line. */
class GpuTokenTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Bytes NONCE = Bytes.utf8("a challenge").sha256();
    private static final SoftwareNras NRAS = SoftwareNras.create(NOW);

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> everyRecordedAnswerOfTheServiceGetsItsVerdict() throws IOException {
        return folders("jwks.json").stream()
                .map(folder -> dynamicTest(folder.getFileName().toString(), () -> {
                    JsonNode expected = expected(folder);
                    boolean accept = expected.get("accept").asBoolean();
                    String nonce = expected.at("/request/nonce").asText();

                    Run inTime = recorded(folder, expected.get("evaluate_at"), nonce);
                    Run expired = recorded(folder, expected.get("expired_at"), nonce);
                    Run replayed = recorded(folder, expected.get("evaluate_at"), "00".repeat(32));

                    assertThat(inTime.code()).as(inTime.out()).isEqualTo(accept ? ExitCode.OK : ExitCode.REJECTED);
                    assertThat(inTime.json().get("accepted").asBoolean()).isEqualTo(accept);
                    assertThat(inTime.failures())
                            .containsExactlyElementsOf(accept ? List.of() : List.of("token.errors", "token.result"));
                    assertThat(inTime.json().at("/facts/devices"))
                            .hasSize(accept ? expected.get("submod_count").asInt() : 0);
                    assertThat(expired.code()).isEqualTo(ExitCode.REJECTED);
                    assertThat(expired.failures()).contains("token.times");
                    assertThat(replayed.code()).isEqualTo(ExitCode.REJECTED);
                    assertThat(replayed.failures()).contains("token.nonce");
                }));
    }

    @Test
    void aRecordedTokenOfTheLocalVerifierIsRefusedAndTheReasonIsSaid() throws IOException {
        for (Path folder : folders("local_gpu_verifier_token.json")) {
            String at = Instant.ofEpochSecond(
                            expected(folder).at("/local/overall_claims/iat").asLong())
                    .toString();
            Path file = folder.resolve("local_gpu_verifier_token.json");

            Run run = Run.vai("gpu", "token", "--token", file, "--at", at, "--offline", "--json");
            Run text = Run.vai("gpu", "token", "--token", file, "--at", at, "--offline");

            assertThat(run.code()).isEqualTo(ExitCode.REJECTED);
            assertThat(run.failures()).containsExactly("token.issuer", "token.guest");
            assertThat(text.out()).contains("no remote proof").contains("REJECTED");
        }
    }

    @Test
    void whatTheCommandLineLeavesOpenIsSaid() throws IOException {
        Path token = write("token.json", NRAS.token(NONCE, NOW).withGpus(2).json());
        Path keys = write("jwks.json", NRAS.jwks());

        Run open = Run.vai("gpu", "token", "--token", token, "--jwks", keys, "--at", NOW, "--json");
        Run closed = Run.vai(
                "gpu", "token", "--token", token, "--jwks", keys, "--at", NOW, "--nonce", NONCE, "--gpus", 2, "--json");
        Run other = Run.vai(
                "gpu", "token", "--token", token, "--jwks", keys, "--at", NOW, "--nonce", NONCE, "--gpus", 8, "--json");

        assertThat(open.code()).isEqualTo(ExitCode.OK);
        assertThat(open.err()).contains("the token may be old").contains("any number of devices");
        assertThat(closed.code()).isEqualTo(ExitCode.OK);
        assertThat(closed.err()).isEmpty();
        assertThat(closed.json().at("/facts/devices/1/name").asText()).isEqualTo("GPU-1");
        assertThat(closed.json().at("/facts/devices/1/driver").asText()).isEqualTo("570.124.06");
        assertThat(other.failures()).containsExactly("token.devices");
    }

    @Test
    void aPolicyIsOneOfOursOrOneOfNvidias() throws IOException {
        Path token = write("token.json", NRAS.token(NONCE, NOW).withGpus(1).json());
        Path keys = write("jwks.json", NRAS.jwks());
        Path ours = write("ours.json", Bytes.utf8("{\"gpus\":1,\"minimumDriver\":\"600.0\"}"));
        Path nvidias = write("theirs.json", Bytes.utf8("""
                {"version":"4.0","authorization-rules":{"type":"JWT","overall-claims":{"x-nvidia-ver":"3.0"},
                "detached-claims":{"measres":"success"}}}
                """));
        Path neither = write("neither.json", Bytes.utf8("{\"gpu\":1}"));

        assertThat(judged(token, keys, ours).failures()).containsExactly("token.devices");
        assertThat(judged(token, keys, nvidias).failures()).containsExactly("token.policy");
        assertThat(judged(token, keys, neither).code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatIsNoTokenOrNoKeySetIsRefusedAndWhatIsNotThereIsUnavailable() throws IOException {
        Path token = write("token.json", NRAS.token(NONCE, NOW).withGpus(1).json());
        Path nonsense = write("nonsense.json", Bytes.utf8("{}"));

        Run noToken = Run.vai("gpu", "token", "--token", nonsense, "--json");
        Run noKeys = Run.vai("gpu", "token", "--token", token, "--jwks", nonsense, "--json");
        Run absent = Run.vai("gpu", "token", "--token", temporary.resolve("absent"));

        assertThat(noToken.failures()).containsExactly("token.format");
        assertThat(noToken.code()).isEqualTo(ExitCode.REJECTED);
        assertThat(noKeys.code()).isEqualTo(ExitCode.REJECTED);
        assertThat(noKeys.json().get("accepted").asBoolean()).isFalse();
        assertThat(absent.code()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(Run.vai("gpu", "token").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Run.vai("gpu", "token", "--token", token, "--nonce", "00").code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aLocalTokenIsRefusedWhateverKeySetComesWithIt() throws IOException {
        Path token = write(
                "token.json",
                SoftwareLocalVerifier.nvtrust(NONCE, NOW).withGpus(1).json());
        Path keys = write("jwks.json", NRAS.jwks());
        Path policy = write(
                "policy.json", Bytes.utf8("{\"issuers\":[\"LOCAL_GPU_VERIFIER\"],\"madeInsideGuest\":\"it says so\"}"));

        Run run = judged(token, keys, policy);

        assertThat(run.code()).isEqualTo(ExitCode.REJECTED);
        assertThat(run.failures()).containsExactly("token.guest");
    }

    @Test
    void theIssuerIsAskedForItsKeysAndThenTheFolder() throws IOException {
        Path token = write("token.json", NRAS.token(NONCE, NOW).withGpus(1).json());
        Path cache = temporary.resolve("cache");
        String url;
        try (FakeNvidia service = FakeNvidia.start().keys(NRAS.jwks())) {
            url = service.baseUri().toString();
            Run asked = Run.vai(
                    "gpu", "token", "--token", token, "--nras", url, "--nras-cache", cache, "--at", NOW, "--json");

            assertThat(asked.code()).as(asked.out() + asked.err()).isEqualTo(ExitCode.OK);
            assertThat(service.requests()).hasSize(1);
        }
        Run offline = Run.vai(
                "gpu",
                "token",
                "--token",
                token,
                "--nras",
                url,
                "--nras-cache",
                cache,
                "--at",
                NOW,
                "--offline",
                "--json");
        Run nowhere = Run.vai("gpu", "token", "--token", token, "--at", NOW, "--offline", "--json");

        assertThat(offline.code()).as(offline.out() + offline.err()).isEqualTo(ExitCode.OK);
        assertThat(nowhere.failures()).containsExactly("token.key");
        assertThat(nowhere.err()).contains("not asked with --offline");
    }

    @Test
    void aServiceIsNotAskedForTheKeysOfWhatIsNoTokenOfIts() throws IOException {
        Path local = write(
                "local.json",
                SoftwareLocalVerifier.nvtrust(NONCE, NOW).withGpus(1).json());
        Path nonsense = write("nonsense.json", Bytes.utf8("{}"));
        try (FakeNvidia service = FakeNvidia.start()) {
            for (Path file : List.of(local, nonsense)) {
                Run run = Run.vai("gpu", "token", "--token", file, "--nras", service.baseUri(), "--at", NOW, "--json");

                assertThat(run.code()).isEqualTo(ExitCode.REJECTED);
            }
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void aServiceThatCannotBeAskedIsNoVerdict() throws IOException {
        Path token = write("token.json", NRAS.token(NONCE, NOW).withGpus(1).json());
        try (FakeNvidia service = FakeNvidia.start()) {
            Run run = Run.vai("gpu", "token", "--token", token, "--nras", service.baseUri(), "--at", NOW, "--json");

            assertThat(run.code()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(run.out()).doesNotContain("\"accepted\":true");
        }
    }

    private static Run judged(Path token, Path keys, Path policy) {
        return Run.vai("gpu", "token", "--token", token, "--jwks", keys, "--policy", policy, "--at", NOW, "--json");
    }

    private static Run recorded(Path folder, JsonNode seconds, String nonce) {
        return Run.vai(
                "gpu",
                "token",
                "--token",
                folder.resolve("nras_response.json"),
                "--jwks",
                folder.resolve("jwks.json"),
                "--nonce",
                nonce,
                "--at",
                Instant.ofEpochSecond(seconds.asLong()),
                "--offline",
                "--json");
    }

    private Path write(String name, Bytes content) throws IOException {
        return Files.write(temporary.resolve(name), content.toByteArray());
    }

    private static JsonNode expected(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    }

    private static List<Path> folders(String holding) throws IOException {
        Optional<Path> root = Vectors.directory();
        assumeTrue(root.isPresent(), "no vectors");
        try (Stream<Path> folders = Files.list(root.orElseThrow().resolve("nvidia"))) {
            List<Path> found = folders.filter(folder -> Files.exists(folder.resolve(holding)))
                    .sorted()
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }
}
