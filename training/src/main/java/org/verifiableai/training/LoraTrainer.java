package org.verifiableai.training;

import java.util.ArrayList;
import java.util.List;

/**
 * Teaches a model by training a LoRA adapter with AdamW. Immutable; {@link #train} may be called again, and gives the same
 * bytes each time on the same machine with the same number of threads.
 *
 * <pre>{@code
 * TrainingResult result = LoraTrainer.builder(LoraConfig.of(8, 16, List.of("q_proj", "v_proj")))
 *         .learningRate(2e-4)
 *         .epochs(3)
 *         .build()
 *         .train(model, TrainingData.readJsonl(file));
 * result.adapter().save(folder);
 * }</pre>
 */
public final class LoraTrainer {

    private final LoraConfig lora;
    private final LearningRate learningRate;
    private final int steps;
    private final int epochs;
    private final int batchSize;
    private final int accumulate;
    private final double maxGradientNorm;
    private final double weightDecay;
    private final int maxLength;
    private final long seed;
    private final TrainingListener listener;

    private LoraTrainer(Builder builder) {
        lora = builder.lora;
        learningRate = builder.learningRate;
        steps = builder.steps;
        epochs = builder.epochs;
        batchSize = builder.batchSize;
        accumulate = builder.accumulate;
        maxGradientNorm = builder.maxGradientNorm;
        weightDecay = builder.weightDecay;
        maxLength = builder.maxLength;
        seed = builder.seed;
        listener = builder.listener;
    }

    /** A trainer to be set up. */
    public static Builder builder(LoraConfig lora) {
        return new Builder(lora);
    }

    /**
     * Trains a new adapter. Nothing is written to disk.
     *
     * @throws CheckpointException if an example holds a special token or is too long
     * @throws DivergedException if the loss or the adapter leaves the numbers
     */
    public TrainingResult train(CausalLm model, TrainingData data) throws CheckpointException {
        LlamaConfig config = model.config();
        int longest = maxLength == 0 ? config.maxPositions() : Math.min(maxLength, config.maxPositions());
        List<TrainingData.Example> examples = data.encode(model.tokenizer(), config, longest);
        int perStep = perStep(examples);
        int stepsPerEpoch = (examples.size() - 1) / perStep + 1;
        int total = steps > 0 ? steps : Math.multiplyExact(epochs, stepsPerEpoch);
        try (LlamaProgram program = LlamaProgram.forTraining(
                config,
                model.weights(),
                lora,
                initialTensors(config),
                OptimizerSettings.withWeightDecay(weightDecay))) {
            EpochOrder order = new EpochOrder(examples, seed);
            List<Double> losses = new TrainingLoop(program, learningRate, maxGradientNorm, listener)
                    .run(total, step -> batches(order.of(step / stepsPerEpoch), step % stepsPerEpoch));
            LoraAdapter adapter = new LoraAdapter(
                    lora,
                    model.checkpoint().name(),
                    LoraAdapter.names(config, lora),
                    TrainingLoop.finite(program.trainedTensors(), total));
            return new TrainingResult(adapter, losses, TorchRuntime.environment());
        }
    }

    private List<TokenBatch> batches(List<TrainingData.Example> ordered, int stepOfEpoch) {
        int from = stepOfEpoch * perStep(ordered);
        int to = from + Math.min(perStep(ordered), ordered.size() - from);
        List<TokenBatch> batches = new ArrayList<>();
        while (from < to) {
            int end = from + Math.min(batchSize, to - from);
            batches.add(TokenBatch.of(ordered.subList(from, end)));
            from = end;
        }
        return batches;
    }

    /** How many examples a step takes, which are at the most all of them. */
    private int perStep(List<TrainingData.Example> examples) {
        return (int) Math.min(examples.size(), (long) batchSize * accumulate);
    }

    /** A from U(-1/sqrt(in), 1/sqrt(in)), which is PEFT's default, and B zero: the first step starts at the base. */
    private List<FloatTensor> initialTensors(LlamaConfig config) {
        List<FloatTensor> tensors = new ArrayList<>();
        List<String> names = LoraAdapter.names(config, lora);
        List<int[]> shapes = LoraAdapter.shapes(config, lora);
        for (int i = 0; i < names.size(); i++) {
            int[] shape = shapes.get(i);
            boolean a = i % 2 == 0;
            tensors.add(
                    a
                            ? SeededRandom.uniform(SeededRandom.of(seed, names.get(i)), 1 / Math.sqrt(shape[1]), shape)
                            : new FloatTensor(shape, new float[SeededRandom.size(shape)]));
        }
        return tensors;
    }

    /** Sets up a {@link LoraTrainer}. Not thread-safe. */
    public static final class Builder {

        private final LoraConfig lora;
        private LearningRate learningRate = new LearningRate(2e-4, LearningRate.Schedule.CONSTANT, 0);
        private int steps;
        private int epochs = 1;
        private int batchSize = 4;
        private int accumulate = 1;
        private double maxGradientNorm = 1;
        private double weightDecay;
        private int maxLength;
        private long seed;
        private TrainingListener listener = step -> {};

        private Builder(LoraConfig lora) {
            this.lora = lora;
        }

        /** A constant learning rate; 0.0002 by default. */
        public Builder learningRate(double rate) {
            return learningRate(new LearningRate(rate, LearningRate.Schedule.CONSTANT, 0));
        }

        /** A learning rate with a schedule. */
        public Builder learningRate(LearningRate rate) {
            learningRate = rate;
            return this;
        }

        /** How often every example is seen; 1 by default. */
        public Builder epochs(int times) {
            epochs = atLeastOne("epochs", times);
            steps = 0;
            return this;
        }

        /** How many optimiser steps there are, in place of epochs. */
        public Builder steps(int count) {
            steps = atLeastOne("steps", count);
            return this;
        }

        /** How many examples stand side by side; 4 by default. */
        public Builder batchSize(int examples) {
            batchSize = atLeastOne("batch size", examples);
            return this;
        }

        /** How many batches make one step; 1 by default. */
        public Builder accumulate(int batches) {
            accumulate = atLeastOne("accumulate", batches);
            return this;
        }

        /** The norm to which gradients are clipped; 1 by default. */
        public Builder maxGradientNorm(double norm) {
            if (!(norm > 0)) {
                throw new IllegalArgumentException("gradient norm must be above 0, found " + norm);
            }
            maxGradientNorm = norm;
            return this;
        }

        /** The weight decay of AdamW; 0 by default. */
        public Builder weightDecay(double decay) {
            if (!(decay >= 0)) {
                throw new IllegalArgumentException("weight decay must be 0 or above, found " + decay);
            }
            weightDecay = decay;
            return this;
        }

        /** The longest example in tokens; what the model was made for by default. A longer one is refused, not cut. */
        public Builder maxLength(int tokens) {
            maxLength = atLeastOne("max length", tokens);
            return this;
        }

        /** From which the first adapter and the order of the examples are drawn; 0 by default. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Who is told of each step. */
        public Builder listener(TrainingListener who) {
            listener = who;
            return this;
        }

        /** The trainer. */
        public LoraTrainer build() {
            return new LoraTrainer(this);
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be 1 or more, found " + value);
            }
            return value;
        }
    }
}
