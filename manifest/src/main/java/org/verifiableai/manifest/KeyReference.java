package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * What a manifest says of the key that signs it. The key itself travels as evidence under its fingerprint, and the
 * machine's report vouches for it.
 *
 * @param fingerprint SHA-256 over the DER SubjectPublicKeyInfo, 32 bytes
 * @param profile how the report is bound to the key, {@link KeyBinding#PROFILE}
 * @param algorithm {@code ecdsa-p384}, {@code ecdsa-p256} or {@code ed25519}
 */
public record KeyReference(Bytes fingerprint, String profile, String algorithm) {

    static final String MEDIA_TYPE = "application/vnd.verifiableai.spki";

    /**
     * Checks the fingerprint's size.
     *
     * @throws IllegalArgumentException if the fingerprint is not 32 bytes
     */
    public KeyReference {
        if (fingerprint.size() != 32) {
            throw new IllegalArgumentException("fingerprint: expected 32 bytes, found " + fingerprint.size());
        }
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(algorithm, "algorithm");
    }

    static KeyReference to(SigningKey key) {
        return new KeyReference(
                KeyBinding.fingerprint(key.spki()), KeyBinding.PROFILE, PublicKeys.algorithmName(key.algorithm()));
    }

    static KeyReference parse(String path, List<JsonObject> byproducts) throws MalformedEvidenceException {
        KeyReference found = null;
        for (JsonObject byproduct : byproducts) {
            if (byproduct
                    .optionalText("name")
                    .filter(Provenance.KEY_BINDING::equals)
                    .isEmpty()) {
                continue;
            }
            if (found != null) {
                throw JsonObject.wrong(path, "one " + Provenance.KEY_BINDING, "more");
            }
            JsonObject annotations = byproduct.object("annotations");
            found = new KeyReference(
                    byproduct.object("digest").sha256("sha256"), annotations.text("profile"), annotations.text("alg"));
        }
        if (found == null) {
            throw JsonObject.wrong(path, "one " + Provenance.KEY_BINDING, "none");
        }
        return found;
    }

    void write(ObjectNode byproduct) {
        byproduct.put("name", Provenance.KEY_BINDING).put("mediaType", MEDIA_TYPE);
        byproduct.putObject("digest").put("sha256", fingerprint.hex());
        byproduct.putObject("annotations").put("profile", profile).put("alg", algorithm);
    }
}
