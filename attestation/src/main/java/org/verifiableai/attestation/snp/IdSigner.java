package org.verifiableai.attestation.snp;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.verifiableai.attestation.Bytes;

/**
 * A key on P-384 that signs ID blocks or, as an author's, ID keys. It may live in a file, in a token or in a service.
 *
 * <p>Who holds it decides which guests a policy that trusts it accepts, so it belongs where no guest and no host is.
 */
public interface IdSigner {

    /** The public key: DER SubjectPublicKeyInfo with P-384 as named curve and an uncompressed point. */
    Bytes publicKey();

    /**
     * Signs with ECDSA and SHA-384.
     *
     * @param message the bytes to be signed, not their hash
     * @return r and s, 48 bytes each, big-endian
     * @throws GeneralSecurityException if the key cannot be used now
     */
    Bytes sign(Bytes message) throws GeneralSecurityException;

    /**
     * A key of the Java runtime's, which signs through the provider that holds it: a key store, a token, a file.
     *
     * @throws IllegalArgumentException if the public key is not on P-384
     */
    static IdSigner of(KeyPair keys) {
        return JcaIdSigner.of(keys);
    }

    /**
     * A key out of a PEM file: PKCS #8 ({@code PRIVATE KEY}) or SEC 1 ({@code EC PRIVATE KEY}), unencrypted, as OpenSSL
     * writes them. Its signatures are deterministic (RFC 6979).
     *
     * @throws IllegalArgumentException if {@code pem} holds no such key, several, or one that is not on P-384; the message
     *     tells nothing of the key
     */
    static IdSigner ofPem(Bytes pem) {
        return PemIdSigner.of(pem);
    }
}
