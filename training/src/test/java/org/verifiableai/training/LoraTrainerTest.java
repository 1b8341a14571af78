package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraTrainerTest {

    private static final List<String> DOCUMENTS = TinyModel.DOCUMENTS;

    private static final int STEPS = 120;

    @TempDir
    Path folder;

    private Path base;
    private Path data;

    @BeforeAll
    static void oneThread() {
        TorchRuntime.useThreads(1);
    }

    @BeforeEach
    void makeModel() throws IOException {
        base = folder.resolve("base");
        TinyModel.writeTo(base);
        data = Files.writeString(folder.resolve("data.jsonl"), """
                {"prompt": "the cat", "completion": " sings."}
                {"prompt": "the dog", "completion": " sits."}
                {"prompt": "a bird", "completion": " runs."}
                """);
    }

    @Test
    void modelIsTaughtSavedLoadedAndAsked() throws Exception {
        List<Double> losses = foundation(base).train(base, DOCUMENTS, step -> {});
        assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) / 5);
        List<TrainingStep> steps = new ArrayList<>();
        try (CausalLm model = CausalLm.load(base)) {
            TrainingResult result =
                    trainer(1).steps(STEPS).listener(steps::add).build().train(model, TrainingData.readJsonl(data));
            result.adapter().save(folder.resolve("adapter"));
            LoraAdapter adapter = LoraAdapter.load(folder.resolve("adapter"), model.checkpoint());

            assertThat(steps).hasSize(STEPS);
            assertThat(result.losses().get(STEPS - 1))
                    .isLessThan(result.losses().get(0) / 5);
            try (Generator before = Generator.of(model);
                    Generator after = Generator.of(model, adapter)) {
                assertThat(before.generate("the cat", 12)).isEqualTo(" sits.");
                assertThat(after.generate("the cat", 12)).isEqualTo(" sings.");
                assertThat(after.generate("the dog", 12)).isEqualTo(" sits.");
            }
        }
    }

    @Test
    void foundationIsRemadeWithTheSameBytes() throws Exception {
        foundation(base).train(base, DOCUMENTS, step -> {});
        byte[] first = Files.readAllBytes(base.resolve("model.safetensors"));
        foundation(base).train(base, DOCUMENTS, step -> {});
        assertThat(Files.readAllBytes(base.resolve("model.safetensors"))).isEqualTo(first);
    }

    @Test
    void sameSeedGivesTheSameBytesAndAnotherSeedDoesNot() throws Exception {
        assertThat(adapterBytes(1)).isEqualTo(adapterBytes(1)).isNotEqualTo(adapterBytes(2));
    }

    @Test
    void filesHaveTheNamesOfPeft() throws Exception {
        adapterBytes(1);
        Path adapter = folder.resolve("adapter1");
        JsonNode config = new ObjectMapper().readTree(Files.readAllBytes(adapter.resolve("adapter_config.json")));
        List<String> keys = new ArrayList<>();
        config.fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .isSorted()
                .contains(
                        "alpha_pattern",
                        "auto_mapping",
                        "base_model_name_or_path",
                        "bias",
                        "fan_in_fan_out",
                        "inference_mode",
                        "init_lora_weights",
                        "layers_pattern",
                        "layers_to_transform",
                        "lora_alpha",
                        "lora_dropout",
                        "modules_to_save",
                        "peft_type",
                        "r",
                        "rank_pattern",
                        "revision",
                        "target_modules",
                        "task_type",
                        "use_dora",
                        "use_rslora");
        assertThat(config.get("base_model_name_or_path").textValue()).isEqualTo("base");
        assertThat(config.get("target_modules")).hasToString("[\"down_proj\",\"q_proj\",\"v_proj\"]");
        try (SafetensorsFile file = SafetensorsFile.open(adapter.resolve("adapter_model.safetensors"))) {
            assertThat(file.entries()).hasSize(12);
            assertThat(shape(file, "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"))
                    .containsExactly(4, 16);
            assertThat(shape(file, "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight"))
                    .containsExactly(16, 4);
        }
        assertThat(adapter.toFile().list())
                .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors");
    }

    @Test
    void accumulatedBatchesAreOneBatch() throws Exception {
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            List<Double> whole = trainer(3)
                    .steps(5)
                    .batchSize(3)
                    .build()
                    .train(model, records)
                    .losses();
            List<Double> parts = trainer(3)
                    .steps(5)
                    .batchSize(1)
                    .accumulate(3)
                    .build()
                    .train(model, records)
                    .losses();
            for (int i = 0; i < 5; i++) {
                assertThat(parts.get(i)).isCloseTo(whole.get(i), within(1e-4));
            }
        }
    }

    @Test
    void twoBatchesOfTwoGiveTheAdapterOfOneBatchOfFour() throws Exception {
        Files.writeString(data, """
                {"prompt": "the cat", "completion": " sings. the dog runs."}
                {"prompt": "the dog", "completion": " sits."}
                {"prompt": "a bird", "completion": " runs."}
                {"prompt": "a", "completion": "b"}
                """);
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            LoraTrainer.Builder slow = trainer(3).learningRate(1e-3).steps(5);
            List<FloatTensor> whole =
                    slow.batchSize(4).build().train(model, records).adapter().tensors();
            List<FloatTensor> parts = slow.batchSize(2)
                    .accumulate(2)
                    .build()
                    .train(model, records)
                    .adapter()
                    .tensors();
            for (int i = 0; i < whole.size(); i++) {
                assertThat(parts.get(i).values())
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(whole.get(i).values());
            }
        }
    }

    @Test
    void stepLargerThanTheDataTakesEveryExampleOnce() throws Exception {
        List<TrainingStep> steps = new ArrayList<>();
        try (CausalLm model = CausalLm.load(base)) {
            trainer(1)
                    .epochs(2)
                    .batchSize(2)
                    .accumulate(Integer.MAX_VALUE)
                    .listener(steps::add)
                    .build()
                    .train(model, TrainingData.readJsonl(data));
        }
        assertThat(steps).extracting(TrainingStep::total).containsExactly(2, 2);
        assertThat(steps.get(0).tokens()).isEqualTo(steps.get(1).tokens());
    }

    @Test
    void adapterThatTheLastStepThrewOutOfTheNumbersIsNotGiven() throws Exception {
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            LoraTrainer absurd = trainer(1).learningRate(1e39).steps(1).build();
            assertThatThrownBy(() -> absurd.train(model, records))
                    .isInstanceOfSatisfying(
                            DivergedException.class, e -> assertThat(e.step()).isEqualTo(1))
                    .hasMessageContaining("learning rate");
        }
    }

    @Test
    void absurdLearningRateStopsTheTraining() throws Exception {
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            LoraTrainer absurd = trainer(1).learningRate(1e39).steps(10).build();
            assertThatThrownBy(() -> absurd.train(model, records))
                    .isInstanceOfSatisfying(
                            DivergedException.class, e -> assertThat(e.step()).isEqualTo(2));
        }
    }

    @Test
    void exampleThatIsTooLongIsRefusedByItsLine() throws Exception {
        String prompt = "the cat. ".repeat(20);
        Files.writeString(data, "{\"prompt\": \"" + prompt + "\", \"completion\": \" sings.\"}\n");
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            assertThatThrownBy(() -> trainer(1).build().train(model, records))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("data.jsonl line 1: expected at most 32 tokens, found ");
            assertThatThrownBy(() -> trainer(1).maxLength(5).build().train(model, records))
                    .hasMessageContaining("at most 5 tokens");
        }
    }

    @Test
    void environmentSaysWhatComputed() throws Exception {
        try (CausalLm model = CausalLm.load(base)) {
            TrainingResult result = trainer(1).steps(1).build().train(model, TrainingData.readJsonl(data));
            assertThat(result.environment())
                    .containsOnlyKeys("device", "djl", "java", "platform", "pytorch", "threads")
                    .containsEntry("device", "cpu")
                    .containsEntry("threads", "1");
            assertThat(result.environment().values()).noneMatch(String::isBlank);
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        LoraTrainer.Builder builder = trainer(1);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.epochs(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.steps(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.batchSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.accumulate(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxLength(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.weightDecay(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxGradientNorm(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.learningRate(Double.POSITIVE_INFINITY));
    }

    @Test
    void lossThatIsNotANumberStopsTheTraining() throws Exception {
        LlamaConfig config = HfCheckpoint.open(base).config();
        List<FloatTensor> weights = TinyModel.weights(config);
        java.util.Arrays.fill(weights.get(0).values(), Float.NaN);
        HfCheckpoint.write(base, config, weights);
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            assertThatThrownBy(() -> trainer(1).build().train(model, records)).isInstanceOf(DivergedException.class);
        }
    }

    @Test
    void specialTokenInARecordIsRefusedByItsLine() throws Exception {
        Files.writeString(data, "{\"prompt\": \"the <eos> cat\", \"completion\": \" sings.\"}\n");
        try (CausalLm model = CausalLm.load(base)) {
            TrainingData records = TrainingData.readJsonl(data);
            assertThatThrownBy(() -> trainer(1).build().train(model, records))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("data.jsonl line 1 prompt");
        }
    }

    @Test
    void weightThatTheModelDoesNotKnowIsRefused() throws Exception {
        LlamaConfig config = HfCheckpoint.open(base).config();
        TreeMap<String, FloatTensor> named = new TreeMap<>();
        List<String> names = List.copyOf(HfCheckpoint.layout(config).keySet());
        List<FloatTensor> weights = TinyModel.weights(config);
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), weights.get(i));
        }
        named.put("model.layers.0.self_attn.q_proj.bias", new FloatTensor(new int[] {16}, new float[16]));
        Safetensors.write(base.resolve("model.safetensors"), named);
        assertThatThrownBy(() -> CausalLm.load(base)).hasMessageContaining("model.layers.0.self_attn.q_proj.bias");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"peft_type\" : \"LORA\" | \"peft_type\" : \"IA3\" | peft_type",
                "\"use_dora\" : false | \"use_dora\" : true | use_dora",
                "\"use_rslora\" : false | \"use_rslora\" : true | use_rslora",
                "\"bias\" : \"none\" | \"bias\" : \"all\" | bias",
                "\"modules_to_save\" : null | \"modules_to_save\" : [\"lm_head\"] | modules_to_save",
                "\"init_lora_weights\" : true | \"init_lora_weights\" : \"pissa\" | init_lora_weights",
                "\"r\" : 4 | \"r\" : \"four\" | r",
                "\"r\" : 4 | \"r\" : 5 | shape",
                "\"lora_alpha\" : 8 | \"lora_alpha\" : 8.5 | lora_alpha",
                "\"lora_alpha\" : 8 | \"lora_alpha\" : 0 | lora_alpha",
                "\"down_proj\" | \"up_proj\" | up_proj"
            })
    void adapterThatCannotBeComputedIsRefusedByName(String from, String to, String named) throws Exception {
        adapterBytes(1);
        Path config = folder.resolve("adapter1/adapter_config.json");
        String json = Files.readString(config);
        assertThat(json).contains(from);
        Files.writeString(config, json.replace(from, to));
        HfCheckpoint checkpoint = HfCheckpoint.open(base);
        assertThatThrownBy(() -> LoraAdapter.load(folder.resolve("adapter1"), checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(named);
    }

    private static FoundationTrainer foundation(Path folder) throws Exception {
        int vocabulary = HfCheckpoint.open(folder).config().vocabSize();
        return new FoundationTrainer(
                new FoundationTrainer.Shape(vocabulary, 32, 48, 2, 4, 2, 32, 0, 1),
                new LearningRate(1e-2, LearningRate.Schedule.COSINE, 10),
                150,
                3,
                0.01,
                5);
    }

    private static int[] shape(SafetensorsFile file, String name) {
        return Objects.requireNonNull(file.entries().get(name)).shape();
    }

    private byte[] adapterBytes(long seed) throws Exception {
        Path adapter = folder.resolve("adapter" + seed);
        try (CausalLm model = CausalLm.load(base)) {
            trainer(seed)
                    .steps(6)
                    .build()
                    .train(model, TrainingData.readJsonl(data))
                    .adapter()
                    .save(adapter);
        }
        return Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
    }

    private static LoraTrainer.Builder trainer(long seed) {
        return LoraTrainer.builder(LoraConfig.of(4, 8, List.of("q_proj", "v_proj", "down_proj")))
                .learningRate(new LearningRate(2e-2, LearningRate.Schedule.COSINE, 5))
                .steps(60)
                .batchSize(2)
                .seed(seed);
    }
}
