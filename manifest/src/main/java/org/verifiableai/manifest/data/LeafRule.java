package org.verifiableai.manifest.data;

import java.util.Optional;

/**
 * How a record becomes a leaf. In every rule records are the bytes between LF, raw as the file holds them: one final LF
 * ends the last record and starts none, CR is data, and blank lines are records. In every rule the leaf is
 * SHA-256(00 || entry) (RFC 9162, section 2.1.1); the rules differ in what the entry is.
 */
public enum LeafRule {

    /** The entry is the record. Whoever sees a proof can test guesses at the neighbouring records against it. */
    JSONL_RAW("jsonl-raw-v1"),

    /** The entry is a salt of 32 bytes, then the record. See {@link SaltSecret} for what that hides. */
    SALTED("salted-v1"),

    /** The entry is the contributor (one byte of length, then UTF-8), then SHA-256(record). It hides nothing. */
    CONTRIBUTOR("contributor-v1");

    private final String id;

    LeafRule(String id) {
        this.id = id;
    }

    /** The name of the rule in manifests and proofs. */
    public String id() {
        return id;
    }

    /** The rule of that name, if this version knows it. */
    public static Optional<LeafRule> of(String id) {
        for (LeafRule rule : values()) {
            if (rule.id.equals(id)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
