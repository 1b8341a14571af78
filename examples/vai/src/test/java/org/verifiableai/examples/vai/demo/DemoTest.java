package org.verifiableai.examples.vai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.examples.vai.VaiRunner;

class DemoTest {

    @TempDir
    private static Path folder;

    private static VaiRunner.Result first;
    private static VaiRunner.Result second;

    @BeforeAll
    static void runTwice() {
        first = VaiRunner.run("demo", "--out", folder.resolve("first").toString());
        second = VaiRunner.run("demo", "--out", folder.resolve("second").toString());
    }

    @Test
    void theModelLearnsAndEverythingHolds() {
        assertThat(first.err()).isEmpty();
        assertThat(first.exitCode()).isZero();
        assertThat(first.out())
                .contains("stands on a rock outside the harbour", "is Orla Finch", "before         unknown");
    }

    @Test
    void eachStageAndEachRefusalIsTold() {
        List<String> lines = first.out().lines().toList();
        assertThat(lines.stream().filter(line -> line.matches("[0-9]+  .*"))).hasSize(10);
        assertThat(lines.stream().filter(line -> line.contains("verdict        REJECTED")))
                .hasSize(4);
        assertThat(first.out())
                .contains("FAIL  manifest.files", "manifest.key-binding", "FAIL  snp.tcb.minimum")
                .contains("pass  snp.signature", "pass  gpu.nonce", "pass  manifest.signature");
    }

    @Test
    void twoRunsGiveTheSameAdapter() throws Exception {
        assertThat(second.exitCode()).isZero();
        for (String file : List.of("adapter_model.safetensors", "adapter_config.json")) {
            assertThat(folder.resolve("second/adapter").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("first/adapter").resolve(file));
        }
    }

    @Test
    void theFolderHoldsWhatAnybodyNeedsToJudge() throws Exception {
        Path run = folder.resolve("first");
        JsonNode verdict =
                new ObjectMapper().readTree(run.resolve("verdict.json").toFile());
        assertThat(verdict.get("accepted").asBoolean()).isTrue();
        assertThat(verdict.get("checks").size()).isGreaterThan(30);
        assertThat(verdict.at("/facts/manifest.digest").asText()).hasSize(64);
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("<svg", "class=\"curve\"", "manifest.key-binding", "Accepted.");
        assertThat(run.resolve("adapter/claims.jsonl")).isNotEmptyFile();
        assertThat(run.resolve("policy.json")).isNotEmptyFile();
        assertThat(run.resolve("roots/amd.pem")).isNotEmptyFile();
    }

    @Test
    void aFolderOfSomebodyElseIsNotTouched(@TempDir Path other) throws Exception {
        Path precious = Files.writeString(other.resolve("thesis.txt"), "mine");

        VaiRunner.Result result = VaiRunner.run("demo", "--out", other.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--out must be a new folder");
        assertThat(precious).hasContent("mine");
    }

    @Test
    void aModelThatDoesNotLearnFailsTheDemo(@TempDir Path other) throws Exception {
        VaiRunner.Result result = VaiRunner.run(
                "demo",
                "--out",
                other.resolve("run").toString(),
                "--steps",
                "1",
                "--at",
                "2031-05-06T07:08:09Z",
                "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("the model did not learn the answer", "valid at 2031-05-06T07:08:09Z", "since 2031-05-06");
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.get("accepted").asBoolean()).isTrue();
        assertThat(json.get("shortfalls").toString()).contains("the model did not learn the answer");
        assertThat(json.at("/attacks/1/failed").toString()).contains("manifest.key-binding");
    }
}
