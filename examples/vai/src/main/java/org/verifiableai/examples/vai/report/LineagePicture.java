package org.verifiableai.examples.vai.report;

import static org.verifiableai.examples.vai.report.Html.escape;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.CheckResult;

/**
 * Where a model comes from, as inline SVG: the machine above, what went into the model below, and the manifest that ties
 * them together. Each box says in words how its checks came out, so that nothing hangs on colour alone.
 */
final class LineagePicture {

    private static final int WIDTH = 900;
    private static final int BOX_WIDTH = 188;
    private static final int BOX_HEIGHT = 74;
    private static final int COLUMN = 236;
    private static final int ROW = 112;
    private static final int MARGIN = 2;
    private static final int MAX_DATA_SETS = 3;
    private static final int MAX_TEXT = 24;
    private static final String DATA = "manifest.data.";

    private final List<CheckResult> checks;
    private final Map<String, String> facts;
    private final StringBuilder svg = new StringBuilder();

    private LineagePicture(List<CheckResult> checks, Map<String, String> facts) {
        this.checks = checks;
        this.facts = facts;
    }

    /**
     * Draws the picture of one verdict.
     *
     * @param checks every check of the verdict
     * @param facts its facts, and those of the registry where there is one
     */
    static String svg(List<CheckResult> checks, Map<String, String> facts) {
        return new LineagePicture(checks, facts).draw();
    }

