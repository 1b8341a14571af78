package org.verifiableai.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.verifiableai.attestation.Verdict;

/** Writes a lineage and what was concluded on it as JSON. */
final class LineageJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    // The names of folders end up on terminals, which obey more characters than JSON escapes by itself.
    private static final ObjectMapper JSON = new ObjectMapper(
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());
    private static final ObjectWriter WRITER = JSON.writer();

    private LineageJson() {}

    static String write(JsonNode node) {
        try {
            return WRITER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can always be written", e);
        }
    }

    static ObjectNode lineage(Lineage lineage) {
        ObjectNode root = NODES.objectNode();
        ArrayNode models = root.putArray("models");
        lineage.models().forEach(digest -> models.add(digest.hex()));
        ArrayNode nodes = root.putArray("nodes");
        lineage.nodes().forEach(node -> nodes.add(node(node)));
        ArrayNode edges = root.putArray("edges");
        for (LineageEdge edge : lineage.edges()) {
            ObjectNode written = edges.addObject()
                    .put("from", edge.from())
                    .put("relation", edge.relation().jsonName())
                    .put("to", edge.to());
            if (!edge.label().isEmpty()) {
                written.put("label", edge.label());
            }
        }
        return root;
    }

    /** The verdict as {@link Verdict#toJson()} has it. */
    static ObjectNode verdict(Verdict<?> verdict) {
        try {
            return (ObjectNode) JSON.readTree(verdict.toJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verdict that was just written cannot be read", e);
        }
    }

    private static ObjectNode node(LineageNode node) {
        ObjectNode written = NODES.objectNode().put("id", node.id());
        if (node instanceof LineageNode.Model model) {
            Provenance provenance = model.provenance();
            written.put("kind", "model")
                    .put("digest", model.digest().hex())
                    .put("standing", model.standing().name())
                    .put("manifest", provenance.manifestDigest().hex())
                    .put("startedAt", provenance.startedOn().toString())
                    .put("finishedAt", provenance.finishedOn().toString())
                    .put("folder", model.folderName());
        } else if (node instanceof LineageNode.UnprovenModel model) {
            written.put("kind", "unprovenModel").put("digest", model.digest().hex());
        } else if (node instanceof LineageNode.Data data) {
            written.put("kind", "data").put("sha256", data.sha256().hex());
        } else if (node instanceof LineageNode.Machine machine) {
            written.put("kind", "machine")
                    .put("chipId", machine.chipId().hex())
                    .put("measurement", machine.measurement().hex());
        } else if (node instanceof LineageNode.Key key) {
            written.put("kind", "key").put("fingerprint", key.fingerprint().hex());
        }
        return written;
    }
}
