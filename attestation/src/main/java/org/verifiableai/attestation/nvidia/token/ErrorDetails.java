package org.verifiableai.attestation.nvidia.token;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;

/**
 * What a verifier of NVIDIA says where it could not judge: {@code x-nvidia-error-details} of the attestation service, or
 * {@code x-nv-err-code} and {@code x-nv-err-message} of the local verifier. A member that is absent is an empty text.
 *
 * @param code such as {@code 4010}
 * @param message such as {@code NONCE_NOT_MATCHING}
 * @param description one sentence
 */
public record ErrorDetails(String code, String message, String description) {

    private static final String DETAILS = "x-nvidia-error-details";
    private static final String LOCAL_CODE = "x-nv-err-code";
    private static final String LOCAL_MESSAGE = "x-nv-err-message";

    /** Wants every part. */
    public ErrorDetails {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(description, "description");
    }

    /** Empty only where the claims have no member of an error at all: one that is null is an error too. */
    static Optional<ErrorDetails> read(JsonObject claims) throws MalformedEvidenceException {
        JsonValue details = claims.members().get(DETAILS);
        if (details instanceof JsonObject object) {
            return Optional.of(
                    new ErrorDetails(word(object, "code"), word(object, "message"), word(object, "description")));
        }
        if (details != null) {
            throw Claims.wrong(DETAILS, "an object", details);
        }
        if (claims.members().containsKey(LOCAL_CODE) || claims.members().containsKey(LOCAL_MESSAGE)) {
            return Optional.of(new ErrorDetails(word(claims, LOCAL_CODE), word(claims, LOCAL_MESSAGE), ""));
        }
        return Optional.empty();
    }

    private static String word(JsonObject object, String name) throws MalformedEvidenceException {
        @Nullable JsonValue value = object.get(name).orElse(null);
        if (value == null) {
            return "";
        }
        if (value instanceof JsonText text) {
            return text.value();
        }
        if (value instanceof JsonNumber number) {
            return number.lexeme();
        }
        throw Claims.wrong(name, "a text or a number", value);
    }

    @Override
    public String toString() {
        return ("error " + code + " " + message).strip() + (description.isBlank() ? "" : ": " + description.strip());
    }
}
