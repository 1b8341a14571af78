package org.verifiableai.training;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model, with an adapter or without: each time the likeliest token, until the end token or a limit. Not
 * thread-safe.
 *
 * <p>Every token costs a pass over all tokens before it, since nothing is kept from one to the next. That suits a question
 * after training; it does not suit a chat.
 */
public final class Generator implements AutoCloseable {

    private final CausalLm model;
    private final LlamaProgram program;

    private Generator(CausalLm model, @Nullable LoraAdapter adapter) {
        this.model = model;
        this.program = LlamaProgram.forInference(
                model.config(),
                model.weights(),
                adapter == null ? null : adapter.config(),
                adapter == null ? List.of() : adapter.tensors());
    }

    /** Asks the model as it is. */
    public static Generator of(CausalLm model) {
        return new Generator(model, null);
    }

    /**
     * Asks the model with an adapter.
     *
     * @throws IllegalArgumentException if the adapter was made for a model of another shape
     */
    public static Generator of(CausalLm model, LoraAdapter adapter) {
        if (!adapter.fits(model.config())) {
            throw new IllegalArgumentException("adapter of " + adapter.baseModel() + " does not fit the shape of "
                    + model.checkpoint().folder());
        }
        return new Generator(model, adapter);
    }

    /**
     * What follows {@code prompt}, without the prompt.
     *
     * @param prompt the text, as training data has it
     * @param maxTokens the most tokens to answer with; fewer if the model's positions run out
     * @throws IllegalArgumentException if {@code maxTokens} is below 1
     * @throws CheckpointException if {@code prompt} holds a special token, or leaves no place for an answer
     */
    public String generate(String prompt, int maxTokens) throws CheckpointException {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max tokens must be 1 or more, found " + maxTokens);
        }
        long[] question = model.tokenizer().encode("prompt", prompt);
        int start = question.length + 1;
        int positions = model.config().maxPositions();
        if (start >= positions) {
            throw new CheckpointException("prompt", "fewer than " + positions + " tokens", start + " tokens");
        }
        long[] tokens = new long[start + Math.min(maxTokens, positions - start)];
        tokens[0] = model.config().bosToken();
        System.arraycopy(question, 0, tokens, 1, question.length);
        int end = start;
        while (end < tokens.length) {
            long next = program.following(Arrays.copyOf(tokens, end));
            if (next == model.config().eosToken()) {
                break;
            }
            tokens[end++] = next;
        }
        return model.tokenizer().decode(Arrays.copyOfRange(tokens, start, end));
    }

    @Override
    public void close() {
        program.close();
    }
}
