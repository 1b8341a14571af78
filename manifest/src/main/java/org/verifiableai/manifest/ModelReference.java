package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A model with its manifest, by digests. Both are needed: one model may have several manifests, and a manifest's text says
 * what an evaluator took for granted.
 *
 * @param modelDigest {@link Provenance#modelDigest()}, 32 bytes
 * @param omsRoot the digest by which OpenSSF Model Signing calls the same files, 32 bytes
 * @param manifestDigest {@link Provenance#manifestDigest()}, 32 bytes
 */
public record ModelReference(Bytes modelDigest, Bytes omsRoot, Bytes manifestDigest) {

    /**
     * Checks sizes.
     *
     * @throws IllegalArgumentException if a digest is not 32 bytes
     */
    public ModelReference {
        ClaimStatement.requireDigest("model digest", modelDigest);
        ClaimStatement.requireDigest("oms root", omsRoot);
        ClaimStatement.requireDigest("manifest digest", manifestDigest);
    }

    /** The model and manifest that {@code provenance} is about. */
    public static ModelReference to(Provenance provenance) {
        return new ModelReference(
                provenance.modelDigest(), provenance.adapter().omsRoot(), provenance.manifestDigest());
    }

    void write(ObjectNode statement) {
        ClaimStatement.writeSubject(
                statement,
                ClaimStatement.MODEL,
                ClaimStatement.digests().put("sha256", omsRoot.hex()).put("dirHash1", modelDigest.hex()));
        ClaimStatement.writeSubject(
                statement, ClaimStatement.MANIFEST, ClaimStatement.digests().put("sha256", manifestDigest.hex()));
    }

    static ModelReference parse(JsonObject statement) throws MalformedEvidenceException {
        List<JsonObject> subjects = ClaimStatement.subjects(statement, ClaimStatement.MODEL, ClaimStatement.MANIFEST);
        JsonObject model = subjects.get(0).object("digest");
        return new ModelReference(
                model.sha256("dirHash1"),
                model.sha256("sha256"),
                subjects.get(1).object("digest").sha256("sha256"));
    }
}
