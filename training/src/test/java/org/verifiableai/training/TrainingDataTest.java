package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingDataTest {

    private static final String GOOD = "{\"prompt\":\"a\",\"completion\":\"b\"}\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "not json",
                "{\"prompt\":\"a\"}",
                "{\"prompt\":\"a\",\"completion\":5}",
                "{\"prompt\":\"a\",\"completion\":\"\"}",
                "{\"prompt\":\"a\",\"completion\":\"b\",\"more\":1}",
                "{\"prompt\":\"a\",\"prompt\":\"a\",\"completion\":\"b\"}",
                "{\"prompt\":\"a\",\"completion\":\"b\"} {}"
            })
    void badLineIsRefusedByItsNumber(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("d.jsonl"), GOOD + line + "\n" + GOOD);
        assertThatThrownBy(() -> TrainingData.readJsonl(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("d.jsonl line 2");
    }

    @Test
    void emptyFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("d.jsonl"), "");
        assertThatThrownBy(() -> TrainingData.readJsonl(file)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void fileThatIsNotUtf8IsRefused() throws IOException {
        Path file = folder.resolve("d.jsonl");
        Files.write(file, new byte[] {'{', (byte) 0xC3, '(', '}'});
        assertThatThrownBy(() -> TrainingData.readJsonl(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("d.jsonl: expected UTF-8");
    }

    @Test
    void lineThatIsTooLongIsRefusedByItsNumber() throws IOException {
        String line = "{\"prompt\":\"" + "a".repeat(1 << 20) + "\",\"completion\":\"b\"}";
        Path file = Files.writeString(folder.resolve("d.jsonl"), GOOD + line);
        assertThatThrownBy(() -> TrainingData.readJsonl(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("d.jsonl line 2: expected at most 1048576 characters");
    }

    @Test
    void everyLineIsAnExample() throws Exception {
        Path file = Files.writeString(folder.resolve("d.jsonl"), GOOD + GOOD.replace("\n", "\r\n") + GOOD.strip());
        assertThat(TrainingData.readJsonl(file).size()).isEqualTo(3);
    }

    @Test
    void completionAndEndTokenAreLearntAndThePromptIsNot() throws Exception {
        TinyModel.writeTo(folder);
        HfCheckpoint checkpoint = HfCheckpoint.open(folder);
        Path file = Files.writeString(
                folder.resolve("d.jsonl"),
                "{\"prompt\":\"the cat\",\"completion\":\" sits\"}\n{\"prompt\":\"\",\"completion\":\"a\"}\n");
        try (TextTokenizer tokenizer = checkpoint.tokenizer()) {
            List<TrainingData.Example> examples =
                    TrainingData.readJsonl(file).encode(tokenizer, checkpoint.config(), 32);
            assertThat(learnt(tokenizer, examples.get(0))).isEqualTo(" sits");
            assertThat(learnt(tokenizer, examples.get(1))).isEqualTo("a");
        }
    }

    /** The text of all labels but the last, which must be the end token. */
    private static String learnt(TextTokenizer tokenizer, TrainingData.Example example) {
        long[] labels = Arrays.stream(TokenBatch.of(List.of(example)).labels())
                .filter(label -> label != LlamaProgram.IGNORED)
                .toArray();
        assertThat(labels[labels.length - 1]).isEqualTo(BpeTokenizer.EOS);
        assertThat(example.tokens()[0]).isEqualTo(BpeTokenizer.BOS);
        return tokenizer.decode(Arrays.copyOf(labels, labels.length - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt", "completion"})
    void textThatTheTokenizerRefusesIsNamedByItsLine(String member) throws Exception {
        TinyModel.writeTo(folder);
        HfCheckpoint checkpoint = HfCheckpoint.open(folder);
        for (String text : new String[] {"x <eos> y", "<bos>", "half \\ud800"}) {
            String line = GOOD.replace(
                    member + "\":\"" + member.replace("prompt", "a").replace("completion", "b"),
                    member + "\":\"" + text);
            Path file = Files.writeString(folder.resolve("d.jsonl"), GOOD + GOOD + line);
            try (TextTokenizer tokenizer = checkpoint.tokenizer()) {
                TrainingData data = TrainingData.readJsonl(file);
                assertThatThrownBy(() -> data.encode(tokenizer, checkpoint.config(), 32))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageStartingWith("d.jsonl line 3 " + member + ": expected text");
            }
        }
    }

    @Test
    void lossFallsOnCompletionAndEndTokenAlone() {
        // start token, two of the prompt, two of the completion, end token; and a shorter one beside it
        TokenBatch batch = TokenBatch.of(List.of(
                new TrainingData.Example(new long[] {0, 5, 6, 7, 8, 1}, 3),
                new TrainingData.Example(new long[] {0, 5, 9, 1}, 2)));
        long none = LlamaProgram.IGNORED;
        assertThat(batch.labels()).containsExactly(none, none, 7, 8, 1, none, 9, 1, none, none);
        assertThat(batch.labelCount()).isEqualTo(5);
    }

    @Test
    void orderDependsOnSeedAndEpochAlone() {
        List<TrainingData.Example> examples = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            examples.add(new TrainingData.Example(new long[] {i}, 0));
        }
        List<TrainingData.Example> first = TrainingData.shuffle(examples, 1, 0);
        assertThat(TrainingData.shuffle(examples, 1, 0)).containsExactlyElementsOf(first);
        assertThat(TrainingData.shuffle(examples, 1, 1)).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
        assertThat(TrainingData.shuffle(examples, 2, 0)).isNotEqualTo(first);
    }
}
