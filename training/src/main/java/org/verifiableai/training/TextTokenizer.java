package org.verifiableai.training;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The tokenizer of a checkpoint, set up not to cut, pad or add anything. Text that would become a special token is
 * refused: in training data or a question it would end a turn that its author does not own.
 */
final class TextTokenizer implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;

    private TextTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    static TextTokenizer load(Path folder) throws IOException {
        TorchRuntime.stayOffline();
        return new TextTokenizer(HuggingFaceTokenizer.builder()
                .optTokenizerPath(folder)
                .optAddSpecialTokens(false)
                .optTruncation(false)
                .optPadding(false)
                .build());
    }

    /**
     * The tokens of {@code text}.
     *
     * @throws CheckpointException if {@code text} spells a special token
     */
    long[] encode(String where, String text) throws CheckpointException {
        Encoding encoding = tokenizer.encode(text, false, false);
        long[] ids = encoding.getIds();
        // A special token has no meaning of its own as text, so decoding without special tokens loses it.
        if (!tokenizer.decode(ids, true).equals(tokenizer.decode(ids, false))) {
            throw new CheckpointException(where, "text without special tokens", text);
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
