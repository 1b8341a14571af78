package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Untrusted;

/**
 * Draws a {@link Lineage}: as text, for Graphviz, for Mermaid. Whatever a manifest or a folder is called stays text in all
 * of them: it is shortened, what does not print is escaped, and what the format would obey is quoted.
 */
public final class LineageGraph {

    private static final int MAX_NAME = 200;
    private static final int COLUMNS = 32;

    private LineageGraph() {}

    /** A tree in ASCII for each model asked about: the model, what it is made from, and so on to where manifests end. */
    public static String text(Lineage lineage) {
        return LineageText.write(lineage);
    }

    /** A directed graph in the language of Graphviz. */
    public static String dot(Lineage lineage) {
        StringBuilder out = new StringBuilder("digraph lineage {\n");
        out.append("  rankdir=TB;\n  node [shape=box, fontname=\"monospace\"];\n");
        Map<String, Integer> ids = new HashMap<>();
        for (LineageNode node : lineage.nodes()) {
            out.append("  n").append(ids.size()).append(" [label=\"");
            lines(node).forEach(line -> out.append(dotText(line)).append("\\n"));
            out.append('"').append(dotStyle(node)).append("];\n");
            ids.put(node.id(), ids.size());
        }
        for (LineageEdge edge : lineage.edges()) {
            out.append("  n").append(ids.get(edge.from()));
            out.append(" -> n").append(ids.get(edge.to()));
            out.append(" [label=\"").append(dotText(words(edge))).append("\"];\n");
        }
        return out.append("}\n").toString();
    }

    /** A flow chart in the language of Mermaid. */
    public static String mermaid(Lineage lineage) {
        StringBuilder out = new StringBuilder("flowchart TD\n");
        Map<String, Integer> ids = new HashMap<>();
        for (LineageNode node : lineage.nodes()) {
            out.append("  n").append(ids.size()).append("[\"");
            out.append(String.join(
                    "<br/>", lines(node).stream().map(LineageGraph::mermaidText).toList()));
            out.append("\"]\n");
            ids.put(node.id(), ids.size());
        }
        for (LineageEdge edge : lineage.edges()) {
            out.append("  n").append(ids.get(edge.from()));
            out.append(" -->|\"").append(mermaidText(words(edge))).append("\"| n");
            out.append(ids.get(edge.to())).append('\n');
        }
        return out.toString();
    }

    /** What a node is, on one line. */
    static String line(LineageNode node) {
        if (node instanceof LineageNode.Model model) {
            return "model " + model.digest() + " (" + plain(model.folderName()) + "), "
                    + model.standing().words();
        } else if (node instanceof LineageNode.UnprovenModel model) {
            return "base model " + model.digest() + ", origin not proven";
        } else if (node instanceof LineageNode.Data data) {
            return "data " + data.sha256();
        } else if (node instanceof LineageNode.Machine machine) {
            return "guest " + machine.measurement() + " on " + chip(machine);
        } else if (node instanceof LineageNode.Key key) {
            return "key " + key.fingerprint();
        }
        throw new IllegalStateException("a node of no known kind: " + node.id());
    }

    /** What an edge is, with the label that the manifest gives it. */
    static String words(LineageEdge edge) {
        String label = edge.label().isEmpty() ? "" : " " + plain(edge.label());
        return edge.relation().words() + label;
    }

    private static List<String> lines(LineageNode node) {
        List<String> lines = new ArrayList<>();
        if (node instanceof LineageNode.Model model) {
            lines.add("model " + plain(model.folderName()));
            wrap(model.digest(), lines);
            lines.add(model.standing().words());
        } else if (node instanceof LineageNode.UnprovenModel model) {
            lines.add("base model");
            wrap(model.digest(), lines);
            lines.add("origin not proven");
        } else if (node instanceof LineageNode.Data data) {
            lines.add("data");
            wrap(data.sha256(), lines);
        } else if (node instanceof LineageNode.Machine machine) {
            lines.add("guest");
            wrap(machine.measurement(), lines);
            if (machine.chipId().isZero()) {
                lines.add("on " + chip(machine));
            } else {
                lines.add("on chip");
                wrap(machine.chipId(), lines);
            }
        } else if (node instanceof LineageNode.Key key) {
            lines.add("key");
            wrap(key.fingerprint(), lines);
        }
        return lines;
    }

    private static String chip(LineageNode.Machine machine) {
        return machine.chipId().isZero() ? "a chip that hides its identity" : "chip " + machine.chipId();
    }

    // An identity is never cut, so that two that look alike are alike.
    private static void wrap(Bytes digest, List<String> lines) {
        String hex = digest.hex();
        for (int i = 0; i < hex.length(); i += COLUMNS) {
            lines.add(hex.substring(i, Math.min(hex.length(), i + COLUMNS)));
        }
    }

    private static String plain(String name) {
        return Untrusted.line(name, MAX_NAME);
    }

    // Within quotes, Graphviz reads escapes that begin with a backslash, and character references of HTML.
    private static String dotText(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;");
    }

    private static String dotStyle(LineageNode node) {
        if (node instanceof LineageNode.Model model) {
            return switch (model.standing()) {
                case ACCEPTED -> ", penwidth=2";
                case REJECTED -> ", penwidth=2, color=red, fontcolor=red";
                case NOT_VERIFIED -> ", style=dashed";
            };
        }
        return node instanceof LineageNode.UnprovenModel ? ", style=dashed" : ", shape=plaintext";
    }

    // Mermaid reads HTML, Markdown, links, directives and references of its own in a label. What is not known to mean
    // nothing to it is written as a reference.
    private static String mermaidText(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            boolean harmless = letter || digit || c == ' ' || c == ',' || c == '.' || c == '-';
            if (harmless) {
                out.append((char) c);
            } else {
                out.append('#').append(c).append(';');
            }
        });
        return out.toString();
    }
}
