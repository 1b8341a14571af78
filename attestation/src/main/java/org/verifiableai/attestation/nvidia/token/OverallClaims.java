package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;

/**
 * The claims of the overall token of a bundle, by their names in NVIDIA's tokens. A claim that is absent or null is empty.
 * Parsed, and true only if a {@link TokenVerifier} accepted the token. Immutable.
 */
public final class OverallClaims {

    private final RegisteredClaims registered;
    private final @Nullable String subject;
    private final @Nullable String version;
    private final @Nullable Boolean result;
    private final Map<String, SubmoduleDigest> submodules;
    private final @Nullable ErrorDetails error;

    private OverallClaims(
            RegisteredClaims registered,
            @Nullable String subject,
            @Nullable String version,
            @Nullable Boolean result,
            Map<String, SubmoduleDigest> submodules,
            @Nullable ErrorDetails error) {
        this.registered = registered;
        this.subject = subject;
        this.version = version;
        this.result = result;
        this.submodules = Collections.unmodifiableMap(submodules);
        this.error = error;
    }

    static OverallClaims read(JsonObject claims) throws MalformedEvidenceException {
        Map<String, SubmoduleDigest> submodules = new LinkedHashMap<>();
        JsonValue named = claims.get("submods").orElse(null);
        if (named instanceof JsonObject object) {
            for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                submodules.put(member.getKey(), SubmoduleDigest.read(member.getKey(), member.getValue()));
            }
        } else if (named != null) {
            throw Claims.wrong("submods", "an object", named);
        }
        return new OverallClaims(
                RegisteredClaims.read(claims),
                Claims.text(claims, "sub"),
                Claims.text(claims, "x-nvidia-ver"),
                Claims.truth(claims, "x-nvidia-overall-att-result"),
                submodules,
                ErrorDetails.read(claims).orElse(null));
    }

    /** {@code iss}: who made the token. */
    public Optional<String> issuer() {
        return Optional.ofNullable(registered.issuer());
    }

    /** {@code sub}. */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** {@code iat}. */
    public Optional<Instant> issuedAt() {
        return Optional.ofNullable(registered.issuedAt());
    }

    /** {@code nbf}. */
    public Optional<Instant> notBefore() {
        return Optional.ofNullable(registered.notBefore());
    }

    /** {@code exp}. */
    public Optional<Instant> expires() {
        return Optional.ofNullable(registered.expires());
    }

    /** {@code eat_nonce}: 64 hex digits in real tokens. */
    public Optional<String> nonce() {
        return Optional.ofNullable(registered.nonce());
    }

    /** {@code x-nvidia-ver}: the version of the claims, {@code 2.0} or {@code 3.0}. */
    public Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /** {@code x-nvidia-overall-att-result}: what the token's maker concluded. */
    public Optional<Boolean> result() {
        return Optional.ofNullable(result);
    }

    /** {@code submods}: the digests of the device tokens by the names of the devices, in the order of the token. */
    public Map<String, SubmoduleDigest> submodules() {
        return submodules;
    }

    /** What went wrong, where the token says that something did. */
    public Optional<ErrorDetails> error() {
        return Optional.ofNullable(error);
    }

    RegisteredClaims registered() {
        return registered;
    }
}
