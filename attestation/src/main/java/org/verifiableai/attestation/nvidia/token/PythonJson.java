package org.verifiableai.attestation.nvidia.token;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;

/**
 * JSON as {@code json.dumps} of Python writes it when nobody tells it otherwise: a comma and a colon have a space behind
 * them, and everything outside printable ASCII is escaped.
 */
final class PythonJson {

    /** What nvtrust adds to a device's claims after it has hashed them. */
    private static final Set<String> ADDED_AFTERWARDS = Set.of("nbf", "exp", "iat", "jti");

    private PythonJson() {}

    /** SHA-256 of the claims of a device as nvtrust hashes them: in their order, without what it adds afterwards. */
    static Bytes digest(JsonObject claims) {
        StringBuilder out = new StringBuilder();
        object(out, claims, ADDED_AFTERWARDS);
        return Bytes.utf8(out.toString()).sha256();
    }

    static String write(JsonValue value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, JsonValue value) {
        if (value instanceof JsonObject object) {
            object(out, object, Set.of());
        } else if (value instanceof JsonArray array) {
            out.append('[');
            String separator = "";
            for (JsonValue element : array.elements()) {
                out.append(separator);
                write(out, element);
                separator = ", ";
            }
            out.append(']');
        } else if (value instanceof JsonText text) {
            text(out, text.value());
        } else if (value instanceof JsonNumber number) {
            out.append(number.lexeme()); // Python wrote the token too, so that this is how Python writes it
        } else if (value instanceof JsonTruth truth) {
            out.append(truth.value());
        } else {
            out.append("null");
        }
    }

    private static void object(StringBuilder out, JsonObject object, Set<String> without) {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
            if (without.contains(member.getKey())) {
                continue;
            }
            out.append(separator);
            text(out, member.getKey());
            out.append(": ");
            write(out, member.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c >= ' ' && c <= '~') {
                        out.append(c);
                    } else {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    }
                }
            }
        }
        out.append('"');
    }
}
