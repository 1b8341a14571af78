package org.verifiableai.examples.vai.report;

import java.util.List;
import java.util.Locale;

/** A loss curve as inline SVG: the loss of every step, and axes that a person can read values from. */
final class LossCurve {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 300;
    private static final int LEFT = 52;
    private static final int RIGHT = 16;
    private static final int TOP = 16;
    private static final int BOTTOM = 40;
    private static final int GRID_LINES = 4;

    private final List<Double> losses;
    private final double highest;

    private LossCurve(List<Double> losses) {
        this.losses = losses;
        this.highest = niceCeiling(
                losses.stream().mapToDouble(Double::doubleValue).max().orElse(1));
    }

    /**
     * Draws the curve.
     *
     * @param losses the loss of each step, the first step first; at least one
     */
    static String svg(List<Double> losses) {
        return new LossCurve(losses).draw();
    }

    private String draw() {
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Training loss by step, from %.2f to %.2f\">%n",
                WIDTH, HEIGHT, losses.get(0), losses.get(losses.size() - 1)));
        for (int i = 0; i <= GRID_LINES; i++) {
            double value = highest * i / GRID_LINES;
            svg.append(format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT, WIDTH - RIGHT, y(value), y(value), LEFT - 8, y(value) + 4, tick(value)));
        }
        int last = losses.size();
        for (int i = 0; i <= GRID_LINES; i++) {
            int step = 1 + (last - 1) * i / GRID_LINES;
            svg.append(format(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                    x(step - 1), HEIGHT - BOTTOM + 18, step));
        }
        svg.append(format(
                "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">optimiser step</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4));
        svg.append("<polyline class=\"curve\" points=\"");
        for (int i = 0; i < last; i++) {
            svg.append(format("%.1f,%.1f ", x(i), y(losses.get(i))));
        }
        svg.append(format(
                "\"/>%n<circle class=\"end\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n</svg>%n",
                x(last - 1), y(losses.get(last - 1))));
        return svg.toString();
    }

    private double x(int index) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (losses.size() == 1 ? 0.5 : index / (losses.size() - 1.0));
    }

    private double y(double loss) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - loss / highest);
    }

    /** The least of 1, 2, 4 or 8 times a power of ten that is not below {@code value}: it divides well by four. */
    private static double niceCeiling(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-6))));
        for (int factor : new int[] {1, 2, 4, 8}) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String tick(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : format("%.2g", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
