package org.verifiableai.attestation;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** A key of a security provider that is named and not installed. Its form was checked before. */
final class ProviderKey implements VerificationKey {

    private final Provider provider;
    private final SignatureAlgorithm algorithm;
    private final Bytes spki;
    private final PublicKey key;
    private final int signatureSize;

    ProviderKey(Provider provider, SignatureAlgorithm algorithm, Bytes spki, PublicKey key, int signatureSize) {
        this.provider = provider;
        this.algorithm = algorithm;
        this.spki = spki;
        this.key = key;
        this.signatureSize = signatureSize;
    }

    /** What Java calls the keys of {@code algorithm}. */
    static String keyType(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ECDSA_P256_SHA256, ECDSA_P384_SHA384, ECDSA_P521_SHA512 -> "EC";
            case ED25519 -> "Ed25519";
            case RSASSA_PSS_SHA384 -> "RSA";
        };
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public Bytes spki() {
        return spki;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        // Providers differ in what lengths they let pass, so that none is asked about a wrong one.
        if (signature.size() != signatureSize) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(signatureName(algorithm), provider);
            if (algorithm == SignatureAlgorithm.RSASSA_PSS_SHA384) {
                verifier.setParameter(RsaPssKey.PSS);
            }
            verifier.initVerify(key);
            verifier.update(message.toByteArray());
            return verifier.verify(signature.toByteArray());
        } catch (SignatureException e) {
            return false; // what providers throw at a value out of range
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " no longer verifies " + algorithm, e);
        }
    }

    private static String signatureName(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ECDSA_P256_SHA256 -> "SHA256withECDSAinP1363Format";
            case ECDSA_P384_SHA384 -> "SHA384withECDSAinP1363Format";
            case ECDSA_P521_SHA512 -> "SHA512withECDSAinP1363Format";
            case ED25519 -> "Ed25519";
            case RSASSA_PSS_SHA384 -> "RSASSA-PSS";
        };
    }
}
