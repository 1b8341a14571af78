package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** The stored form of a {@link LineagePolicy}. What it does not know it refuses, since it may be a demand. */
final class LineagePolicyJson {

    private static final String ROOT = "lineage policy";
    private static final int MAX_SIZE = 16 << 20;
    private static final String DEPTHS = "depths";
    private static final String MODELS = "models";
    private static final Set<String> MEMBERS = Set.of(
            "each",
            DEPTHS,
            MODELS,
            "withoutProvenOrigin",
            "withoutTimeOrder",
            "clockSkewSeconds",
            "maxDepth",
            "maxModels");

    private LineagePolicyJson() {}

    static String write(LineagePolicy policy) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("each", tree(policy.each()));
        if (!policy.depths().isEmpty()) {
            ObjectNode depths = root.putObject(DEPTHS);
            policy.depths().forEach((depth, demands) -> depths.set(depth.toString(), tree(demands)));
        }
        if (!policy.models().isEmpty()) {
            ObjectNode models = root.putObject(MODELS);
            policy.models().forEach((digest, demands) -> models.set(digest.hex(), tree(demands)));
        }
        policy.originWaiver().ifPresent(reason -> root.put("withoutProvenOrigin", reason));
        policy.timeWaiver().ifPresent(reason -> root.put("withoutTimeOrder", reason));
        root.put("clockSkewSeconds", policy.clockSkew().toSeconds());
        root.put("maxDepth", policy.maxDepth()).put("maxModels", policy.maxModels());
        return root.toPrettyString();
    }

    static LineagePolicy read(String json) {
        try {
            JsonObject root = JsonObject.of(ROOT, StrictJson.parse(ROOT, Bytes.utf8(json), MAX_SIZE));
            root.requireOnly(MEMBERS);
            ProvenancePolicyJson.requireNoNull(root);
            return read(root);
        } catch (MalformedEvidenceException e) {
            // A policy is the caller's own word, so a bad one is the caller's mistake.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static LineagePolicy read(JsonObject root) throws MalformedEvidenceException {
        LineagePolicy.Builder builder = LineagePolicy.builder().each(policy(root.object("each")));
        JsonObject depths = root.objectOrEmpty(DEPTHS);
        for (Iterator<String> names = depths.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            builder.atDepth(depth(depths, name), policy(depths.object(name)));
        }
        JsonObject models = root.objectOrEmpty(MODELS);
        for (Iterator<String> names = models.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            builder.model(digest(models, name), policy(models.object(name)));
        }
        if (root.has("withoutProvenOrigin")) {
            builder.withoutProvenOrigin(root.text("withoutProvenOrigin"));
        }
        if (root.has("withoutTimeOrder")) {
            builder.withoutTimeOrder(root.text("withoutTimeOrder"));
        }
        if (root.has("clockSkewSeconds")) {
            builder.clockSkew(Duration.ofSeconds(root.natural("clockSkewSeconds")));
        }
        if (root.has("maxDepth")) {
            builder.maxDepth(limit(root, "maxDepth"));
        }
        if (root.has("maxModels")) {
            builder.maxModels(limit(root, "maxModels"));
        }
        return builder.build();
    }

    private static ProvenancePolicy policy(JsonObject demands) {
        return ProvenancePolicy.parse(demands.node().toString());
    }

    private static JsonNode tree(ProvenancePolicy policy) {
        try {
            return StrictJson.parse(ROOT, Bytes.utf8(policy.toJson()), MAX_SIZE);
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("a policy that was just written cannot be read", e);
        }
    }

    private static int depth(JsonObject depths, String name) throws MalformedEvidenceException {
        // One form for each number, so that no two members mean the same depth.
        if (!name.matches("0|[1-9][0-9]{0,3}")) {
            throw JsonObject.wrong(depths.path(), "depths in decimal", name);
        }
        return Integer.parseInt(name);
    }

    private static Bytes digest(JsonObject models, String name) throws MalformedEvidenceException {
        if (!name.matches("[0-9a-f]{64}")) {
            throw JsonObject.wrong(models.path(), "digests of 64 lower-case hex digits", name);
        }
        return Bytes.fromHex(name);
    }

    private static int limit(JsonObject root, String name) throws MalformedEvidenceException {
        // What does not fit is too large, which the builder says.
        return (int) Math.min(Integer.MAX_VALUE, root.natural(name));
    }
}
