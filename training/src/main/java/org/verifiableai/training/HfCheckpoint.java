package org.verifiableai.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A Llama checkpoint in a Hugging Face folder: {@code config.json}, {@code tokenizer.json} and
 * {@code model.safetensors}. What cannot be computed is refused by name before any weight is read. Weights of half
 * precision are widened to float32.
 *
 * <p>This version reads one weight file of the model type {@code llama}; sharded checkpoints are refused by name.
 * Immutable.
 */
public final class HfCheckpoint {

    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String TOKENIZER = "tokenizer.json";

    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_CONFIG_SIZE = 1 << 20;

    private final Path folder;
    private final LlamaConfig config;

    private HfCheckpoint(Path folder, LlamaConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /**
     * Reads the shape of a model and looks for its parts.
     *
     * @throws IOException if a file cannot be read
     * @throws CheckpointException if a part is missing, or the model is not one that can be computed
     */
    public static HfCheckpoint open(Path folder) throws IOException, CheckpointException {
        if (Files.exists(folder.resolve(INDEX))) {
            throw new CheckpointException(
                    folder + "", "one weight file " + WEIGHTS, INDEX + ", which is not supported");
        }
        for (String part : new String[] {CONFIG, WEIGHTS, TOKENIZER}) {
            if (!Files.isRegularFile(folder.resolve(part))) {
                throw new CheckpointException(folder + "", part, "none");
            }
        }
        Path file = folder.resolve(CONFIG);
        if (Files.size(file) > MAX_CONFIG_SIZE) {
            throw new CheckpointException(CONFIG, "at most " + MAX_CONFIG_SIZE + " bytes", Files.size(file) + " bytes");
        }
        return new HfCheckpoint(folder, LlamaConfig.parse(Files.readString(file, StandardCharsets.UTF_8)));
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** The name of the folder, however its path was spelt. */
    String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /** The longest sequence that the model was made for, in tokens. */
    public int maxPositions() {
        return config.maxPositions();
    }

    LlamaConfig config() {
        return config;
    }

    TextTokenizer tokenizer() throws IOException, CheckpointException {
        return TextTokenizer.load(folder.resolve(TOKENIZER), config.vocabSize());
    }

    /** All weights in the order of the script. */
    List<FloatTensor> weights() throws IOException, CheckpointException {
        List<FloatTensor> weights = new ArrayList<>();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
            // A weight that the script does not know, such as a bias, would be lost in silence.
            Set<String> unknown = new TreeSet<>(file.entries().keySet());
            unknown.removeAll(layout(config).keySet());
            unknown.removeIf(HfCheckpoint::isDerived);
            if (!unknown.isEmpty()) {
                throw new CheckpointException(WEIGHTS, "the tensors of a Llama alone", unknown.toString());
            }
            for (Map.Entry<String, int[]> expected : layout(config).entrySet()) {
                Safetensors.Entry entry = file.entries().get(expected.getKey());
                if (entry == null) {
                    throw new CheckpointException(WEIGHTS, "a tensor " + expected.getKey(), "none");
                }
                weights.add(file.read(entry, expected.getValue()));
            }
        }
        return weights;
    }

    /** Writes shape and weights beside a tokenizer that is there already; the weights in the order of the script. */
    static void write(Path folder, LlamaConfig config, List<FloatTensor> weights) throws IOException {
        SortedMap<String, FloatTensor> named = new TreeMap<>();
        List<String> names = List.copyOf(layout(config).keySet());
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), weights.get(i));
        }
        // The configuration goes first and comes last: cut short, this leaves no new weights under an old shape.
        Files.deleteIfExists(folder.resolve(CONFIG));
        Safetensors.write(folder.resolve(WEIGHTS), named);
        AtomicFile.write(
                folder.resolve(CONFIG), out -> out.write(config.toJson().getBytes(StandardCharsets.UTF_8)));
    }

    /** Name and shape of every weight in the order of the script. */
    static Map<String, int[]> layout(LlamaConfig config) {
        Map<String, int[]> layout = new LinkedHashMap<>();
        layout.put("model.embed_tokens.weight", new int[] {config.vocabSize(), config.hiddenSize()});
        for (int layer = 0; layer < config.layers(); layer++) {
            for (int place = 0; place < LlamaScript.LAYER_WEIGHTS; place++) {
                layout.put(weightName(layer, place), config.layerShape(place));
            }
        }
        layout.put("model.norm.weight", new int[] {config.hiddenSize()});
        if (!config.tiedEmbeddings()) {
            layout.put("lm_head.weight", new int[] {config.vocabSize(), config.hiddenSize()});
        }
        return layout;
    }

    /** Older checkpoints hold the frequencies of the rotary embedding, and some a copy of a tied head. */
    private static boolean isDerived(String name) {
        return name.endsWith(".rotary_emb.inv_freq") || name.equals("lm_head.weight");
    }

    private static String weightName(int layer, int place) {
        for (Linear linear : Linear.values()) {
            if (linear.place() == place) {
                return linear.nameIn(layer) + ".weight";
            }
        }
        String norm = place == 0 ? "input_layernorm" : "post_attention_layernorm";
        return "model.layers." + layer + "." + norm + ".weight";
    }
}
