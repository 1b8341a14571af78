package org.verifiableai.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The A and B of every adapted linear map, in PEFT's folder form: {@code adapter_config.json} and
 * {@code adapter_model.safetensors}. Immutable; equal adapters are equal bytes.
 */
public final class LoraAdapter {

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";
    private static final long MAX_CONFIG_SIZE = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Settings of PEFT that this version does not compute, with the values that switch them off. */
    private static final Map<String, Set<String>> OFF = Map.of(
            "bias", Set.of("\"none\""),
            "fan_in_fan_out", Set.of("false"),
            // Other ways to begin change the base as well, and an adapter alone does not say how.
            "init_lora_weights", Set.of("true", "false", "\"gaussian\"", "\"orthogonal\"", "\"eva\""),
            "use_rslora", Set.of("false"),
            "use_dora", Set.of("false"),
            "modules_to_save", Set.of("null", "[]"),
            "layers_to_transform", Set.of("null", "[]"),
            "rank_pattern", Set.of("{}", "null"),
            "alpha_pattern", Set.of("{}", "null"));

    /** Settings that do not change what an adapter computes once it is trained, whatever they say. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "eva_config",
            "inference_mode",
            "layers_pattern",
            "lora_dropout",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision",
            "task_type");

    private static final Set<String> READ = Set.of("lora_alpha", "peft_type", "r", "target_modules");

    /** What a setting that this version has never heard of must be, or it may change the computation. */
    private static final Set<String> NOTHING = Set.of("null", "false", "[]", "{}");

    private final LoraConfig config;
    private final String baseModel;
    private final List<FloatTensor> tensors;
    private final List<String> names;

    LoraAdapter(LoraConfig config, String baseModel, List<String> names, List<FloatTensor> tensors) {
        this.config = config;
        this.baseModel = baseModel;
        this.names = List.copyOf(names);
        this.tensors = List.copyOf(tensors);
    }

    /** How the model is adapted. */
    public LoraConfig config() {
        return config;
    }

    /** What the adapter says its base model is; a name or a path, and no proof. */
    public String baseModel() {
        return baseModel;
    }

    /**
     * The same adapter with another name of its base model in {@code adapter_config.json}: whoever loads it looks for the
     * model under that name.
     */
    public LoraAdapter withBaseModel(String name) {
        return new LoraAdapter(config, Objects.requireNonNull(name, "name"), names, tensors);
    }

    /**
     * Writes both files. Each is whole or not there, and the configuration, without which nobody loads the weights, comes
     * last; an older one goes first, so that a save that is cut short never leaves new weights under old settings.
     *
     * @throws IOException if the folder cannot be written to
     */
    public void save(Path folder) throws IOException {
        SortedMap<String, FloatTensor> named = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            named.put(PREFIX + names.get(i), tensors.get(i));
        }
        Files.deleteIfExists(folder.resolve(CONFIG));
        Safetensors.write(folder.resolve(WEIGHTS), named);
        AtomicFile.write(folder.resolve(CONFIG), out -> out.write(configJson().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads a PEFT adapter for a model.
     *
     * @throws IOException if a file cannot be read
     * @throws CheckpointException if it is not a LoRA adapter, uses what this version does not compute, or does not fit
     *     the model
     */
    public static LoraAdapter load(Path folder, HfCheckpoint base) throws IOException, CheckpointException {
        Path configFile = folder.resolve(CONFIG);
        if (Files.size(configFile) > MAX_CONFIG_SIZE) {
            throw new CheckpointException(
                    CONFIG, "at most " + MAX_CONFIG_SIZE + " bytes", Files.size(configFile) + " bytes");
        }
        JsonNode json = parse(Files.readString(configFile, StandardCharsets.UTF_8));
        LoraConfig config = config(json);
        List<String> names = names(base.config(), config);
        List<FloatTensor> tensors = new ArrayList<>();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
            Set<String> unknown = new TreeSet<>(file.entries().keySet());
            List<int[]> shapes = shapes(base.config(), config);
            for (int i = 0; i < names.size(); i++) {
                String name = PREFIX + names.get(i);
                Safetensors.Entry entry = file.entries().get(name);
                if (entry == null) {
                    throw new CheckpointException(WEIGHTS, "a tensor " + name, "none");
                }
                tensors.add(file.read(entry, shapes.get(i)));
                unknown.remove(name);
            }
            if (!unknown.isEmpty()) {
                throw new CheckpointException(WEIGHTS, "tensors of the target modules alone", unknown.toString());
            }
        }
        return new LoraAdapter(config, json.path("base_model_name_or_path").asText(""), names, tensors);
    }

    /** Whether it has a tensor of the right shape for each adapted map of {@code model}, and no other. */
    boolean fits(LlamaConfig model) {
        List<int[]> shapes = shapes(model, config);
        boolean fits = names.equals(names(model, config)) && tensors.size() == shapes.size();
        for (int i = 0; fits && i < shapes.size(); i++) {
            fits = tensors.get(i).hasShape(shapes.get(i));
        }
        return fits;
    }

    List<FloatTensor> tensors() {
        return tensors;
    }

    /** The names of A and B of each adapted map, in the order of the script. */
    static List<String> names(LlamaConfig model, LoraConfig config) {
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (Linear linear : config.targets()) {
                names.add(linear.nameIn(layer) + ".lora_A.weight");
                names.add(linear.nameIn(layer) + ".lora_B.weight");
            }
        }
        return names;
    }

