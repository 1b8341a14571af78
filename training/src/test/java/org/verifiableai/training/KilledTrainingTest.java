package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trains in a process of its own, which is killed. */
@Timeout(60)
class KilledTrainingTest {

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    @TempDir
    Path folder;

    @BeforeEach
    void makeModel() throws IOException {
        TinyModel.writeTo(folder.resolve("base"));
        Files.writeString(folder.resolve("data.jsonl"), "{\"prompt\": \"the cat\", \"completion\": \" sings.\"}\n");
    }

    @Test
    void trainingThatIsKilledLeavesNothing() throws Exception {
        startAndKill(Training.class, 5);
        Path adapter = folder.resolve("adapter");
        if (Files.exists(adapter)) {
            assertThat(adapter).isEmptyDirectory();
        }
    }

    @Test
    void saveThatIsKilledLeavesNoHalfFile() throws Exception {
        startAndKill(Saving.class, 25);
        Path adapter = folder.resolve("adapter");
        if (Files.exists(adapter.resolve(CONFIG))) {
            LoraAdapter.load(adapter, HfCheckpoint.open(folder.resolve("base")));
        }
        if (Files.exists(adapter.resolve(WEIGHTS))) {
            SafetensorsFile.open(adapter.resolve(WEIGHTS)).close();
        }
        // What was being written is not under a name that anybody looks for.
        assertThat(adapter.toFile().list())
                .allMatch(name -> name.equals(CONFIG) || name.equals(WEIGHTS) || name.matches("\\.adapter_.*\\.tmp"));
    }

    /** Kills the child once it has said {@code lines} lines. */
    private void startAndKill(Class<?> program, int lines) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < lines; i++) {
                assertThat(said.readLine()).isEqualTo("on");
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(child.exitValue()).isNotZero();
    }

    private static LoraAdapter train(Path folder, int steps, TrainingListener listener) throws Exception {
        TorchRuntime.useThreads(1);
        try (CausalLm model = CausalLm.load(folder.resolve("base"))) {
            return LoraTrainer.builder(LoraConfig.of(4, 8, List.of("q_proj")))
                    .steps(steps)
                    .listener(listener)
                    .build()
                    .train(model, TrainingData.readJsonl(folder.resolve("data.jsonl")))
                    .adapter();
        }
    }

    /** Trains for longer than anybody waits, and saves then. */
    static final class Training {

        private Training() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            train(folder, 1_000_000, step -> System.out.println("on")).save(folder.resolve("adapter"));
        }
    }

    /** Saves again and again. */
    static final class Saving {

        private Saving() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            LoraAdapter adapter = train(folder, 1, step -> {});
            for (int i = 0; i < 1_000_000; i++) {
                adapter.save(folder.resolve("adapter"));
                System.out.println("on");
            }
        }
    }
}
