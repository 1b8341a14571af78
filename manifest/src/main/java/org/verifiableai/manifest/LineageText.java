package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** Writes a lineage as trees for people. */
final class LineageText {

    // Deep enough to see, and no deeper: an indent on each of many lines adds up.
    private static final int MAX_INDENT = 60;

    private final Map<String, LineageNode> nodes = new HashMap<>();
    private final Map<String, List<LineageEdge>> edges = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final StringBuilder out = new StringBuilder();

    private LineageText(Lineage lineage) {
        lineage.nodes().forEach(node -> nodes.put(node.id(), node));
        lineage.edges()
                .forEach(edge -> edges.computeIfAbsent(edge.from(), from -> new ArrayList<>())
                        .add(edge));
    }

    static String write(Lineage lineage) {
        LineageText text = new LineageText(lineage);
        for (Bytes model : lineage.models()) {
            LineageNode root = text.nodes.get(LineageNode.modelId(model));
            if (root != null) {
                text.tree(root);
            }
        }
        return text.out.toString();
    }

    // A model has one base model, so that its tree is a chain with leaves, and a loop tells it.
    private void tree(LineageNode root) {
        out.append(LineageGraph.line(root)).append('\n');
        String indent = "";
        LineageNode at = root;
        while (at != null) {
            if (!told.add(at.id())) {
                out.append(indent).append("`- see above\n");
                return;
            }
            at = branches(at, indent);
            indent += indent.length() < MAX_INDENT ? "   " : "";
        }
    }

    /** Tells what a model was made from and returns the model that is told next. */
    private @Nullable LineageNode branches(LineageNode model, String indent) {
        LineageNode next = null;
        LineageEdge last = null;
        for (LineageEdge edge : edges.getOrDefault(model.id(), List.of())) {
            if (edge.relation() == LineageEdge.Relation.TRAINED_FROM) {
                last = edge;
                next = nodes.get(edge.to());
            } else {
                branch(edge, indent + "+- ");
            }
        }
        if (last != null) {
            branch(last, indent + "`- ");
        }
        return next instanceof LineageNode.Model ? next : null;
    }

    private void branch(LineageEdge edge, String indent) {
        LineageNode to = Objects.requireNonNull(nodes.get(edge.to()));
        out.append(indent).append(LineageGraph.words(edge)).append(": ");
        out.append(LineageGraph.line(to)).append('\n');
    }
}
