package org.verifiableai.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in {@code llama.ts}: the numbers of a model, and for each linear map a call that applies its adapter or a plain
 * one. Numbers are part of the text, since a script can be handed tensors only.
 */
final class LlamaScript {

    static final String CLASS = "Llama";
    static final int LAYER_WEIGHTS = 9;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z_0-9]+)}");

    private LlamaScript() {}

    /** The text for {@code config}; adapters are applied and trained with {@code lora}, all weights without. */
    static String text(LlamaConfig config, @Nullable LoraConfig lora, OptimizerSettings optimizer) {
        Map<String, String> values = new HashMap<>();
        values.put("hidden", Integer.toString(config.hiddenSize()));
        values.put("epsilon", real(config.normEpsilon()));
        values.put("scaling", real(lora == null ? 0 : lora.scaling()));
        values.put("layers", Integer.toString(config.layers()));
        values.put("layer_weights", Integer.toString(LAYER_WEIGHTS));
        values.put("heads", Integer.toString(config.heads()));
        values.put("kv_heads", Integer.toString(config.kvHeads()));
        values.put("grouped", config.heads() == config.kvHeads() ? "False" : "True");
        values.put("head_dim", Integer.toString(config.headDim()));
        values.put("half_dim", Integer.toString(config.headDim() / 2));
        values.put("final_norm", Integer.toString(finalNorm(config)));
        values.put("head", Integer.toString(config.tiedEmbeddings() ? 0 : finalNorm(config) + 1));
        values.put("lora_parameter", lora == null ? "" : ", lora: List[Tensor]");
        values.put("lora_argument", lora == null ? "" : ", lora");
        values.put("trained", lora == null ? "w" : "lora");
        values.put("beta1", real(optimizer.beta1()));
        values.put("beta2", real(optimizer.beta2()));
        values.put("weight_decay", real(optimizer.weightDecay()));
        values.put("adam_epsilon", real(optimizer.epsilon()));
        values.put("clip_epsilon", real(OptimizerSettings.CLIP_EPSILON));
        for (Linear linear : Linear.values()) {
            values.put(linear.shortName(), call(linear, lora));
        }
        return fill(values);
    }

    /** The place of the final norm among all weights. */
    static int finalNorm(LlamaConfig config) {
        return 1 + LAYER_WEIGHTS * config.layers();
    }

    private static String call(Linear linear, @Nullable LoraConfig lora) {
        String weight = "w[torch.add(at, " + linear.place() + ")]";
        int slot = lora == null ? -1 : lora.targets().indexOf(linear);
        if (lora == null || slot < 0) {
            return "torch.linear(x, " + weight + ")";
        }
        List<Linear> targets = lora.targets();
        String first = "torch.mul(i, " + 2 * targets.size() + ")";
        return "(self).adapted(x, " + weight + ", lora[torch.add(" + first + ", " + 2 * slot + ")], lora[torch.add("
                + first + ", " + (2 * slot + 1) + ")])";
    }

    private static String fill(Map<String, String> values) {
        Matcher placeholder = PLACEHOLDER.matcher(withoutComments(template()));
        StringBuilder text = new StringBuilder();
        while (placeholder.find()) {
            String value = Objects.requireNonNull(values.get(placeholder.group(1)), placeholder.group(1));
            placeholder.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return placeholder.appendTail(text).toString();
    }

    private static String withoutComments(String template) {
        return template.replaceAll("(?m)^ *#.*\n", "").replaceAll("(?m)^\n", "");
    }

    private static String template() {
        try (InputStream in = LlamaScript.class.getResourceAsStream("llama.ts")) {
            return new String(Objects.requireNonNull(in, "llama.ts").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A floating-point literal; the dialect takes a bare integer for another type. */
    private static String real(double value) {
        String text = String.format(Locale.ROOT, "%.17g", value);
        return text.contains(".") || text.contains("e") ? text : text + ".";
    }
}
