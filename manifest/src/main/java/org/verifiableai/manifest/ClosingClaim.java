package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * What a guest says when its job is done: this manifest is its own, and here is a second report of the machine over it. An
 * in-toto Statement v1 whose one subject is the manifest, by the SHA-256 of its payload. See {@code docs/closing-v1.md}.
 *
 * @param manifest SHA-256 of the manifest's payload, 32 bytes
 * @param evidence the closing report and its certificates
 */
record ClosingClaim(Bytes manifest, List<EvidenceReference> evidence) {

    /** The predicate type. */
    static final String PREDICATE_TYPE = "https://verifiableai.org/closing/v1";

    private static final String PROFILE = "vai-close/v1";
    private static final String ROOT = "closing";
    private static final String MANIFEST = "manifest";
    private static final String EVIDENCE = "evidence";
    private static final int MAX_EVIDENCE = 32;
    private static final byte[] MARK = Bytes.utf8(PREDICATE_TYPE).toByteArray();

    ClosingClaim {
        evidence = List.copyOf(evidence);
    }

    /** The statement's bytes, canonical. */
    Bytes payload() {
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement.put("_type", Provenance.STATEMENT_TYPE).put("predicateType", PREDICATE_TYPE);
        statement
                .putArray("subject")
                .addObject()
                .put("name", MANIFEST)
                .putObject("digest")
                .put("sha256", manifest.hex());
        ObjectNode predicate = statement.putObject("predicate").put("profile", PROFILE);
        ArrayNode pieces = predicate.putArray(EVIDENCE);
        evidence.forEach(reference -> reference.write(pieces.addObject()));
        return Jcs.write(statement);
    }

    /** Whether {@code payload} may be one. A canonical statement names its type to the letter; any other is none of ours. */
    static boolean isLikely(Bytes payload) {
        return indexOf(payload.toByteArray()) >= 0;
    }

    static ClosingClaim parse(Bytes payload) throws MalformedEvidenceException {
        JsonObject statement = JsonObject.of(ROOT, StrictJson.parse(ROOT, payload, DsseEnvelope.MAX_PAYLOAD));
        if (!Jcs.write(statement.node()).equals(payload)) {
            throw JsonObject.wrong(ROOT, "the canonical form of RFC 8785", "another form of the same statement");
        }
        statement.requireText("_type", Provenance.STATEMENT_TYPE);
        statement.requireText("predicateType", PREDICATE_TYPE);
        List<JsonObject> subjects = statement.objects("subject", 1);
        if (subjects.isEmpty()) {
            throw statement.wrongMember("subject", "one manifest", "none");
        }
        JsonObject predicate = statement.object("predicate");
        predicate.requireText("profile", PROFILE);
        return new ClosingClaim(
                subjects.get(0).object("digest").sha256("sha256"),
                EvidenceReference.parseAll(predicate.objects(EVIDENCE, MAX_EVIDENCE)));
    }

    private static int indexOf(byte[] text) {
        for (int i = 0; i <= text.length - MARK.length; i++) {
            int matched = 0;
            while (matched < MARK.length && text[i + matched] == MARK[matched]) {
                matched++;
            }
            if (matched == MARK.length) {
                return i;
            }
        }
        return -1;
    }
}
