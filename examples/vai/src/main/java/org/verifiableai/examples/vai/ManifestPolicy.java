package org.verifiableai.examples.vai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Optional;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.manifest.LineagePolicy;
import org.verifiableai.manifest.ProvenancePolicy;

/**
 * What is demanded of a manifest: a policy for a model, or one for a lineage, which has a member {@code each}.
 *
 * @param model the policy for a model; empty if the file holds one for a lineage
 * @param lineage the policy for a lineage; the model's for each, if the file holds that
 */
record ManifestPolicy(Optional<ProvenancePolicy> model, LineagePolicy lineage) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static ManifestPolicy read(Path file) throws EvidenceUnavailableException {
        String json = PolicyFile.read(file);
        try {
            if (isLineage(json)) {
                return new ManifestPolicy(Optional.empty(), LineagePolicy.parse(json));
            }
            ProvenancePolicy model = ProvenancePolicy.parse(json);
            return new ManifestPolicy(Optional.of(model), LineagePolicy.each(model));
        } catch (IllegalArgumentException e) {
            throw PolicyFile.wrong(file, e);
        }
    }

    private static boolean isLineage(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            return root != null && root.has("each");
        } catch (JsonProcessingException e) {
            return false; // the strict reader says what is wrong
        }
    }
}
