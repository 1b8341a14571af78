package org.verifiableai.attestation;

import java.util.Optional;

/**
 * Decodes public keys for verification. Verifiers take one when they are built, so that an application can put a faster
 * provider under all of them. Implementations are thread-safe.
 */
public interface SignatureEngine {

    /**
     * The fastest engine at hand: {@link #corretto()} where there is one, else {@link #bouncyCastle()}. It is chosen once,
     * at the first call.
     */
    static SignatureEngine standard() {
        return corretto().orElseGet(SignatureEngine::bouncyCastle);
    }

    /**
     * Bouncy Castle's own arithmetic for elliptic curves, the Java runtime for RSA and for every hash; nothing native. It
     * installs no security provider and uses none but the runtime's own.
     */
    static SignatureEngine bouncyCastle() {
        return BouncyCastleEngine.INSTANCE;
    }

    /**
     * The Amazon Corretto Crypto Provider, if the application has it on its class or module path, its native library loads,
     * and it passes a self-test: a signature of each algorithm that verifies, and damaged ones that do not. It is asked for
     * by name and never installed as a security provider. Keys are checked as by {@link #bouncyCastle()} before it sees
     * them, and an algorithm that it does not offer (Ed25519, unless its own system property asks for it) stays with Bouncy
     * Castle.
     */
    static Optional<SignatureEngine> corretto() {
        return CorrettoEngine.Holder.ENGINE;
    }

    /** A short name for verdicts and logs, such as {@code bouncy-castle} or {@code corretto}. */
    default String name() {
        return getClass().getSimpleName();
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
