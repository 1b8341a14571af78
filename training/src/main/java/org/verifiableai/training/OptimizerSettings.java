package org.verifiableai.training;

/** The constants of AdamW. Rates and norms change from step to step and are not among them. */
record OptimizerSettings(double beta1, double beta2, double epsilon, double weightDecay) {

    /** What PyTorch adds to a norm before it divides by it. */
    static final double CLIP_EPSILON = 1e-6;

    /** PyTorch's own values, without weight decay. */
    static OptimizerSettings withWeightDecay(double weightDecay) {
        return new OptimizerSettings(0.9, 0.999, 1e-8, weightDecay);
    }
}
