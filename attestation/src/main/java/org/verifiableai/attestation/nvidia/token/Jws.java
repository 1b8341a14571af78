package org.verifiableai.attestation.nvidia.token;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.StrictJson;

/**
 * One JSON Web Token in the compact form of RFC 7515: a header, claims and a signature. Parsed, and not verified. Immutable.
 *
 * <p>A header that brings a key or names a place to fetch one ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) is read
 * as any other, and nothing ever looks at those members.
 */
public final class Jws {

    /** The longest token that is read, in characters. */
    public static final int MAX_LENGTH = 512 * 1024;

    private static final int MAX_HEADER = 8 * 1024;
    private static final int MAX_HEADER_MEMBERS = 16;
    private static final int MAX_SIGNATURE = 1024;
    private static final int MAX_KEY_ID = 256;
    private static final StrictJson HEADER = StrictJson.of("token header", MAX_HEADER);
    private static final StrictJson PAYLOAD = StrictJson.of("token claims", MAX_LENGTH);

    private final String compact;
    private final String algorithm;
    private final @Nullable String keyId;
    private final Bytes payload;
    private final JsonObject claims;
    private final Bytes signature;

    private Jws(
            String compact,
            String algorithm,
            @Nullable String keyId,
            Bytes payload,
            JsonObject claims,
            Bytes signature) {
        this.compact = compact;
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.payload = payload;
        this.claims = claims;
        this.signature = signature;
    }

    /**
     * Reads one token.
     *
     * @param compact three parts in base64url without padding, with dots between them; the third is empty where the
     *     algorithm is {@code none}
     * @throws MalformedEvidenceException if it is anything else, names an extension that has to be understood, or has a
     *     member twice
     */
    public static Jws parse(String compact) throws MalformedEvidenceException {
        if (compact.length() > MAX_LENGTH) {
            throw malformed("token", "at most " + MAX_LENGTH + " characters", compact.length() + " characters");
        }
        int first = compact.indexOf('.');
        int second = compact.indexOf('.', first + 1);
        if (first < 0 || second < 0 || compact.indexOf('.', second + 1) >= 0) {
            throw malformed(
                    "token",
                    "three parts with dots between them",
                    (compact.chars().filter(c -> c == '.').count() + 1) + " parts");
        }
        JsonObject header = HEADER.readObject(Base64Url.decode("token header", compact.substring(0, first)));
        if (header.members().size() > MAX_HEADER_MEMBERS) {
            throw malformed(
                    "token header",
                    "at most " + MAX_HEADER_MEMBERS + " members",
                    header.members().size() + " members");
        }
        // RFC 7515, section 4.1.11: whoever does not understand an extension that is named here refuses. RFC 7797,
        // section 3: b64 changes what is signed.
        for (String extension : new String[] {"crit", "b64"}) {
            if (header.members().containsKey(extension)) {
                throw malformed("token header", "no member " + extension, "one");
            }
        }
        String algorithm = Claims.text(header, "alg");
        if (algorithm == null) {
            throw malformed("token header", "a member alg", "none");
        }
        String keyId = Claims.text(header, "kid");
        if (keyId != null && keyId.length() > MAX_KEY_ID) {
            throw malformed("kid", "at most " + MAX_KEY_ID + " characters", keyId.length() + " characters");
        }
        Bytes payload = Base64Url.decode("token claims", compact.substring(first + 1, second));
        JsonObject claims = PAYLOAD.readObject(payload);
        Bytes signature = Base64Url.decode("token signature", compact.substring(second + 1));
        if (signature.size() > MAX_SIGNATURE) {
            throw malformed("token signature", "at most " + MAX_SIGNATURE + " bytes", signature.size() + " bytes");
        }
        return new Jws(compact, algorithm, keyId, payload, claims, signature);
    }

    /** The token as it came. */
    public String compact() {
        return compact;
    }

    /** {@code alg} of the header, such as {@code ES384}. An attacker may have written it. */
    public String algorithm() {
        return algorithm;
    }

    /** {@code kid} of the header. */
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** The claims as they came: JSON, in UTF-8. */
    public Bytes payload() {
        return payload;
    }

    /** The signature; empty where there is none. */
    public Bytes signature() {
        return signature;
    }

    /** SHA-256 over the ASCII of the token, both dots included; 32 bytes. */
    public Bytes sha256() {
        return Bytes.utf8(compact).sha256();
    }

    /** What the signature is over: the first two parts with the dot between them (RFC 7515, section 5.2). */
    Bytes signingInput() {
        return Bytes.utf8(compact.substring(0, compact.lastIndexOf('.')));
    }

    JsonObject claims() {
        return claims;
    }

    private static MalformedEvidenceException malformed(String field, String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Jws that && compact.equals(that.compact);
    }

    @Override
    public int hashCode() {
        return Objects.hash(compact);
    }

    @Override
    public String toString() {
        return "Jws[" + algorithm + ", sha256 " + sha256() + "]";
    }
}
