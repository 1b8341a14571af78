package org.verifiableai.attestation.testkit;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON out of maps, collections, texts, numbers, truths and null, in ASCII. */
final class JsonText {

    private final String comma;
    private final String colon;

    private JsonText(String comma, String colon) {
        this.comma = comma;
        this.colon = colon;
    }

    /** Without white space. */
    static String compact(@Nullable Object value) {
        return new JsonText(",", ":").write(value);
    }

    /** As Python's {@code json.dumps} does: with a space behind each comma and colon. */
    static String python(@Nullable Object value) {
        return new JsonText(", ", ": ").write(value);
    }

    private String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private void write(StringBuilder out, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                text(out, String.valueOf(entry.getKey()));
                out.append(colon);
                write(out, entry.getValue());
                separator = comma;
            }
            out.append('}');
        } else if (value instanceof Collection<?> list) {
            out.append('[');
            String separator = "";
            for (Object element : list) {
                out.append(separator);
                write(out, element);
                separator = comma;
            }
            out.append(']');
        } else if (value instanceof String text) {
            text(out, text);
        } else {
            out.append(value); // numbers, truths and null are written as Java writes them
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        out.append('"');
    }
}
