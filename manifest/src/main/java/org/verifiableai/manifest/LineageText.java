package org.verifiableai.manifest;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** Writes a lineage as trees for people. */
final class LineageText {

    private final Lineage lineage;
    private final Set<String> told = new HashSet<>();
    private final StringBuilder out = new StringBuilder();

    private LineageText(Lineage lineage) {
        this.lineage = lineage;
    }

    static String write(Lineage lineage) {
        LineageText text = new LineageText(lineage);
        for (Bytes model : lineage.models()) {
            lineage.node(LineageNode.modelId(model)).ifPresent(text::tree);
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
            indent += "   ";
        }
    }

    /** Tells what a model was made from and returns the model that is told next. */
    private @Nullable LineageNode branches(LineageNode model, String indent) {
        List<LineageEdge> edges = lineage.edgesFrom(model.id());
        for (LineageEdge edge : edges) {
            if (!LineageGraph.leadsOn(edge)) {
                branch(edge, indent + "+- ");
            }
        }
        Optional<LineageEdge> next =
                edges.stream().filter(LineageGraph::leadsOn).findFirst();
        next.ifPresent(edge -> branch(edge, indent + "`- "));
        return next.flatMap(edge -> lineage.node(edge.to()))
                .filter(LineageNode.Model.class::isInstance)
                .orElse(null);
    }

    private void branch(LineageEdge edge, String indent) {
        String to = lineage.node(edge.to()).map(LineageGraph::line).orElse(edge.to());
        out.append(indent)
                .append(LineageGraph.words(edge))
                .append(": ")
                .append(to)
                .append('\n');
    }
}
