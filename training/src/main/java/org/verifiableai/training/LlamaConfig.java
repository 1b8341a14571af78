package org.verifiableai.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a Llama model, from the {@code config.json} of its checkpoint. Whatever the script cannot compute is
 * refused by name.
 *
 * @param vocabSize the number of tokens
 * @param hiddenSize the width of the residual stream
 * @param intermediateSize the width of the feed-forward part
 * @param layers the number of decoder layers
 * @param heads the number of query heads
 * @param kvHeads the number of key and value heads, which divides {@code heads}
 * @param headDim the width of a head
 * @param normEpsilon what is added to the mean square under the root
 * @param rope the rotary embedding
 * @param tiedEmbeddings whether the head is the embedding
 * @param maxPositions the longest sequence
 * @param bosToken the token before every text
 * @param eosToken the token that ends a text
 */
record LlamaConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        double normEpsilon,
        Rope rope,
        boolean tiedEmbeddings,
        int maxPositions,
        int bosToken,
        int eosToken) {

    private static final String FILE = "config.json";
    private static final int MAX_LAYERS = 1000;
    private static final int MAX_WIDTH = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    LlamaConfig {
        check("vocab_size", vocabSize, 1, MAX_WIDTH);
        check("hidden_size", hiddenSize, 1, MAX_WIDTH);
        check("intermediate_size", intermediateSize, 1, MAX_WIDTH);
        check("num_hidden_layers", layers, 1, MAX_LAYERS);
        check("num_attention_heads", heads, 1, MAX_WIDTH);
        check("num_key_value_heads", kvHeads, 1, heads);
        check("head_dim", headDim, 2, MAX_WIDTH);
        check("max_position_embeddings", maxPositions, 1, Integer.MAX_VALUE);
        check("bos_token_id", bosToken, 0, vocabSize - 1);
        check("eos_token_id", eosToken, 0, vocabSize - 1);
        if (heads % kvHeads != 0 || headDim % 2 != 0) {
            throw new IllegalArgumentException(
                    "num_key_value_heads must divide num_attention_heads and head_dim be even");
        }
    }

    /**
     * The rotary embedding.
     *
     * @param theta the base of the frequencies
     * @param llama3 how long wave lengths are stretched; null where they are not
     */
    record Rope(double theta, @Nullable Llama3Scaling llama3) {}

    /** The rope type "llama3" of Llama 3.1 and later. */
    record Llama3Scaling(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions) {
        Llama3Scaling {
            check("original_max_position_embeddings", originalPositions, 1, Integer.MAX_VALUE);
            if (!(highFrequencyFactor > lowFrequencyFactor)) {
                throw new IllegalArgumentException("high_freq_factor must be above low_freq_factor, found "
                        + highFrequencyFactor + " and " + lowFrequencyFactor);
            }
        }
    }

    /** The size of the weight at each place of a layer. */
    int[] layerShape(int place) {
        for (Linear linear : Linear.values()) {
            if (linear.place() == place) {
                return new int[] {linear.outputs(this), linear.inputs(this)};
            }
        }
        return new int[] {hiddenSize};
    }

    static LlamaConfig parse(String json) throws CheckpointException {
        JsonNode config;
        try {
            config = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(FILE, "JSON", e.getOriginalMessage());
        }
        require(config, "model_type", Set.of("llama"));
        require(config, "hidden_act", Set.of("silu"));
        for (String bias : new String[] {"attention_bias", "mlp_bias"}) {
            if (config.path(bias).asBoolean()) {
                throw new CheckpointException(FILE + " " + bias, "false", "true, which is not supported");
            }
        }
        if (config.hasNonNull("quantization_config")) {
            throw new CheckpointException(FILE + " quantization_config", "none", "one, which is not supported");
        }
        int hiddenSize = number(config, "hidden_size");
        int heads = number(config, "num_attention_heads");
        try {
            return new LlamaConfig(
                    number(config, "vocab_size"),
                    hiddenSize,
                    number(config, "intermediate_size"),
                    number(config, "num_hidden_layers"),
                    heads,
                    config.hasNonNull("num_key_value_heads") ? number(config, "num_key_value_heads") : heads,
                    config.hasNonNull("head_dim") ? number(config, "head_dim") : hiddenSize / Math.max(1, heads),
                    real(config, "rms_norm_eps", FILE),
                    rope(config),
                    config.path("tie_word_embeddings").asBoolean(),
                    number(config, "max_position_embeddings"),
                    number(config, "bos_token_id"),
                    firstNumber(config, "eos_token_id"));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(FILE, "a model that can be computed", String.valueOf(e.getMessage()));
        }
    }

    /** The model as transformers 4 and 5 both read it. */
    String toJson() {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("attention_bias", false)
                .put("bos_token_id", bosToken)
                .put("eos_token_id", eosToken)
                .put("head_dim", headDim)
                .put("hidden_act", "silu")
                .put("hidden_size", hiddenSize)
                .put("intermediate_size", intermediateSize)
                .put("max_position_embeddings", maxPositions)
                .put("mlp_bias", false)
                .put("model_type", "llama")
                .put("num_attention_heads", heads)
                .put("num_hidden_layers", layers)
                .put("num_key_value_heads", kvHeads)
                .put("rms_norm_eps", normEpsilon)
                .putNull("rope_scaling")
                .put("rope_theta", rope.theta())
                .put("tie_word_embeddings", tiedEmbeddings)
                .put("torch_dtype", "float32")
                .put("vocab_size", vocabSize);
        return config.toPrettyString() + "\n";
    }

    /** Transformers 4 writes rope_theta and rope_scaling, transformers 5 one object rope_parameters. */
    private static Rope rope(JsonNode config) throws CheckpointException {
        boolean five = config.hasNonNull("rope_parameters");
        JsonNode parameters = five ? config.get("rope_parameters") : config.path("rope_scaling");
        if (!parameters.isObject() && !parameters.isNull() && !parameters.isMissingNode()) {
            throw new CheckpointException(FILE + " rope_scaling", "an object or null", parameters.toString());
        }
        for (JsonNode holder : new JsonNode[] {config, parameters}) {
            JsonNode share = holder.path("partial_rotary_factor");
            if (!share.isMissingNode() && !share.isNull() && share.asDouble() != 1) {
                throw new CheckpointException(FILE + " partial_rotary_factor", "1", share.toString());
            }
        }
        double theta = real(five ? parameters : config, "rope_theta", FILE);
        String type =
                parameters.path("rope_type").asText(parameters.path("type").asText("default"));
        if (parameters.has("factor") && !parameters.has("rope_type") && !parameters.has("type")) {
            throw new CheckpointException(FILE + " rope_type", "the type of the scaling", "a factor alone");
        }
        return switch (type) {
            case "default" -> new Rope(theta, null);
            case "llama3" ->
                new Rope(
                        theta,
                        new Llama3Scaling(
                                real(parameters, "factor", FILE),
                                real(parameters, "low_freq_factor", FILE),
                                real(parameters, "high_freq_factor", FILE),
                                number(parameters, "original_max_position_embeddings")));
            default -> throw new CheckpointException(FILE + " rope_type", "default or llama3", type);
        };
    }

    private static void require(JsonNode config, String name, Set<String> supported) throws CheckpointException {
        String found = config.path(name).asText("nothing");
        if (!supported.contains(found)) {
            throw new CheckpointException(FILE + " " + name, "one of " + supported, found);
        }
    }

    private static int number(JsonNode config, String name) throws CheckpointException {
        return number(name, config.path(name));
    }

    private static int number(String name, JsonNode value) throws CheckpointException {
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw new CheckpointException(FILE + " " + name, "a whole number", value.toString());
        }
        return value.intValue();
    }

    /** Some checkpoints list several end tokens; the first ends a text in training. */
    private static int firstNumber(JsonNode config, String name) throws CheckpointException {
        JsonNode value = config.path(name);
        return number(name, value.isArray() ? value.path(0) : value);
    }

    private static double real(JsonNode config, String name, String file) throws CheckpointException {
        JsonNode value = config.path(name);
        if (!value.isNumber() || !(value.doubleValue() > 0) || !Double.isFinite(value.doubleValue())) {
            throw new CheckpointException(file + " " + name, "a number above 0", value.toString());
        }
        return value.doubleValue();
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be of " + least + " to " + most + ", found " + value);
        }
    }
}
