package org.verifiableai.manifest.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;

/** What formats say about public keys: hints, algorithm names, and signatures as envelopes carry them. */
public final class PublicKeys {

    private static final int PEM_COLUMNS = 64;

    private PublicKeys() {}

    /**
     * The hint by which OpenSSF Model Signing names a bare key: SHA-256, in hex, over the PEM text of the
     * SubjectPublicKeyInfo with 64 columns, LF and a final LF.
     */
    public static String hint(Bytes spki) {
        String body = Base64.getMimeEncoder(PEM_COLUMNS, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(spki.toByteArray());
        String pem = "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
        return Bytes.utf8(pem).sha256().hex();
    }

    /** The name of the algorithm in the key-binding annotation; empty for one that manifests do not use. */
    public static String algorithmName(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ECDSA_P384_SHA384 -> "ecdsa-p384";
            case ECDSA_P256_SHA256 -> "ecdsa-p256";
            case ED25519 -> "ed25519";
            case ECDSA_P521_SHA512, RSASSA_PSS_SHA384 -> "";
        };
    }

    /** A signature as envelopes carry it: DER for ECDSA, the 64 bytes of RFC 8032 for Ed25519. */
    public static Bytes toEnvelope(SignatureAlgorithm algorithm, Bytes signature) {
        return switch (algorithm) {
            case ECDSA_P521_SHA512, ECDSA_P384_SHA384, ECDSA_P256_SHA256 -> DerSignature.encode(signature);
            case ED25519, RSASSA_PSS_SHA384 -> signature;
        };
    }

    /** Whether {@code signature}, as an envelope carries it, is that of {@code key} over {@code message}. */
    public static boolean verify(VerificationKey key, Bytes message, Bytes signature)
            throws MalformedEvidenceException {
        return switch (key.algorithm()) {
            case ECDSA_P521_SHA512 -> key.verify(message, DerSignature.decode("sig", signature, 66));
            case ECDSA_P384_SHA384 -> key.verify(message, DerSignature.decode("sig", signature, 48));
            case ECDSA_P256_SHA256 -> key.verify(message, DerSignature.decode("sig", signature, 32));
            case ED25519 -> key.verify(message, signature);
            case RSASSA_PSS_SHA384 -> false;
        };
    }
}
