package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;

/** Reads claims by name and type. One that is absent or null is null; one of another type is malformed. */
final class Claims {

    // Half past the year 9999: no later instant is written in ISO 8601 with four digits.
    private static final long MAX_SECONDS = 253_402_300_799L;
    private static final int MAX_DIGITS = 12;
    // A verdict tells a claim of the overall token beside each device that differs from it.
    private static final int MAX_TEXT = 4096;

    private Claims() {}

    static @Nullable String text(JsonObject claims, String name) throws MalformedEvidenceException {
        JsonValue value = claims.get(name).orElse(null);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonText text && text.value().length() <= MAX_TEXT) {
            return text.value();
        }
        throw wrong(name, "a text of at most " + MAX_TEXT + " characters", value);
    }

    static @Nullable Boolean truth(JsonObject claims, String name) throws MalformedEvidenceException {
        JsonValue value = claims.get(name).orElse(null);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonTruth truth) {
            return truth.value();
        }
        throw wrong(name, "true or false", value);
    }

    /** A NumericDate (RFC 7519, section 2) in whole seconds. */
    static @Nullable Instant instant(JsonObject claims, String name) throws MalformedEvidenceException {
        JsonValue value = claims.get(name).orElse(null);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonNumber number
                && number.isWhole()
                && number.lexeme().length() <= MAX_DIGITS
                && !number.lexeme().startsWith("-")) {
            long seconds = Long.parseLong(number.lexeme());
            if (seconds <= MAX_SECONDS) {
                return Instant.ofEpochSecond(seconds);
            }
        }
        throw wrong(name, "whole seconds since 1970, to the year 9999", value);
    }

    static MalformedEvidenceException wrong(String name, String expected, JsonValue found) {
        return new MalformedEvidenceException(name, MalformedEvidenceException.NO_OFFSET, expected, describe(found));
    }

    /** A value in a message: itself where it is short by nature, and its kind elsewhere. */
    static String describe(JsonValue value) {
        if (value instanceof JsonText text) {
            return "\"" + text.value() + "\"";
        }
        return value instanceof JsonNumber number ? number.lexeme() : value.kind();
    }
}
