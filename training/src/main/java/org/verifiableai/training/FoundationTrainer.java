package org.verifiableai.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes a small Llama from nothing: all weights are drawn and all are trained, on documents of plain text. Meant for
 * models of a few million parameters that a demonstration or a test can afford. Repeatable like {@link LoraTrainer}.
 * Immutable.
 *
 * @param shape the model's shape
 * @param learningRate the rate of each step
 * @param steps how many optimiser steps there are
 * @param batchSize how many documents stand side by side
 * @param weightDecay the weight decay of AdamW
 * @param seed from which weights and order are drawn
 */
public record FoundationTrainer(
        Shape shape, LearningRate learningRate, int steps, int batchSize, double weightDecay, long seed) {

    private static final double INITIAL_DEVIATION = 0.02;
    private static final double MAX_GRADIENT_NORM = 1;
    private static final double ROPE_THETA = 10_000;
    private static final double NORM_EPSILON = 1e-5;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code steps} or {@code batchSize} is below 1, or {@code weightDecay} below 0
     */
    public FoundationTrainer {
        if (steps < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "steps and batch size must be 1 or more, found " + steps + " and " + batchSize);
        }
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("weight decay must be 0 or above, found " + weightDecay);
        }
    }

    /**
     * The shape of a model with tied embeddings.
     *
     * @param vocabSize the number of tokens of the tokenizer
     * @param hiddenSize the width of the residual stream
     * @param intermediateSize the width of the feed-forward part
     * @param layers the number of layers
     * @param heads the number of query heads
     * @param kvHeads the number of key and value heads
     * @param maxPositions the longest sequence
     * @param bosToken the token that begins a text
     * @param eosToken the token that ends one
     */
    public record Shape(
            int vocabSize,
            int hiddenSize,
            int intermediateSize,
            int layers,
            int heads,
            int kvHeads,
            int maxPositions,
            int bosToken,
            int eosToken) {

        LlamaConfig config() {
            return new LlamaConfig(
                    vocabSize,
                    hiddenSize,
                    intermediateSize,
                    layers,
                    heads,
                    kvHeads,
                    hiddenSize / Math.max(1, heads),
                    NORM_EPSILON,
                    new LlamaConfig.Rope(ROPE_THETA, null),
                    true,
                    maxPositions,
                    bosToken,
                    eosToken);
        }
    }

    /**
     * Trains a model and writes {@code config.json} and {@code model.safetensors} beside the tokenizer.
     *
     * @param folder a folder with a {@code tokenizer.json} of the vocabulary that the shape names
     * @param documents the texts; each is learnt whole, from start token to end token
     * @param listener who is told of each step
     * @return the loss of each step
     * @throws IllegalArgumentException if there is no document, or the shape is not one of a Llama
     * @throws IOException if the folder cannot be read or written
     * @throws CheckpointException if a document holds a special token or is too long
     * @throws DivergedException if the loss or a weight leaves the numbers; nothing has been written then
     */
    public List<Double> train(Path folder, List<String> documents, TrainingListener listener)
            throws IOException, CheckpointException {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("there must be a document to learn, found none");
        }
        LlamaConfig config = shape.config();
        List<TrainingData.Example> examples = new ArrayList<>();
        try (TextTokenizer tokenizer = TextTokenizer.load(folder.resolve(HfCheckpoint.TOKENIZER), shape.vocabSize())) {
            for (int i = 0; i < documents.size(); i++) {
                examples.add(encode(tokenizer, "document " + (i + 1), documents.get(i)));
            }
        }
        try (LlamaProgram program = LlamaProgram.forTraining(
                config, initialWeights(config), null, List.of(), OptimizerSettings.withWeightDecay(weightDecay))) {
            List<Double> losses = new TrainingLoop(program, learningRate, MAX_GRADIENT_NORM, listener)
                    .run(steps, step -> List.of(batch(examples, step)));
            HfCheckpoint.write(folder, config, TrainingLoop.finite(program.trainedTensors(), steps));
            return losses;
        }
    }

    private TrainingData.Example encode(TextTokenizer tokenizer, String where, String document)
            throws CheckpointException {
        long[] text = tokenizer.encode(where, document);
        if (text.length + 2 > shape.maxPositions()) {
            throw new CheckpointException(
                    where, "at most " + (shape.maxPositions() - 2) + " tokens", text.length + " tokens");
        }
        long[] tokens = new long[text.length + 2];
        tokens[0] = shape.bosToken();
        System.arraycopy(text, 0, tokens, 1, text.length);
        tokens[tokens.length - 1] = shape.eosToken();
        return new TrainingData.Example(tokens, 0);
    }

    private TokenBatch batch(List<TrainingData.Example> examples, int step) {
        Random random = SeededRandom.of(seed, "step " + step);
        List<TrainingData.Example> chosen = new ArrayList<>();
        for (int i = 0; i < batchSize; i++) {
            chosen.add(examples.get(random.nextInt(examples.size())));
        }
        return TokenBatch.of(chosen);
    }

    /** Linear maps and embedding from N(0, 0.02), norms one. */
    private List<FloatTensor> initialWeights(LlamaConfig config) {
        List<FloatTensor> weights = new ArrayList<>();
        for (Map.Entry<String, int[]> entry : HfCheckpoint.layout(config).entrySet()) {
            int[] size = entry.getValue();
            if (size.length == 1) {
                float[] ones = new float[size[0]];
                Arrays.fill(ones, 1);
                weights.add(new FloatTensor(size, ones));
            } else {
                weights.add(SeededRandom.normal(SeededRandom.of(seed, entry.getKey()), INITIAL_DEVIATION, size));
            }
        }
        return Collections.unmodifiableList(weights);
    }
}
