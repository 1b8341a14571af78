package org.verifiableai.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A language model with its weights and its tokenizer in memory, ready to be taught or asked. Its weights never change:
 * what training gives is an adapter. Thread-safe but for {@link #close()}.
 */
public final class CausalLm implements AutoCloseable {

    private final HfCheckpoint checkpoint;
    private final List<FloatTensor> weights;
    private final TextTokenizer tokenizer;

    private CausalLm(HfCheckpoint checkpoint, List<FloatTensor> weights, TextTokenizer tokenizer) {
        this.checkpoint = checkpoint;
        this.weights = List.copyOf(weights);
        this.tokenizer = tokenizer;
    }

    /**
     * Reads a checkpoint from a Hugging Face folder.
     *
     * @throws IOException if a file cannot be read
     * @throws CheckpointException if it is not a model that can be computed
     */
    public static CausalLm load(Path folder) throws IOException, CheckpointException {
        HfCheckpoint checkpoint = HfCheckpoint.open(folder);
        return new CausalLm(checkpoint, checkpoint.weights(), checkpoint.tokenizer());
    }

    /** Where the model came from. */
    public HfCheckpoint checkpoint() {
        return checkpoint;
    }

    LlamaConfig config() {
        return checkpoint.config();
    }

    List<FloatTensor> weights() {
        return weights;
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
