package org.verifiableai.attestation.nvidia.collateral;

/** Whether a question to the revocation service has a nonce, and what is made of an answer that does not repeat it. */
public enum OcspNonce {
    /**
     * A nonce goes along, and an answer without it is refused: it is fresh for sure, and is therefore not kept. A responder
     * whose answers are made in advance, as a cache in between is, cannot serve.
     */
    REQUIRE,
    /**
     * A nonce goes along. An answer that repeats none is taken nevertheless, and one that repeats another is refused.
     * Answers are kept until their nextUpdate.
     */
    IF_ECHOED,
    /** No nonce goes along. Answers are kept until their nextUpdate. */
    NONE
}
