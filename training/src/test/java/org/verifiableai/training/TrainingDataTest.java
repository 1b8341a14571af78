package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
