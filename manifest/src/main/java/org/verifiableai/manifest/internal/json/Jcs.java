package org.verifiableai.manifest.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/**
 * Writes JSON in the canonical form of RFC 8785. A number is a double or an integer within +-(2^53-1): any other would
 * have to be rounded, which is the reader's business ({@link StrictJson#parseIJson}), not the writer's.
 */
public final class Jcs {

    private static final String HEX = "0123456789abcdef";

    private Jcs() {}

    /**
     * The canonical UTF-8 form of {@code value}.
     *
     * @throws IllegalArgumentException if a number is neither a safe integer nor a finite double, or a string holds a
     *     lone surrogate
     */
    public static Bytes write(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, out, 0);
        return Bytes.utf8(out.toString());
    }

    private static void write(JsonNode value, StringBuilder out, int depth) {
        if (depth >= StrictJson.MAX_I_JSON_DEPTH && value.isContainerNode()) {
            throw new IllegalArgumentException("nesting must not exceed " + StrictJson.MAX_I_JSON_DEPTH);
        }
        switch (value.getNodeType()) {
            case OBJECT -> writeObject(value, out, depth);
            case ARRAY -> writeArray(value, out, depth);
            case STRING -> writeString(value.textValue(), out);
            case NUMBER -> writeNumber(value, out);
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            default -> throw new IllegalArgumentException(value.getNodeType() + " has no canonical form");
        }
    }

    private static void writeObject(JsonNode object, StringBuilder out, int depth) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        // RFC 8785, section 3.2.3: by UTF-16 code units, which is what String.compareTo does.
        Collections.sort(names);
        char separator = '{';
        for (String name : names) {
            out.append(separator);
            writeString(name, out);
            out.append(':');
            write(object.get(name), out, depth + 1);
            separator = ',';
        }
        out.append(names.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(JsonNode array, StringBuilder out, int depth) {
        out.append('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(array.get(i), out, depth + 1);
        }
        out.append(']');
    }

    // RFC 8785, section 3.2.2.2: only what must be escaped is escaped, and there is one way for each.
    private static void writeString(String text, StringBuilder out) {
        if (!StrictJson.isWellFormed(text)) {
            throw new IllegalArgumentException("a lone surrogate has no UTF-8 form");
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void writeNumber(JsonNode number, StringBuilder out) {
        if (number.isDouble()) {
            ShortestDouble.append(number.doubleValue(), out);
        } else if (StrictJson.isSafeInteger(number)) {
            // RFC 8785, section 3.2.2.3: for these the form of ECMAScript is plain decimal.
            out.append(number.longValue());
        } else {
            throw new IllegalArgumentException("a number must be a double or an integer within +-(2^53-1)");
        }
    }
}
