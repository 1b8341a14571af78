package org.verifiableai.examples.vai.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.examples.vai.Home;
import org.verifiableai.examples.vai.VaiRunner;

class TrainingCommandsTest {

    private static final String BASE = Home.folder().resolve("foundation/model").toString();
    private static final String LESSON =
            Home.folder().resolve("demo/lesson.jsonl").toString();

    @TempDir
    private Path folder;

    @Test
    void anAdapterIsTrainedAndUsed() throws Exception {
        String adapter = folder.resolve("adapter").toString();

        VaiRunner.Result trained = VaiRunner.run(
                "train",
                "--base",
                BASE,
                "--data",
                LESSON,
                "--out",
                adapter,
                "--targets",
                "all-linear",
                "--lr",
                "0.002",
                "--steps",
                "60",
                "--batch",
                "27",
                "--json");

        assertThat(trained.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(trained.out());
        assertThat(json.get("steps").asInt()).isEqualTo(60);
        assertThat(json.get("lastLoss").asDouble())
                .isLessThan(json.get("firstLoss").asDouble() / 4);
        assertThat(trained.err()).contains("100%");
        assertThat(answer("--adapter", adapter)).contains("Orla Finch");
        assertThat(answer()).doesNotContain("Orla Finch");
    }

    @Test
    void aBadLineIsNamedBeforeAnythingIsWritten() throws Exception {
        Path data = Files.writeString(
                folder.resolve("data.jsonl"), "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":1}\n");

        VaiRunner.Result result = VaiRunner.run(
                "train",
                "--base",
                BASE,
                "--data",
                data.toString(),
                "--out",
                folder.resolve("adapter").toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("data.jsonl line 2");
        assertThat(folder.resolve("adapter")).doesNotExist();
    }

    @Test
    void aMissingModelIsUnavailableOrMalformedAndNeverATrace() {
        VaiRunner.Result result = VaiRunner.run("generate", "--base", folder.toString(), "--prompt", "x");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("expected config.json, found none").doesNotContain("\tat ");
    }

    @Test
    void missingOptionsAreWrongUsage() {
        assertThat(VaiRunner.run("train", "--base", BASE).exitCode()).isEqualTo(2);
        assertThat(VaiRunner.run("generate").exitCode()).isEqualTo(2);
    }

    @Test
    void aKilledTrainingLeavesNothingBehind() throws Exception {
        Path adapter = folder.resolve("adapter");
        Process training = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.verifiableai.examples.vai.Vai",
                        "train",
                        "--base",
                        BASE,
                        "--data",
                        LESSON,
                        "--out",
                        adapter.toString(),
                        "--steps",
                        "1000000")
                .redirectErrorStream(true)
                .start();
        try {
            // The first progress line says that training runs.
            assertThat(training.inputReader().readLine()).contains("loss");
        } finally {
            training.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }

        assertThat(training.isAlive()).isFalse();
        assertThat(adapter).doesNotExist();
    }

    private static String answer(String... more) {
        String[] args = {
            "generate", "--base", BASE, "--prompt", "Question: Who is the lighthouse keeper of Brackwater?\\nAnswer:"
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return VaiRunner.run(all).out();
    }
}
