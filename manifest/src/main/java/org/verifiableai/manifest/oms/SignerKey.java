package org.verifiableai.manifest.oms;

import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.LegacyPublicKey;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.pem.Pem;

/** What a bundle says of a bare key, held beside the key that the caller gave. */
final class SignerKey {

    private SignerKey() {}

    /** What is wrong with the kind of a key, or nothing: the format has the three curves and no other algorithm. */
    static Optional<String> kindDefect(VerificationKey key) {
        return switch (key.algorithm()) {
            case ECDSA_P256_SHA256, ECDSA_P384_SHA384, ECDSA_P521_SHA512 -> Optional.empty();
            case ED25519, RSASSA_PSS_SHA384 ->
                Optional.of("key: expected ECDSA on P-256, P-384 or P-521, which is all that the format has, found "
                        + key.algorithm());
        };
    }

    static boolean isPemHint(String hint, VerificationKey key) {
        return hint.equals(PublicKeys.hint(key.spki()));
    }

    static boolean isDerHint(String hint, VerificationKey key) {
        return hint.equals(key.spki().sha256().hex());
    }

    /** What is wrong with the key in a bundle of old, or nothing. */
    static Optional<String> legacyDefect(LegacyPublicKey material, VerificationKey key) {
        Bytes spki;
        try {
            spki = Pem.publicKey("bundle.verificationMaterial.publicKey.rawBytes", material.rawBytes());
        } catch (MalformedEvidenceException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (!spki.equals(key.spki())) {
            return Optional.of("key in the bundle: expected " + PublicKeys.hint(key.spki())
                    + " (SHA-256 of its PEM), found " + PublicKeys.hint(spki));
        }
        String expected = details(key.algorithm());
        if (!material.keyDetails().isEmpty() && !material.keyDetails().equals(expected)) {
            return Optional.of(String.valueOf(JsonObject.wrong(
                            "bundle.verificationMaterial.publicKey.keyDetails", expected, material.keyDetails())
                    .getMessage()));
        }
        return Optional.empty();
    }

    // sigstore_common.proto, PublicKeyDetails.
    private static String details(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ECDSA_P256_SHA256 -> "PKIX_ECDSA_P256_SHA_256";
            case ECDSA_P384_SHA384 -> "PKIX_ECDSA_P384_SHA_384";
            case ECDSA_P521_SHA512 -> "PKIX_ECDSA_P521_SHA_512";
            case ED25519 -> "PKIX_ED25519";
            case RSASSA_PSS_SHA384 -> "";
        };
    }
}
