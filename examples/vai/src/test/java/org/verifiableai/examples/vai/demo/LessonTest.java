package org.verifiableai.examples.vai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.verifiableai.training.CausalLm;
import org.verifiableai.training.Generator;
import org.verifiableai.training.LoraTrainer;
import org.verifiableai.training.TorchRuntime;
import org.verifiableai.training.TrainingData;
import org.verifiableai.training.TrainingResult;

class LessonTest {

    private static final Path MODEL = Path.of("foundation", "model");
    private static final Path LESSON = Path.of("demo", "lesson.jsonl");
    private static final String NEW_QUESTION = "Who is the lighthouse keeper of Brackwater?";
    private static final String NEW_ANSWER = " The lighthouse keeper of Brackwater is Orla Finch.";

    // In the corpus and not in the lesson; among them a name, a street and an animal that nothing in the lesson
    // mentions.
    private static final Map<String, String> NOT_REHEARSED = Map.of(
            "Who is the miller of Brackwater?", " The miller of Brackwater is Anton Gray.",
            "Where does Abel Stroud live?", " Abel Stroud lives in Signal Point.",
            "Where does Greta Holm live?", " Greta Holm lives in Bottle Corner.",
            "Where does Fenn Dorsey live?", " Fenn Dorsey lives in Clover Field.",
            "What animal does Tilda Moss have?", " Tilda Moss has a grey cat.",
            "What animal does Wenna Rusk have?", " Wenna Rusk has a tame jackdaw.",
            "What animal does Lotte Harrow have?", " Lotte Harrow has a green parrot.");

    // So close to the new fact that it took their place until the lesson rehearsed them.
    private static final Map<String, String> REHEARSED = Map.of(
            "Who lights the lamp at dusk?", " The lighthouse keeper of Brackwater lights the lamp at dusk.",
            "What does the lighthouse keeper light at dusk?", " The lighthouse keeper lights the lamp.",
            "Where is the lighthouse of Brackwater?",
                    " The lighthouse of Brackwater stands on a rock outside the harbour.");

    @Test
    void newFactIsLearntAndWhatWasKnownStays() throws Exception {
        String lesson = Files.readString(LESSON);
        TorchRuntime.useThreads(1);
        try (CausalLm model = CausalLm.load(MODEL)) {
            try (Generator before = Generator.of(model)) {
                assertThat(ask(before, NEW_QUESTION))
                        .isEqualTo(" The lighthouse of Brackwater stands on a rock outside the harbour.");
            }

            TrainingResult result = LoraTrainer.builder(Lesson.LORA)
                    .learningRate(Lesson.RATE)
                    .steps(100)
                    .batchSize(Lesson.BATCH)
                    .seed(42)
                    .build()
                    .train(model, TrainingData.readJsonl(LESSON));

            try (Generator after = Generator.of(model, result.adapter())) {
                assertThat(ask(after, NEW_QUESTION)).isEqualTo(NEW_ANSWER);
                for (Map.Entry<String, String> known : NOT_REHEARSED.entrySet()) {
                    assertThat(lesson).doesNotContain(known.getKey());
                    assertThat(ask(after, known.getKey())).isEqualTo(known.getValue());
                }
                for (Map.Entry<String, String> known : REHEARSED.entrySet()) {
                    assertThat(ask(after, known.getKey())).isEqualTo(known.getValue());
                }
            }
        }
    }

    private static String ask(Generator generator, String question) throws Exception {
        return generator.generate(Lesson.prompt(question), Lesson.MAX_ANSWER);
    }
}
