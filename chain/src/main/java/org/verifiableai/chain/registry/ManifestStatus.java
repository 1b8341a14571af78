package org.verifiableai.chain.registry;

/** What a publisher says of one manifest for one model. */
public enum ManifestStatus {
    /** Nothing: it was never published for this model. */
    UNKNOWN,
    /** It is the newest version and stands. */
    PUBLISHED,
    /** It stood, and a later version took its place. */
    SUPERSEDED,
    /** It was revoked. */
    REVOKED
}