    private String draw() {
        List<Box> data = data();
        Box processor = box(0, 0, "Processor", first("product", "chipId"), full("chipId"), "snp.");
        Box guest =
                box(1, 0, "Measured guest", first("measurement"), full("measurement"), "snp.measurement", "snp.vmpl");
        Box key = box(
                2, 0, "Key", first("manifest.key"), full("manifest.key"), "manifest.key-binding", "snp.report-data");
        Box gpu = box(1, 1, "GPU", first("gpu.hwmodel", "gpu.architecture"), full("gpu.ueid"), "gpu.", "machine.");
        Box manifest = box(3, 0, "Manifest", first("manifest.digest"), full("manifest.digest"), "manifest.");
        Box adapter = box(
                3, 1, "Adapter", first("manifest.model"), full("manifest.model"), "manifest.files", "manifest.weights");
        Box base = box(
                0,
                2,
                "Base model",
                first("manifest.base-model"),
                full("manifest.base-model-digest"),
                "manifest.base-model");
        int rows = 3;
        List<Box> boxes = new ArrayList<>(List.of(processor, guest, key, gpu, manifest, adapter, base));
        boxes.addAll(data);
        Optional<Box> registry = Optional.ofNullable(facts.get("registry.entry"))
                .map(entry -> new Box(3, 2, "Registry", entry, entry, State.NOTE, "published"));
        registry.ifPresent(boxes::add);

        svg.append(String.format(
                Locale.ROOT,
                "<svg class=\"lineage\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"lineage-title\">%n"
                        + "<title id=\"lineage-title\">%s</title>%n",
                WIDTH,
                rows * ROW,
                escape(
                        "From the processor through guest, GPU and key to the manifest, and from base model and data to the"
                                + " adapter")));
        svg.append(
                "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\""
                        + " markerHeight=\"7\" orient=\"auto-start-reverse\"><path class=\"head\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
        across(processor, guest, "runs");
        across(guest, key, "makes");
        across(key, manifest, "signs");
        down(guest, gpu, "has");
        down(manifest, adapter, "names");
        registry.ifPresent(entry -> down(adapter, entry, "is in"));
        across(gpu, adapter, "trains");
        for (Box input : data) {
            rise(input, adapter);
        }
        rise(base, adapter);
        boxes.forEach(this::put);
        return svg.append("</svg>\n").toString();
    }

    private List<Box> data() {
        List<String> names = facts.keySet().stream()
                .filter(name -> name.startsWith(DATA) && name.indexOf('.', DATA.length()) < 0)
                .toList();
        List<Box> boxes = new ArrayList<>();
        if (names.size() == 1) {
            String name = names.get(0);
            boxes.add(box(1, 2, "Data", name.substring(DATA.length()), full(name), "manifest.data"));
        } else if (!names.isEmpty()) {
            String some = String.join(
                    ", ",
                    names.stream()
                            .limit(MAX_DATA_SETS)
                            .map(n -> n.substring(DATA.length()))
                            .toList());
            boxes.add(box(1, 2, "Data (" + names.size() + " sets)", some, some, "manifest.data"));
        }
        return boxes;
    }

    private Box box(int column, int row, String title, String text, String full, String... prefixes) {
        long passed = 0;
        long waived = 0;
        List<String> failed = new ArrayList<>();
        for (CheckResult check : checks) {
            String id = check.id().name();
            if (List.of(prefixes).stream().noneMatch(id::startsWith)) {
                continue;
            }
            switch (check.outcome()) {
                case PASSED -> passed++;
                case FAILED -> failed.add(id);
                case NOT_EVALUATED -> waived++;
            }
        }
        if (!failed.isEmpty()) {
            String rest = failed.size() > 1 ? " +" + (failed.size() - 1) : "";
            return new Box(column, row, title, text, full, State.BAD, "failed: " + failed.get(0) + rest);
        }
        if (passed == 0) {
            return new Box(
                    column, row, title, text, full, State.OPEN, waived == 0 ? "stated, not checked" : "not checked");
        }
        String words = waived > 0
                ? passed + " passed, " + waived + " not run"
                : passed + (passed == 1 ? " check passed" : " checks passed");
        return new Box(column, row, title, text, full, State.GOOD, words);
    }

    private void put(Box box) {
        svg.append(String.format(
                Locale.ROOT,
                "<g class=\"box %s\"><title>%s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>"
                        + "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>"
                        + "<text class=\"value\" x=\"%d\" y=\"%d\">%s</text>"
                        + "<text class=\"state\" x=\"%d\" y=\"%d\">%s</text></g>%n",
                box.state.word,
                escape(box.title + ": " + box.full),
                box.left(),
                box.top(),
                BOX_WIDTH,
                BOX_HEIGHT,
                box.left() + 12,
                box.top() + 22,
                escape(box.title),
                box.left() + 12,
                box.top() + 42,
                escape(shorten(box.text)),
                box.left() + 12,
                box.top() + 61,
                escape(box.words)));
    }

    private void across(Box from, Box to, String verb) {
        int y = from.top() + BOX_HEIGHT / 2;
        line(from.right(), y, to.left(), y);
        label((from.right() + to.left()) / 2, y - 6, verb);
    }

    private void down(Box from, Box to, String verb) {
        int x = from.left() + BOX_WIDTH / 2;
        line(x, from.bottom(), x, to.top());
        label(x + 26, (from.bottom() + to.top()) / 2 + 4, verb);
    }

    /** From an input in the lowest row to the lower edge of the adapter's left side. */
    private void rise(Box from, Box to) {
        int channel = to.top() + BOX_HEIGHT + (ROW - BOX_HEIGHT) / 2;
        int x = from.left() + BOX_WIDTH / 2;
        int end = to.left() - 22;
        int y = to.top() + BOX_HEIGHT - 14;
        svg.append(String.format(
                Locale.ROOT,
                "<path class=\"edge\" d=\"M%d %dV%dH%dV%dH%d\" marker-end=\"url(#head)\"/>%n",
                x,
                from.top(),
                channel,
                end,
                y,
                to.left()));
    }

    private void line(int x1, int y1, int x2, int y2) {
        svg.append(String.format(
                Locale.ROOT, "<path class=\"edge\" d=\"M%d %dL%d %d\" marker-end=\"url(#head)\"/>%n", x1, y1, x2, y2));
    }

    private void label(int x, int y, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text class=\"verb\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", x, y, text));
    }

    private String first(String... names) {
        for (String name : names) {
            if (facts.containsKey(name)) {
                return full(name);
            }
        }
        return "not stated";
    }

    private String full(String name) {
        return facts.getOrDefault(name, "not stated");
    }

    private static String shorten(String text) {
        int length = text.codePointCount(0, text.length());
        if (length <= MAX_TEXT) {
            return text;
        }
        int half = (MAX_TEXT - 1) / 2;
        return text.substring(0, text.offsetByCodePoints(0, half)) + "\u2026"
                + text.substring(text.offsetByCodePoints(text.length(), -half));
    }

    /** How the checks of a box came out. */
    private enum State {
        GOOD("good"),
        BAD("bad"),
        OPEN("open"),
        NOTE("note");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /** One box: where it stands, what it is, and how its checks came out. */
    private record Box(int column, int row, String title, String text, String full, State state, String words) {

        int left() {
            return MARGIN + column * COLUMN;
        }

        int right() {
            return left() + BOX_WIDTH;
        }

        int top() {
            return MARGIN + row * ROW;
        }

        int bottom() {
            return top() + BOX_HEIGHT;
        }
    }
}