    /** The shapes that belong to {@link #names}. */
    static List<int[]> shapes(LlamaConfig model, LoraConfig config) {
        List<int[]> shapes = new ArrayList<>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (Linear linear : config.targets()) {
                shapes.add(new int[] {config.r(), linear.inputs(model)});
                shapes.add(new int[] {linear.outputs(model), config.r()});
            }
        }
        return shapes;
    }

    /** Keys in alphabetical order; only those that every version of PEFT knows. */
    private String configJson() {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("alpha_pattern");
        json.putNull("auto_mapping").put("base_model_name_or_path", baseModel).put("bias", "none");
        json.put("fan_in_fan_out", false).put("inference_mode", true).put("init_lora_weights", true);
        json.putNull("layers_pattern").putNull("layers_to_transform");
        json.put("lora_alpha", config.loraAlpha()).put("lora_dropout", 0.0);
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA").put("r", config.r());
        json.putObject("rank_pattern");
        json.putNull("revision");
        ArrayNode targets = json.putArray("target_modules");
        config.targetModules().forEach(targets::add);
        json.put("task_type", "CAUSAL_LM").put("use_dora", false).put("use_rslora", false);
        return json.toPrettyString() + "\n";
    }

    private static LoraConfig config(JsonNode json) throws CheckpointException {
        if (!json.path("peft_type").asText().equals("LORA")) {
            throw new CheckpointException(
                    CONFIG + " peft_type", "LORA", json.path("peft_type").toString());
        }
        for (Map.Entry<String, Set<String>> setting : OFF.entrySet()) {
            JsonNode value = json.get(setting.getKey());
            if (value != null && !setting.getValue().contains(value.toString())) {
                throw new CheckpointException(
                        CONFIG + " " + setting.getKey(), "one of " + setting.getValue(), value.toString());
            }
        }
        for (Map.Entry<String, JsonNode> setting : json.properties()) {
            String name = setting.getKey();
            boolean known = OFF.containsKey(name) || WITHOUT_EFFECT.contains(name) || READ.contains(name);
            if (!known && !NOTHING.contains(setting.getValue().toString())) {
                throw new CheckpointException(
                        CONFIG + " " + name,
                        "none, since this version does not know it",
                        setting.getValue().toString());
            }
        }
        JsonNode targets = json.path("target_modules");
        if (!targets.isArray()) {
            throw new CheckpointException(CONFIG + " target_modules", "a list of names", targets.toString());
        }
        List<String> modules = new ArrayList<>();
        for (JsonNode target : targets) {
            if (!target.isTextual()) {
                throw new CheckpointException(CONFIG + " target_modules", "a list of names", targets.toString());
            }
            modules.add(target.textValue());
        }
        try {
            return LoraConfig.of(number(json, "r"), number(json, "lora_alpha"), modules);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(CONFIG, "a LoRA configuration", String.valueOf(e.getMessage()));
        }
    }

    /** A whole number, or PEFT's default of 8. */
    private static int number(JsonNode json, String name) throws CheckpointException {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return 8;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw new CheckpointException(CONFIG + " " + name, "a whole number", value.toString());
        }
        return value.intValue();
    }

    private static JsonNode parse(String json) throws CheckpointException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(CONFIG, "JSON", e.getOriginalMessage());
        }
    }
}
