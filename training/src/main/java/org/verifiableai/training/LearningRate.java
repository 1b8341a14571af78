package org.verifiableai.training;

/**
 * The learning rate of each step: it rises evenly over the warm-up and then follows its schedule down to the last step.
 *
 * @param peak the highest rate, above 0
 * @param schedule what happens after the warm-up
 * @param warmupSteps how many steps it takes to rise; 0 for none
 */
public record LearningRate(double peak, Schedule schedule, int warmupSteps) {

    /** What happens after the warm-up. */
    public enum Schedule {
        /** The rate stays. */
        CONSTANT,
        /** The rate falls evenly to zero. */
        LINEAR,
        /** The rate falls to zero along half a cosine. */
        COSINE
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code peak} is not above 0, or {@code warmupSteps} is below 0
     */
    public LearningRate {
        if (!(peak > 0) || !Double.isFinite(peak)) {
            throw new IllegalArgumentException("learning rate must be above 0, found " + peak);
        }
        if (warmupSteps < 0) {
            throw new IllegalArgumentException("warm-up must be of 0 steps or more, found " + warmupSteps);
        }
    }

    /** The rate of step {@code step}, the first being 0, of {@code total}. */
    double at(int step, int total) {
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double share = (double) (step - warmupSteps) / Math.max(1, total - warmupSteps);
        return switch (schedule) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - share);
            case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * share));
        };
    }
}
