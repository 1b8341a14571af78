package org.verifiableai.training;

import java.util.Arrays;
import java.util.List;

/**
 * Sequences of tokens side by side, padded on the right, with the token that should follow each; row-major.
 *
 * @param rows how many sequences
 * @param columns the length of the longest
 * @param ids the tokens
 * @param labels the token after each, or {@link LlamaProgram#IGNORED}
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data on its way; nobody compares or keeps it
record TokenBatch(int rows, int columns, long[] ids, long[] labels) {

    static TokenBatch of(List<TrainingData.Example> examples) {
        int columns =
                examples.stream().mapToInt(e -> e.tokens().length - 1).max().orElseThrow();
        long[] ids = new long[examples.size() * columns];
        long[] labels = new long[ids.length];
        Arrays.fill(labels, LlamaProgram.IGNORED);
        for (int row = 0; row < examples.size(); row++) {
            long[] tokens = examples.get(row).tokens();
            int start = row * columns;
            System.arraycopy(tokens, 0, ids, start, tokens.length - 1);
            // The token at i + 1 is the label of the place i; the prompt is given and not learnt.
            int first = Math.max(1, examples.get(row).promptLength());
            for (int i = first; i < tokens.length; i++) {
                labels[start + i - 1] = tokens[i];
            }
        }
        return new TokenBatch(examples.size(), columns, ids, labels);
    }

    /** How many places have a label. */
    int labelCount() {
        return (int) Arrays.stream(labels)
                .filter(label -> label != LlamaProgram.IGNORED)
                .count();
    }
}
