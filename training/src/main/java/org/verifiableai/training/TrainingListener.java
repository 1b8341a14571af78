package org.verifiableai.training;

/** Is told of each optimiser step, on the thread that trains: what it does delays training. */
@FunctionalInterface
public interface TrainingListener {

    /** A step is done. */
    void step(TrainingStep step);
}
