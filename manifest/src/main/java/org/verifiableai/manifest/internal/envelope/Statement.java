package org.verifiableai.manifest.internal.envelope;

import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * An in-toto Statement v1: a predicate about subjects, which are known by their digests alone. Members that the
 * specification does not name are ignored.
 *
 * @param subjects at least one, each with a digest
 * @param predicateType what {@code predicate} is
 * @param predicate an object
 */
public record Statement(List<ResourceDescriptor> subjects, String predicateType, JsonObject predicate) {

    /** The payload type of an envelope around a statement. */
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    /** The value of {@code _type}. */
    public static final String TYPE = "https://in-toto.io/Statement/v1";

    /** The number of subjects that are taken at most. */
    public static final int MAX_SUBJECTS = 100_000;

    private static final String ROOT = "statement";
    private static final int MAX_TYPE = 1024;

    public Statement {
        subjects = List.copyOf(subjects);
    }

    /**
     * Reads a statement of anybody: any number that I-JSON has may be in its predicate.
     *
     * @param maxSize the number of bytes taken at most
     */
    public static Statement parse(Bytes payload, int maxSize) throws MalformedEvidenceException {
        return of(JsonObject.of(ROOT, StrictJson.parseIJson(ROOT, payload, maxSize)));
    }

    /** Reads a statement that was parsed by a profile of the caller's. */
    public static Statement of(JsonObject statement) throws MalformedEvidenceException {
        statement.requireText("_type", TYPE);
        List<ResourceDescriptor> subjects = ResourceDescriptor.list(statement, "subject", MAX_SUBJECTS);
        if (subjects.isEmpty()) {
            throw statement.wrongMember("subject", "at least one subject", "none");
        }
        for (int i = 0; i < subjects.size(); i++) {
            // statement.md: subjects are matched by digest alone, so each has one.
            if (subjects.get(i).digest().isEmpty()) {
                throw JsonObject.wrong(statement.path() + ".subject[" + i + "].digest", "at least one digest", "none");
            }
        }
        String predicateType = statement.text("predicateType");
        if (predicateType.isEmpty() || predicateType.length() > MAX_TYPE) {
            throw statement.wrongMember("predicateType", "1 to " + MAX_TYPE + " characters", predicateType);
        }
        return new Statement(subjects, predicateType, statement.object("predicate"));
    }
}
