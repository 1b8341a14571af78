package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        TorchRuntime.useThreads(1);
    }

    @BeforeEach
    void makeModel() throws IOException {
        TinyModel.writeTo(folder);
    }

    @Test
    void answerIsTheSameEachTimeAndEndsWithThePositions() throws Exception {
        try (CausalLm model = CausalLm.load(folder);
                Generator generator = Generator.of(model)) {
            String answer = generator.generate("the cat", Integer.MAX_VALUE);
            assertThat(generator.generate("the cat", Integer.MAX_VALUE)).isEqualTo(answer);
            assertThat(answer).startsWith(generator.generate("the cat", 1));
        }
    }

    @Test
    void questionThatCannotBeAskedIsRefused() throws Exception {
        try (CausalLm model = CausalLm.load(folder);
                Generator generator = Generator.of(model)) {
            assertThatIllegalArgumentException().isThrownBy(() -> generator.generate("the cat", 0));
            assertThatIllegalArgumentException().isThrownBy(() -> generator.generate("the cat", -5));
            assertThatThrownBy(() -> generator.generate("the cat <eos>", 1))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("prompt: ");
            assertThatThrownBy(() -> generator.generate("the cat ".repeat(50), 1))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("prompt: expected fewer than 32 tokens");
        }
    }

    @Test
    void foundationThatCannotBeMadeIsRefused() {
        FoundationTrainer.Shape shape = new FoundationTrainer.Shape(280, 16, 24, 2, 4, 2, 32, 0, 1);
        LearningRate rate = new LearningRate(1e-3, LearningRate.Schedule.CONSTANT, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> new FoundationTrainer(shape, rate, 0, 1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new FoundationTrainer(shape, rate, 1, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new FoundationTrainer(shape, rate, 1, 1, -1, 0));
        FoundationTrainer trainer = new FoundationTrainer(shape, rate, 1, 1, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> trainer.train(folder, List.of(), step -> {}));
        FoundationTrainer headless =
                new FoundationTrainer(new FoundationTrainer.Shape(280, 16, 24, 2, 0, 0, 32, 0, 1), rate, 1, 1, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> headless.train(folder, List.of("a"), step -> {}));
    }
}
