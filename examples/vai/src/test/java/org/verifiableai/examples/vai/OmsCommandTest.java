package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Models signed and judged on the command line. */
class OmsCommandTest {

    @TempDir
    Path temporary;

    private Path model;
    private Path signature;
    private Path privateKey;
    private Path publicKey;

    @BeforeEach
    void makeAModelAndAKey() throws Exception {
        model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "weights");
        signature = model.resolve("model.sig");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp521r1"));
        KeyPair pair = generator.generateKeyPair();
        privateKey = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
        publicKey = pem("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    private Path pem(String label, byte[] der) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                temporary.resolve(label.replace(' ', '-')),
                "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private VaiRunner.Result sign(String... more) {
        return run("sign", List.of("--model", model, "--signature", signature, "--private-key", privateKey), more);
    }

    private VaiRunner.Result verify(String... more) {
        return run("verify", List.of("--model", model, "--signature", signature, "--public-key", publicKey), more);
    }

    private static VaiRunner.Result run(String command, List<Object> words, String... more) {
        List<String> all = new ArrayList<>(List.of("oms", command));
        words.forEach(word -> all.add(word.toString()));
        all.addAll(Arrays.asList(more));
        return VaiRunner.run(all.toArray(String[]::new));
    }

    private static List<String> failed(VaiRunner.Result result) throws Exception {
        List<String> failed = new ArrayList<>();
        for (JsonNode check : new ObjectMapper().readTree(result.out()).get("checks")) {
            if (check.get("outcome").asText().equals("FAILED")) {
                failed.add(check.get("id").asText());
            }
        }
        return failed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--shard-size=3"})
    void whatIsSignedIsAcceptedAndWhatIsChangedIsNot(String how) throws Exception {
        VaiRunner.Result signed = how.isEmpty() ? sign() : sign(how);
        assertThat(signed.exitCode()).as(signed.err()).isEqualTo(ExitCode.OK);
        VaiRunner.Result accepted = verify();
        assertThat(accepted.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(accepted.out()).endsWith("ACCEPTED" + System.lineSeparator());
        Files.writeString(model.resolve("model.safetensors"), "changed");
        VaiRunner.Result rejected = verify("--json");
        assertThat(rejected.exitCode()).isEqualTo(ExitCode.REJECTED);
        assertThat(failed(rejected)).containsExactly("oms.files");
    }

    @Test
    void theFilesThatMayBeLoadedAreTheSignedOnes() throws Exception {
        Files.writeString(model.resolve("note"), "note");
        sign("--ignore", "note");
        assertThat(VerifySignature.loadable(model, publicKey)).containsExactly("config.json", "model.safetensors");
    }

    @Test
    void filesBesideTheSignedOnesPassWhereTheCallerSaysSo() throws Exception {
        sign();
        Files.writeString(model.resolve("extra"), "extra");
        assertThat(failed(verify("--json"))).containsExactly("oms.files");
        assertThat(verify("--ignore", "extra").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(verify("--allow-extra-files").exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatTheSignerLeftOutCanBeRefused() throws Exception {
        Files.writeString(model.resolve("note"), "note");
        sign("--ignore", "note");
        assertThat(verify().exitCode()).isEqualTo(ExitCode.OK);
        assertThat(failed(verify("--json", "--no-hidden-files"))).containsExactly("oms.ignore-paths");
        assertThat(verify("--no-hidden-files", "--ignore", "note").exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatTheCallerGetsWrongIsUsageAndWhatIsNotThereIsUnavailable() throws Exception {
        assertThat(verify().exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        sign();
        assertThat(verify("--ignore", "*.bin").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(verify("--ca", publicKey.toString()).exitCode()).isEqualTo(ExitCode.USAGE);
        Files.writeString(publicKey, "no key");
        assertThat(verify().exitCode()).isEqualTo(ExitCode.USAGE);
        Files.writeString(privateKey, "no key");
        assertThat(sign().exitCode()).isEqualTo(ExitCode.USAGE);
        Files.delete(privateKey);
        assertThat(sign().exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void recordedModelsOfEveryVersionAreJudged() throws Exception {
        Optional<Path> vectors = Vectors.directory();
        Assumptions.assumeTrue(vectors.isPresent(), "no folder of test data");
        Path oms = vectors.orElseThrow().resolve("manifest/oms");
        try (Stream<Path> folders = Files.list(oms)) {
            for (Path folder : folders.filter(f -> f.getFileName().toString().startsWith("v"))
                    .toList()) {
                boolean key = folder.toString().endsWith("elliptic-key");
                List<Object> words =
                        new ArrayList<>(List.of("--model", folder, "--signature", folder.resolve("model.sig")));
                words.addAll(
                        key
                                ? List.of("--public-key", oms.resolve("keys/signing-key-pub.pem"))
                                : List.of("--ca", oms.resolve("keys/ca-cert.pem")));
                VaiRunner.Result result = run("verify", words, "--json", "--ignore", "ignore-me");
                assertThat(failed(result))
                        .as(folder.toString())
                        .isEqualTo(folder.toString().endsWith("sigstore") ? List.of("oms.key") : List.of());
                if (folder.toString().endsWith("certificate")) {
                    VaiRunner.Result late = run("verify", words, "--json", "--at", "2036-01-01T00:00:00Z");
                    assertThat(failed(late)).contains("oms.chain");
                }
            }
        }
    }
}
