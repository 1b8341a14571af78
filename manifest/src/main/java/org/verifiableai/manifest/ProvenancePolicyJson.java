package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** The stored form of a {@link ProvenancePolicy}. What it does not know it refuses, since it may be a demand. */
final class ProvenancePolicyJson {

    private static final String ROOT = "policy";
    private static final int MAX_SIZE = 1 << 20;
    private static final Set<String> MEMBERS =
            Set.of("snp", "gpu", "withoutGpu", "nonce", "withoutFreshness", "baseModels", "anyBaseModel");

    private ProvenancePolicyJson() {}

    static String write(ProvenancePolicy policy) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("snp", SnpPolicyJson.write(policy.snp()));
        policy.gpu().ifPresent(gpu -> root.set("gpu", GpuPolicyJson.write(gpu)));
        policy.gpuWaiver().ifPresent(reason -> root.put("withoutGpu", reason));
        policy.nonce().ifPresent(nonce -> root.put("nonce", nonce.hex()));
        policy.freshnessWaiver().ifPresent(reason -> root.put("withoutFreshness", reason));
        if (!policy.baseModels().isEmpty()) {
            ArrayNode digests = root.putArray("baseModels");
            Set<String> sorted = new TreeSet<>();
            policy.baseModels().forEach(digest -> sorted.add(digest.hex()));
            sorted.forEach(digests::add);
        }
        policy.baseModelWaiver().ifPresent(reason -> root.put("anyBaseModel", reason));
        return root.toPrettyString();
    }

    static ProvenancePolicy read(String json) {
        try {
            JsonObject root = JsonObject.of(ROOT, StrictJson.parse(ROOT, Bytes.utf8(json), MAX_SIZE));
            root.requireOnly(MEMBERS);
            return read(root);
        } catch (MalformedEvidenceException e) {
            // A policy is the caller's own word, so a bad one is the caller's mistake.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static ProvenancePolicy read(JsonObject root) throws MalformedEvidenceException {
        ProvenancePolicy.Builder builder = ProvenancePolicy.builder().snp(SnpPolicyJson.read(root.object("snp")));
        if (root.has("gpu")) {
            builder.gpu(GpuPolicyJson.read(root.object("gpu")));
        }
        if (root.has("withoutGpu")) {
            builder.withoutGpu(root.text("withoutGpu"));
        }
        if (root.has("nonce")) {
            builder.nonce(root.hex("nonce"));
        }
        if (root.has("withoutFreshness")) {
            builder.withoutFreshness(root.text("withoutFreshness"));
        }
        if (root.has("baseModels")) {
            for (JsonNode digest : root.member("baseModels")) {
                builder.baseModel(Bytes.fromHex(digest.asText()));
            }
        }
        if (root.has("anyBaseModel")) {
            builder.anyBaseModel(root.text("anyBaseModel"));
        }
        return builder.build();
    }
}
