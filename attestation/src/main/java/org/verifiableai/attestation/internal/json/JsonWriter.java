package org.verifiableai.attestation.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;

/** Writes JSON: members in their order and numbers as they were read, so that equal values are equal texts. */
public final class JsonWriter {

    private static final JsonFactory JSON = new JsonFactory();

    /** The same lines on every operating system. */
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    private JsonWriter() {}

    /** Without white space. */
    public static String compact(JsonValue value) {
        return write(value, false);
    }

    /** With a line for each member and element. */
    public static String pretty(JsonValue value) {
        return write(value, true);
    }

    private static String write(JsonValue value, boolean pretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            if (pretty) {
                out.setPrettyPrinter(
                        new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER));
            }
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, JsonValue value) throws IOException {
        if (value instanceof JsonObject object) {
            out.writeStartObject();
            for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                out.writeFieldName(member.getKey());
                write(out, member.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof JsonArray array) {
            out.writeStartArray();
            for (JsonValue element : array.elements()) {
                write(out, element);
            }
            out.writeEndArray();
        } else if (value instanceof JsonText text) {
            out.writeString(text.value());
        } else if (value instanceof JsonNumber number) {
            out.writeNumber(number.lexeme());
        } else if (value instanceof JsonTruth truth) {
            out.writeBoolean(truth.value());
        } else {
            out.writeNull();
        }
    }
}
