package org.verifiableai.manifest;

/** What is known of a model in a {@link Lineage}. */
public enum Standing {
    /** {@link ProvenanceVerifier} accepted it under its policy. */
    ACCEPTED("accepted"),

    /** {@link ProvenanceVerifier} rejected it under its policy: what its manifest says is not proven. */
    REJECTED("rejected"),

    /** Nobody verified it: what its manifest says is not proven. */
    NOT_VERIFIED("not verified");

    private final String words;

    Standing(String words) {
        this.words = words;
    }

    /** For people. */
    String words() {
        return words;
    }
}
