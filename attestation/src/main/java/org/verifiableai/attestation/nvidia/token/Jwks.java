package org.verifiableai.attestation.nvidia.token;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.StrictJson;

/**
 * A key set of an issuer of tokens (RFC 7517): the JSON under {@code /.well-known/jwks.json}. Immutable.
 *
 * <p>A key set is what makes a token worth anything, and nothing in it proves where it comes from. It is to be trusted only
 * as far as the way that it came: over TLS from the issuer itself, or out of an archive that the relying party keeps.
 * {@link TokenVerifier.Builder#pinnedIntermediates} asks for more. NVIDIA's keys are certified for 48 hours, so that a
 * token that is to be verified later needs the key set of its day.
 *
 * <p>Keys on other curves than P-384, and keys that state another use than ES384 signatures, are left out, as RFC 7517, section 5 asks for.
 */
public final class Jwks {

    /** The largest key set that is read, in bytes. NVIDIA's has 80 KiB. */
    public static final int MAX_SIZE = 1024 * 1024;

    private static final int MAX_KEYS = 1024;
    private static final int MAX_CERTIFICATES = 4;
    private static final StrictJson JSON = StrictJson.of("key set", MAX_SIZE);

    private final Map<String, JwksKey> keys;

    private Jwks(Map<String, JwksKey> keys) {
        this.keys = Collections.unmodifiableMap(keys);
    }

    /**
     * Reads a key set.
     *
     * @param json {@code {"keys":[...]}}, in UTF-8
     * @throws MalformedEvidenceException if it is anything else, or a key on P-384 has no id, the id of another, or
     *     coordinates or certificates that are none
     */
    public static Jwks parse(Bytes json) throws MalformedEvidenceException {
        JsonValue listed = JSON.readObject(json).get("keys").orElseThrow(() -> malformed("keys", "an array", "none"));
        if (!(listed instanceof JsonArray array)) {
            throw Claims.wrong("keys", "an array", listed);
        }
        if (array.elements().size() > MAX_KEYS) {
            throw malformed(
                    "keys", "at most " + MAX_KEYS + " keys", array.elements().size() + " keys");
        }
        Map<String, JwksKey> keys = new LinkedHashMap<>();
        for (JsonValue element : array.elements()) {
            if (!(element instanceof JsonObject key)) {
                throw Claims.wrong("keys", "objects", element);
            }
            if (isForTokens(key)) {
                JwksKey read = read(key);
                if (keys.put(read.id(), read) != null) {
                    throw malformed("kid", "a name of its own for each key", read.id() + " twice");
                }
            }
        }
        return new Jwks(keys);
    }

    /** The key of this id. */
    public Optional<JwksKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** Every key by its id, in the order of the set. */
    public Map<String, JwksKey> keys() {
        return keys;
    }

    /** RFC 7517, sections 4.1, 4.2 and 4.4: type, use and algorithm, of which NVIDIA's service states the first alone. */
    private static boolean isForTokens(JsonObject key) throws MalformedEvidenceException {
        String use = Claims.text(key, "use");
        String algorithm = Claims.text(key, "alg");
        return "EC".equals(Claims.text(key, "kty"))
                && "P-384".equals(Claims.text(key, "crv"))
                && (use == null || use.equals("sig"))
                && (algorithm == null || algorithm.equals("ES384"));
    }

    private static JwksKey read(JsonObject key) throws MalformedEvidenceException {
        String id = Claims.text(key, "kid");
        if (id == null || id.isEmpty()) {
            throw malformed("kid", "a text", "none");
        }
        if (key.members().containsKey("d")) {
            throw malformed("key " + id, "a public key", "a private one");
        }
        List<Bytes> certificates = new ArrayList<>();
        JsonValue chain = key.get("x5c").orElse(null);
        if (chain instanceof JsonArray array) {
            if (array.elements().size() > MAX_CERTIFICATES) {
                throw malformed(
                        "x5c",
                        "at most " + MAX_CERTIFICATES + " certificates",
                        "" + array.elements().size());
            }
            for (JsonValue certificate : array.elements()) {
                certificates.add(certificate(certificate));
            }
        } else if (chain != null) {
            throw Claims.wrong("x5c", "an array", chain);
        }
        return new JwksKey(id, coordinate(key, "x"), coordinate(key, "y"), certificates);
    }

    /** RFC 7518, section 6.2.1.2: as many bytes as the curve's field, leading zeros included. */
    private static Bytes coordinate(JsonObject key, String name) throws MalformedEvidenceException {
        String text = Claims.text(key, name);
        Bytes coordinate = Base64Url.decode(name, text == null ? "" : text);
        if (coordinate.size() != JwksKey.COORDINATE_SIZE) {
            throw malformed(name, JwksKey.COORDINATE_SIZE + " bytes", coordinate.size() + " bytes");
        }
        return coordinate;
    }

    /** RFC 7517, section 4.7: base64 here, and not base64url. */
    private static Bytes certificate(JsonValue value) throws MalformedEvidenceException {
        if (value instanceof JsonText text) {
            try {
                Bytes der = Bytes.of(Base64.getDecoder().decode(text.value()));
                if (der.base64().equals(text.value())) {
                    return der;
                }
            } catch (IllegalArgumentException e) {
                // Said below: the decoder's own message names a character by its number.
            }
        }
        throw Claims.wrong("x5c", "padded base64 of the standard alphabet", value);
    }

    private static MalformedEvidenceException malformed(String field, String expected, String found) {
        return new MalformedEvidenceException(
                "key set: " + field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Jwks that && keys.equals(that.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return "Jwks" + keys.keySet();
    }
}
