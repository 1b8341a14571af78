package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * That a manifest is not to be relied on any more: an in-toto statement with the predicate {@link #PREDICATE}.
 *
 * <p>Beside a model it protects only those whom the line reaches: whoever can write the folder can drop it. The registry
 * on a chain is the place for a revocation that cannot be dropped.
 *
 * @param manifestDigest of the manifest, {@link Provenance#manifestDigest()}, 32 bytes
 * @param reason why, for people
 * @param revokedOn when, in whole seconds; a revocation holds for all time, also before
 */
public record ManifestRevocation(Bytes manifestDigest, String reason, Instant revokedOn) {

    /** The type of the predicate. */
    public static final String PREDICATE = "https://verifiableai.org/revocation/v1";

    /**
     * Checks form and range, and cuts the instant to seconds.
     *
     * @throws IllegalArgumentException if the digest is not 32 bytes, or the reason is empty, too long or does not print
     */
    public ManifestRevocation {
        ClaimStatement.requireDigest("manifest digest", manifestDigest);
        ClaimStatement.requireText("reason", reason);
        revokedOn = ClaimStatement.seconds(revokedOn);
    }

    /**
     * Reads a statement, whose bytes have to be the canonical ones (RFC 8785). Members that this SDK does not know are
     * ignored.
     *
     * @throws MalformedEvidenceException if {@code payload} is anything else
     */
    public static ManifestRevocation parse(Bytes payload) throws MalformedEvidenceException {
        JsonObject statement = ClaimStatement.parse(payload, PREDICATE);
        Bytes manifest = ClaimStatement.subjects(statement, ClaimStatement.MANIFEST)
                .get(0)
                .object("digest")
                .sha256("sha256");
        JsonObject predicate = statement.object("predicate");
        try {
            return new ManifestRevocation(
                    manifest, predicate.text("reason"), ClaimStatement.instant(predicate, "revokedOn"));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(predicate.path(), "a revocation", String.valueOf(e.getMessage()));
        }
    }

    /** The statement's bytes in canonical form. */
    public Bytes payload() {
        ObjectNode statement = ClaimStatement.of(PREDICATE);
        ClaimStatement.writeSubject(
                statement, ClaimStatement.MANIFEST, ClaimStatement.digests().put("sha256", manifestDigest.hex()));
        statement.putObject("predicate").put("reason", reason).put("revokedOn", revokedOn.toString());
        return ClaimStatement.write(statement);
    }
}
