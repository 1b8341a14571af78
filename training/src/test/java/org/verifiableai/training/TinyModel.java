package org.verifiableai.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small seeded models whose weights are large enough for every term to matter. */
final class TinyModel {

    static final LlamaConfig GROUPED = config(true, 4, 2);
    static final LlamaConfig UNTIED = config(false, 2, 2);

    static final List<String> DOCUMENTS = List.of("the cat sits.", "the dog runs.", "a bird sings.");

    private TinyModel() {}

    /** Makes a checkpoint with a tokenizer, whose weights nobody trained. */
    static void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        BpeTokenizer tokenizer = BpeTokenizer.train(DOCUMENTS, 280);
        tokenizer.write(folder);
        LlamaConfig config = new FoundationTrainer.Shape(tokenizer.size(), 16, 24, 2, 4, 2, 32, 0, 1).config();
        HfCheckpoint.write(folder, config, weights(config));
    }

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
