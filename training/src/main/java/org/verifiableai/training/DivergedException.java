package org.verifiableai.training;

/** Training left the numbers: a loss, a gradient or a weight is not finite. Nothing has been written. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int step;

    DivergedException(int step, double loss, double gradientNorm) {
        super("step " + step + ": loss is " + loss + " and gradient norm " + gradientNorm
                + "; a lower learning rate may help");
        this.step = step;
    }

    DivergedException(int step, float weight) {
        super("step " + step + ": it leaves a weight of " + weight + "; a lower learning rate may help");
        this.step = step;
    }

    /** The step at which it happened, from 1. */
    public int step() {
        return step;
    }
}
