package org.verifiableai.training;

import java.util.List;

/** The order of the examples in each epoch, drawn once an epoch and kept while the epoch lasts. Not thread-safe. */
final class EpochOrder {

    private final List<TrainingData.Example> examples;
    private final long seed;
    private int epoch = -1;
    private List<TrainingData.Example> order = List.of();

    EpochOrder(List<TrainingData.Example> examples, long seed) {
        this.examples = examples;
        this.seed = seed;
    }

    List<TrainingData.Example> of(int wanted) {
        if (wanted != epoch) {
            order = TrainingData.shuffle(examples, seed, wanted);
            epoch = wanted;
        }
        return order;
    }
}
