package org.verifiableai.attestation;

/** A public key, decoded once. Implementations are thread-safe. */
public interface VerificationKey {

    /** The algorithm that this key verifies. */
    SignatureAlgorithm algorithm();

    /** The DER SubjectPublicKeyInfo from which the key was read. */
    Bytes spki();

    /**
     * Whether {@code signature} is this key's signature of {@code message}.
     *
     * @param message the signed bytes, not their hash
     * @param signature in the encoding of {@link #algorithm()}; any other length is not a signature
     * @return false for every signature that does not verify, however malformed
     */
    boolean verify(Bytes message, Bytes signature);
}
