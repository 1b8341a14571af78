package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A piece of evidence that travels beside the manifest.
 *
 * @param name what part it plays, such as {@code tee/snp-report}; several pieces may play one part, in order
 * @param mediaType what its bytes are
 * @param sha256 SHA-256 of its bytes, 32 bytes
 */
public record EvidenceReference(String name, String mediaType, Bytes sha256) {

    /**
     * Checks the digest's size.
     *
     * @throws IllegalArgumentException if the digest is not 32 bytes
     */
    public EvidenceReference {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mediaType, "mediaType");
        if (sha256.size() != 32) {
            throw new IllegalArgumentException("sha256 of " + name + ": expected 32 bytes, found " + sha256.size());
        }
    }

    void write(ObjectNode into) {
        into.put("name", name).put("mediaType", mediaType).putObject("digest").put("sha256", sha256.hex());
    }

    static EvidenceReference parse(JsonObject from) throws MalformedEvidenceException {
        return new EvidenceReference(
                from.text("name"), from.text("mediaType"), from.object("digest").sha256("sha256"));
    }

    static List<EvidenceReference> parseAll(List<JsonObject> from) throws MalformedEvidenceException {
        List<EvidenceReference> references = new ArrayList<>();
        for (JsonObject reference : from) {
            references.add(parse(reference));
        }
        return references;
    }
}
