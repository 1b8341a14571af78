package org.verifiableai.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small seeded models whose weights are large enough for every term to matter. */
final class TinyModel {

    static final LlamaConfig GROUPED = config(true, 4, 2);
    static final LlamaConfig UNTIED = config(false, 2, 2);

    private TinyModel() {}

    static LlamaConfig config(boolean tied, int heads, int kvHeads) {
        return new LlamaConfig(
                17, 16, 24, 2, heads, kvHeads, 16 / heads, 1e-5, new LlamaConfig.Rope(10_000, null), tied, 32, 0, 1);
    }

    static List<FloatTensor> weights(LlamaConfig config) {
        List<FloatTensor> weights = new ArrayList<>();
        for (Map.Entry<String, int[]> entry : HfCheckpoint.layout(config).entrySet()) {
            weights.add(SeededRandom.normal(SeededRandom.of(7, entry.getKey()), 0.3, entry.getValue()));
        }
        return weights;
    }

    /** Adapters with neither A nor B zero. */
    static List<FloatTensor> adapters(LlamaConfig config, LoraConfig lora) {
        List<FloatTensor> adapters = new ArrayList<>();
        List<String> names = LoraAdapter.names(config, lora);
        List<int[]> shapes = LoraAdapter.shapes(config, lora);
        for (int i = 0; i < names.size(); i++) {
            adapters.add(SeededRandom.normal(SeededRandom.of(11, names.get(i)), 0.2, shapes.get(i)));
        }
        return adapters;
    }
}
