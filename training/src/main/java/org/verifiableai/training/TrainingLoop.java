package org.verifiableai.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The optimiser steps of a run, whatever is trained. */
final class TrainingLoop {

    private final LlamaProgram program;
    private final LearningRate learningRate;
    private final double maxGradientNorm;
    private final TrainingListener listener;

    TrainingLoop(LlamaProgram program, LearningRate learningRate, double maxGradientNorm, TrainingListener listener) {
        this.program = program;
        this.learningRate = learningRate;
        this.maxGradientNorm = maxGradientNorm;
        this.listener = listener;
    }

    /**
     * What was trained, if it is made of numbers. The loss of a step is that before it, so it says nothing of the last.
     *
     * @throws DivergedException if a value is not finite
     */
    static List<FloatTensor> finite(List<FloatTensor> trained, int step) {
        for (FloatTensor tensor : trained) {
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw new DivergedException(step, value);
                }
            }
        }
        return trained;
    }

    /**
     * Runs {@code total} steps.
     *
     * @param batchesOf the batches of a step, the first being 0; their gradients are summed
     * @return the loss of each step
     * @throws DivergedException if a loss or a norm is not finite
     */
    List<Double> run(int total, IntFunction<List<TokenBatch>> batchesOf) {
        long start = System.nanoTime();
        List<Double> losses = new ArrayList<>(total);
        for (int step = 0; step < total; step++) {
            List<TokenBatch> batches = batchesOf.apply(step);
            int labels = batches.stream().mapToInt(TokenBatch::labelCount).sum();
            double loss = 0;
            for (TokenBatch batch : batches) {
                // By the labels of the whole step: a mean of means would weigh short batches too much.
                loss += program.accumulate(batch, 1.0 / labels);
            }
            double rate = learningRate.at(step, total);
            double norm = program.update(rate, maxGradientNorm);
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                throw new DivergedException(step + 1, loss, norm);
            }
            losses.add(loss);
            listener.step(new TrainingStep(
                    step + 1, total, loss, rate, norm, labels, Duration.ofNanos(System.nanoTime() - start)));
        }
        return losses;
    }
}
