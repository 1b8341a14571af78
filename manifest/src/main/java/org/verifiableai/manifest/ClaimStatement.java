package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** What statements about a manifest have in common: an in-toto Statement v1 in canonical form with our subjects. */
final class ClaimStatement {

    static final String MODEL = "adapter";
    static final String MANIFEST = "manifest";

    private static final String ROOT = "statement";
    private static final int MAX_TEXT = 1000;

    // Shown to people and on terminals: no control, no invisible formatting, nothing that ends a line.
    private static final Pattern TEXT =
            Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}]{1," + MAX_TEXT + "}");

    private ClaimStatement() {}

    static ObjectNode of(String predicateType) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("_type", Provenance.STATEMENT_TYPE)
                .put("predicateType", predicateType);
    }

    static void writeSubject(ObjectNode statement, String name, ObjectNode digests) {
        statement.withArrayProperty("subject").addObject().put("name", name).set("digest", digests);
    }

    static ObjectNode digests() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The canonical bytes. */
    static Bytes write(ObjectNode statement) {
        return Jcs.write(statement);
    }

    /** Reads a statement, whose bytes have to be the canonical ones: they and what they say stand for each other. */
    static JsonObject parse(Bytes payload, String predicateType) throws MalformedEvidenceException {
        JsonObject statement = JsonObject.of(ROOT, StrictJson.parse(ROOT, payload, DsseEnvelope.MAX_PAYLOAD));
        if (!Jcs.write(statement.node()).equals(payload)) {
            throw JsonObject.wrong(ROOT, "the canonical form of RFC 8785", "another form of the same statement");
        }
        statement.requireText("_type", Provenance.STATEMENT_TYPE);
        statement.requireText("predicateType", predicateType);
        return statement;
    }

    /** The subjects, which have to be those of {@code names} in that order, and no others. */
    static List<JsonObject> subjects(JsonObject statement, String... names) throws MalformedEvidenceException {
        List<JsonObject> subjects = statement.objects("subject", names.length);
        if (subjects.size() != names.length) {
            throw statement.wrongMember("subject", names.length + " subjects", subjects.size() + " subjects");
        }
        for (int i = 0; i < names.length; i++) {
            subjects.get(i).requireText("name", names[i]);
        }
        return subjects;
    }

    static Instant instant(JsonObject object, String name) throws MalformedEvidenceException {
        String text = object.text(name);
        try {
            if (text.endsWith("Z")) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            // Falls through: the same complaint.
        }
        throw object.wrongMember(name, "an instant of RFC 3339 in UTC with a final Z", text);
    }

    static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    static String requireText(String what, String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    what + ": expected 1 to " + MAX_TEXT + " characters that print, found " + text);
        }
        return text;
    }

    static Bytes requireDigest(String what, Bytes digest) {
        if (digest.size() != 32) {
            throw new IllegalArgumentException(what + ": expected 32 bytes, found " + digest.size());
        }
        return digest;
    }
}
