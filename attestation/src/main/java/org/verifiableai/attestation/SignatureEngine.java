package org.verifiableai.attestation;

/**
 * Decodes public keys for verification. Verifiers take one when they are built, so that an application can put a faster
 * provider under all of them. Implementations are thread-safe.
 */
public interface SignatureEngine {

    /**
     * The engine of this SDK: Bouncy Castle's own arithmetic for elliptic curves, the Java runtime for RSA and for every
     * hash. It installs no security provider.
     */
    static SignatureEngine standard() {
        return StandardSignatureEngine.INSTANCE;
    }

    /**
     * Decodes a DER SubjectPublicKeyInfo. Only its one canonical form is taken: named curve, uncompressed point on the
     * curve, no trailing bytes.
     *
     * @param spki the key; its algorithm and curve decide the {@link SignatureAlgorithm}
     * @return the key, ready to verify with; keep it where the same key verifies more than once
     * @throws MalformedEvidenceException if {@code spki} is anything else
     */
    VerificationKey key(Bytes spki) throws MalformedEvidenceException;
}
