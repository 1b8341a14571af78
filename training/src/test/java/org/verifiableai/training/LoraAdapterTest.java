package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraAdapterTest {

    private static final LoraConfig LORA = LoraConfig.of(2, 3, List.of("v_proj", "q_proj", "down_proj"));
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String FIRST = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";

    @TempDir
    Path folder;

    private Path saved;
    private HfCheckpoint base;
    private LoraAdapter adapter;

    @BeforeAll
    static void oneThread() {
        TorchRuntime.useThreads(1);
    }

    @BeforeEach
    void saveAdapter() throws Exception {
        Path model = folder.resolve("base");
        TinyModel.writeTo(model);
        base = HfCheckpoint.open(model);
        adapter = new LoraAdapter(
                LORA, base.name(), LoraAdapter.names(base.config(), LORA), TinyModel.adapters(base.config(), LORA));
        saved = folder.resolve("adapter");
        adapter.save(saved);
    }

    @Test
    void tensorsAreNamedAndShapedAsByPeft() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            String at = "base_model.model.model.layers." + layer + ".";
            expected.add(at + "mlp.down_proj.lora_A.weight F32 [2, 24]");
            expected.add(at + "mlp.down_proj.lora_B.weight F32 [16, 2]");
            expected.add(at + "self_attn.q_proj.lora_A.weight F32 [2, 16]");
            expected.add(at + "self_attn.q_proj.lora_B.weight F32 [16, 2]");
            expected.add(at + "self_attn.v_proj.lora_A.weight F32 [2, 16]");
            expected.add(at + "self_attn.v_proj.lora_B.weight F32 [8, 2]");
        }
        List<String> found = new ArrayList<>();
        try (SafetensorsFile file = SafetensorsFile.open(saved.resolve(WEIGHTS))) {
            for (Safetensors.Entry entry : file.entries().values()) {
                found.add(entry.name() + " " + entry.dtype() + " " + java.util.Arrays.toString(entry.shape()));
            }
        }
        assertThat(found).containsExactlyElementsOf(expected);
        assertThat(Files.readString(saved.resolve(WEIGHTS), java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("{\"__metadata__\":{\"format\":\"pt\"},");
    }

    @Test
    void configurationHasTheKeysOfEveryPeftInOrder() throws IOException {
        assertThat(saved.resolve(CONFIG)).hasContent("""
                {
                  "alpha_pattern" : { },
                  "auto_mapping" : null,
                  "base_model_name_or_path" : "base",
                  "bias" : "none",
                  "fan_in_fan_out" : false,
                  "inference_mode" : true,
                  "init_lora_weights" : true,
                  "layers_pattern" : null,
                  "layers_to_transform" : null,
                  "lora_alpha" : 3,
                  "lora_dropout" : 0.0,
                  "modules_to_save" : null,
                  "peft_type" : "LORA",
                  "r" : 2,
                  "rank_pattern" : { },
                  "revision" : null,
                  "target_modules" : [ "down_proj", "q_proj", "v_proj" ],
                  "task_type" : "CAUSAL_LM",
                  "use_dora" : false,
                  "use_rslora" : false
                }
                """);
    }

    @Test
    void loadedAdapterIsSavedWithTheSameBytesAndGivesTheSameScores() throws Exception {
        LoraAdapter loaded = LoraAdapter.load(saved, base);
        loaded.save(folder.resolve("again"));

        assertThat(loaded.config()).isEqualTo(LORA);
        assertThat(loaded.baseModel()).isEqualTo("base");
        for (String name : new String[] {CONFIG, WEIGHTS}) {
            assertThat(folder.resolve("again").resolve(name)).hasSameBinaryContentAs(saved.resolve(name));
        }
        assertThat(logits(loaded)).isEqualTo(logits(adapter));
        assertThat(logits(loaded)).isNotEqualTo(logits(null));
    }

    private float[] logits(@org.jspecify.annotations.Nullable LoraAdapter with) throws Exception {
        try (LlamaProgram program = LlamaProgram.forInference(
                base.config(),
                base.weights(),
                with == null ? null : with.config(),
                with == null ? List.of() : with.tensors())) {
            return program.logits(new long[] {0, 70, 80, 90});
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "peft_type | \"LOHA\"",
                "peft_type | null",
                "use_dora | true",
                "use_rslora | true",
                "rank_pattern | {\"q_proj\": 4}",
                "alpha_pattern | {\"q_proj\": 4}",
                "bias | \"lora_only\"",
                "fan_in_fan_out | true",
                "modules_to_save | [\"lm_head\"]",
                "layers_to_transform | [0]",
                "layers_to_transform | 0",
                "init_lora_weights | \"olora\"",
                "target_modules | \"all-linear\"",
                "target_modules | []",
                "target_modules | [1]",
                "target_modules | [\"embed_tokens\"]",
                "target_modules | null",
                "r | 0",
                "r | 2147483648",
                "r | null",
                "lora_alpha | \"3\"",
                "use_qalora | true",
                "lora_bias | true",
                "exclude_modules | [\"q_proj\"]",
                "layer_replication | [[0, 2]]",
                "alora_invocation_tokens | [1, 2]",
                "trainable_token_indices | [1]",
                "a_setting_of_tomorrow | 1"
            })
    void settingThatCannotBeComputedIsRefusedByName(String name, String value) throws Exception {
        set(name, value);
        assertThatThrownBy(() -> LoraAdapter.load(saved, base))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(CONFIG)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lora_dropout | 0.05",
                "peft_version | \"0.18.0\"",
                "megatron_core | \"megatron.core\"",
                "megatron_config | null",
                "loftq_config | {}",
                "qalora_group_size | 16",
                "use_qalora | false",
                "exclude_modules | null",
                "init_lora_weights | \"gaussian\"",
                "base_model_name_or_path | null",
                "lora_alpha | 3.0",
                "a_setting_of_tomorrow | null"
            })
    void settingWithoutEffectIsAccepted(String name, String value) throws Exception {
        set(name, value);
        assertThat(LoraAdapter.load(saved, base).config()).isEqualTo(LORA);
    }

    @Test
    void settingThatIsLeftOutHasTheDefaultOfPeft() throws Exception {
        adapter = new LoraAdapter(
                LoraConfig.of(8, 8, List.of("q_proj")),
                "",
                LoraAdapter.names(base.config(), LoraConfig.of(8, 8, List.of("q_proj"))),
                TinyModel.adapters(base.config(), LoraConfig.of(8, 8, List.of("q_proj"))));
        adapter.save(saved);
        Files.writeString(saved.resolve(CONFIG), "{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"]}");
        assertThat(LoraAdapter.load(saved, base).config()).isEqualTo(adapter.config());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]", "null", "{", "{} {}", "{\"r\": 1, \"r\": 1}", "'' "})
    void configurationThatIsNoObjectIsRefused(String json) throws IOException {
        Files.writeString(saved.resolve(CONFIG), json);
        assertThatThrownBy(() -> LoraAdapter.load(saved, base))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(CONFIG);
    }

    @ParameterizedTest
    @CsvSource({
        "base_model.model.lm_head.weight",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector",
        "base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight",
        "base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias"
    })
    void foreignTensorIsRefusedByName(String name) throws Exception {
        SortedMap<String, FloatTensor> tensors = tensors();
        tensors.put(name, new FloatTensor(new int[] {1}, new float[1]));
        Safetensors.write(saved.resolve(WEIGHTS), tensors);
        assertThatThrownBy(() -> LoraAdapter.load(saved, base))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(WEIGHTS + ": expected tensors of the target modules alone, found [" + name + "]");
    }

    @Test
    void missingTensorIsRefusedByName() throws Exception {
        SortedMap<String, FloatTensor> tensors = tensors();
        tensors.remove(FIRST);
        Safetensors.write(saved.resolve(WEIGHTS), tensors);
        assertThatThrownBy(() -> LoraAdapter.load(saved, base))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(WEIGHTS + ": expected a tensor " + FIRST + ", found none");
    }

    @Test
    void tensorOfAnotherShapeIsRefusedByName() throws Exception {
        SortedMap<String, FloatTensor> tensors = tensors();
        float[] values = Objects.requireNonNull(tensors.get(FIRST)).values();
        tensors.put(FIRST, new FloatTensor(new int[] {16, 2}, values));
        Safetensors.write(saved.resolve(WEIGHTS), tensors);
        assertThatThrownBy(() -> LoraAdapter.load(saved, base))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(WEIGHTS + " " + FIRST + ": expected shape [2, 16], found [16, 2]");
    }

    @Test
    void saveThatFailsLeavesNoOldSettingsBesideNewWeights() throws Exception {
        Files.delete(saved.resolve(WEIGHTS));
        Files.createDirectories(saved.resolve(WEIGHTS).resolve("in-the-way"));
        assertThatThrownBy(() -> adapter.save(saved)).isInstanceOf(IOException.class);
        assertThat(saved.toFile().list()).containsExactly(WEIGHTS);
    }

    @Test
    void adapterOfAnotherModelIsNotAsked() throws Exception {
        LlamaConfig deeper =
                new LlamaConfig(280, 16, 24, 3, 4, 2, 4, 1e-5, new LlamaConfig.Rope(10_000, null), true, 32, 0, 1);
        LoraAdapter other =
                new LoraAdapter(LORA, "other", LoraAdapter.names(deeper, LORA), TinyModel.adapters(deeper, LORA));
        try (CausalLm model = CausalLm.load(base.folder())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Generator.of(model, other))
                    .withMessageContaining("adapter of other does not fit");
        }
    }

    private SortedMap<String, FloatTensor> tensors() throws Exception {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(saved.resolve(WEIGHTS))) {
            for (Safetensors.Entry entry : file.entries().values()) {
                tensors.put(entry.name(), file.read(entry, entry.shape()));
            }
        }
        return tensors;
    }

    private void set(String name, String value) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode config = (ObjectNode) mapper.readTree(Files.readAllBytes(saved.resolve(CONFIG)));
        JsonNode parsed = mapper.readTree(value);
        config.set(name, parsed);
        Files.writeString(saved.resolve(CONFIG), config.toString());
    }
}
