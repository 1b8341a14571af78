package org.verifiableai.training;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The tokenizer of a checkpoint, set up not to cut, pad or add anything. Text that would become a special token is
 * refused: in training data or a question it would end a turn that its author does not own.
 */
final class TextTokenizer implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;
    private final int vocabSize;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, int vocabSize) {
        this.tokenizer = tokenizer;
        this.vocabSize = vocabSize;
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @param vocabSize how many tokens the model has
     * @throws IOException if it cannot be read
     * @throws CheckpointException if it is not a tokenizer
     */
    static TextTokenizer load(Path file, int vocabSize) throws IOException, CheckpointException {
        TorchRuntime.stayOffline();
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optAddSpecialTokens(false)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
            return new TextTokenizer(tokenizer, vocabSize);
        } catch (RuntimeException e) {
            // The library under it throws whatever it likes.
            throw new CheckpointException(file.getFileName() + "", "a tokenizer", String.valueOf(e.getMessage()));
        }
    }

    /**
     * The tokens of {@code text}.
     *
     * @throws CheckpointException if {@code text} spells a special token, holds half of a surrogate pair, or needs a token
     *     that the model does not have
     */
    long[] encode(String where, String text) throws CheckpointException {
        // Half a pair has no UTF-8, so the tokenizer would learn or answer another text.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new CheckpointException(where, "text", "half of a surrogate pair in " + text);
        }
        Encoding encoding = tokenizer.encode(text, false, false);
        long[] ids = encoding.getIds();
        // A special token has no meaning of its own as text, so decoding without special tokens loses it.
        if (!tokenizer.decode(ids, true).equals(tokenizer.decode(ids, false))) {
            throw new CheckpointException(where, "text without special tokens", text);
        }
        for (long id : ids) {
            if (id >= vocabSize) {
                throw new CheckpointException(where, "tokens below the model's " + vocabSize, "token " + id);
            }
        }
        return ids;
    }

    /** The text of {@code ids} without special tokens. */
    String decode(long[] ids) {
        return tokenizer.decode(Arrays.copyOf(ids, ids.length), true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
