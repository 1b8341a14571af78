package org.verifiableai.examples.vai;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;

/** Tells a person at a terminal what happens: stages, pairs of name and value, progress, curves and checks. */
public final class Narrator {

    private static final int LINE_WIDTH = 100;
    private static final int BAR_WIDTH = 30;
    private static final int CURVE_WIDTH = 60;
    private static final int CURVE_HEIGHT = 8;

    private final PrintWriter out;
    private final boolean redraws;
    private int stage;
    private int lastPercent = -1;

    /**
     * Tells its story to {@code out}.
     *
     * @param out where to write
     * @param redraws whether a line can be drawn over, as on a terminal; otherwise progress is one line every tenth
     */
    public Narrator(PrintWriter out, boolean redraws) {
        this.out = out;
        this.redraws = redraws;
    }

    /** Begins the next stage. */
    public void stage(String title) {
        out.printf("%n%d  %s%n", ++stage, title);
        out.flush();
    }

    /** One thing and its value. */
    public void say(String name, Object value) {
        out.printf("   %-14s %s%n", name, value);
        out.flush();
    }

    /** Every check by its id, with its outcome and detail; those that the policy asks nothing of by their ids alone. */
    public void checks(List<CheckResult> checks) {
        List<CheckResult> told = checks.stream().filter(c -> !isNotDemanded(c)).toList();
        int width = told.stream().mapToInt(c -> c.id().name().length()).max().orElse(0);
        for (CheckResult check : told) {
            out.printf("   %s  %-" + width + "s  %s%n", mark(check.outcome()), check.id(), check.detail());
        }
        notDemanded(checks.stream().filter(Narrator::isNotDemanded).toList());
        out.flush();
    }

    private void notDemanded(List<CheckResult> checks) {
        if (checks.isEmpty()) {
            return;
        }
        out.printf("   %s  not demanded by the policy:%n", mark(Outcome.NOT_EVALUATED));
        StringBuilder line = new StringBuilder();
        for (CheckResult check : checks) {
            String id = check.id().name();
            if (line.length() + id.length() > LINE_WIDTH) {
                out.println("        " + line);
                line.setLength(0);
            }
            line.append(' ').append(id);
        }
        out.println("        " + line);
    }

    private static boolean isNotDemanded(CheckResult check) {
        return check.reason().equals(CheckResult.NOT_DEMANDED);
    }

    /**
     * A bar for work in progress.
     *
     * @param done how much is done
     * @param total how much there is
     * @param note what to say beside the bar
     */
    public void progress(int done, int total, String note) {
        int percent = (int) (100L * done / total);
        boolean tenth = percent / 10 != lastPercent / 10 || lastPercent < 0;
        if (!redraws && !tenth && done < total) {
            return;
        }
        lastPercent = done >= total ? -1 : percent;
        int filled = (int) ((long) BAR_WIDTH * done / total);
        String bar = "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
        out.printf("%s   [%s] %3d%%  %s%s", redraws ? "\r" : "", bar, percent, note, redraws ? "\033[K" : "");
        if (!redraws || done >= total) {
            out.println();
        }
        out.flush();
    }

    /** A curve of values, first to last, in a few lines of text. */
    public void curve(List<Double> values) {
        double[] columns = average(values, Math.min(CURVE_WIDTH, values.size()));
        double top = Arrays.stream(columns).max().orElse(1);
        char[][] grid = new char[CURVE_HEIGHT][columns.length];
        for (char[] row : grid) {
            Arrays.fill(row, ' ');
        }
        for (int x = 0; x < columns.length; x++) {
            int y = (int) Math.round((1 - Math.max(0, columns[x]) / top) * (CURVE_HEIGHT - 1));
            grid[y][x] = '*';
        }
        for (int y = 0; y < CURVE_HEIGHT; y++) {
            double label = top * (CURVE_HEIGHT - 1 - y) / (CURVE_HEIGHT - 1);
            out.printf(Locale.ROOT, "   %6.2f |%s%n", label, new String(grid[y]).stripTrailing());
        }
        out.printf("          +%s%n", "-".repeat(columns.length));
        out.flush();
    }

    private static double[] average(List<Double> values, int columns) {
        double[] averages = new double[columns];
        for (int x = 0; x < columns; x++) {
            int from = (int) ((long) values.size() * x / columns);
            int to = (int) ((long) values.size() * (x + 1) / columns);
            averages[x] = values.subList(from, to).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
        }
        return averages;
    }

    private static String mark(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> "pass";
            case FAILED -> "FAIL";
            case NOT_EVALUATED -> "  - ";
        };
    }
}
