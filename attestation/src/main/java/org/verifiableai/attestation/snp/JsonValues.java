package org.verifiableai.attestation.snp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** The values of a policy's members in JSON. A reader stands on the value's first token, and leaves on its last. */
final class JsonValues {

    private JsonValues() {}

    /** Reads one element of an array. */
    interface Element<T> {
        T read(JsonParser in, String name) throws IOException, MalformedEvidenceException;
    }

    static String text(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_STRING, "a text");
        return in.getText();
    }

    static Bytes hex(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        return hex(name, text(in, name));
    }

    static Bytes hex(String name, String text) throws MalformedEvidenceException {
        try {
            return Bytes.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name + " as hex digits, two a byte", text);
        }
    }

    static boolean bool(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        if (in.currentToken() != JsonToken.VALUE_TRUE && in.currentToken() != JsonToken.VALUE_FALSE) {
            throw wrong(name + " as true or false", String.valueOf(in.currentToken()));
        }
        return in.getBooleanValue();
    }

    static long number(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_NUMBER_INT, "a whole number");
        return in.getLongValue();
    }

    static int smallNumber(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_NUMBER_INT, "a whole number");
        return in.getIntValue();
    }

    /** Bits as {@code 0x3f}. */
    static long bits(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        String text = text(in, name);
        if (!text.matches("0x[0-9a-fA-F]{1,16}")) {
            throw wrong(name + " as 0x and 1 to 16 hex digits", text);
        }
        return Long.parseUnsignedLong(text.substring(2), 16);
    }

    static <E extends Enum<E>> E constant(Class<E> type, String name, String text) throws MalformedEvidenceException {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
            names.add(constant.name());
        }
        throw wrong(name + " as one of " + String.join(", ", names), text);
    }

    /** An array without an element twice. Nothing on a list of what will do could be taken as "anything will". */
    static <T> Set<T> set(JsonParser in, String name, Element<T> element)
            throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.START_ARRAY, "an array");
        Set<T> elements = new LinkedHashSet<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (!elements.add(element.read(in, name))) {
                throw wrong(name + " with each element once", "one twice");
            }
        }
        if (elements.isEmpty()) {
            throw wrong(name + " with at least one element", "an empty array");
        }
        return elements;
    }

    static void require(JsonParser in, String name, JsonToken token, String expected)
            throws MalformedEvidenceException {
        if (in.currentToken() != token) {
            throw wrong(name + " as " + expected, String.valueOf(in.currentToken()));
        }
    }

    static void array(JsonGenerator out, String name, Collection<String> elements) throws IOException {
        if (!elements.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String element : elements) {
                out.writeString(element);
            }
            out.writeEndArray();
        }
    }

    /** Writes an array of objects that are JSON already. */
    static void objects(JsonGenerator out, String name, Collection<String> objects) throws IOException {
        if (!objects.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String object : objects) {
                try (JsonParser in = SnpPolicyJson.parser(object)) {
                    in.nextToken();
                    out.copyCurrentStructure(in);
                }
            }
            out.writeEndArray();
        }
    }

    /** The object on which {@code in} stands, as a text of its own. */
    static String copy(JsonParser in) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = SnpPolicyJson.generator(text)) {
            out.copyCurrentStructure(in);
        }
        return text.toString();
    }

    static List<String> sortedHex(Collection<Bytes> values) {
        return values.stream().map(Bytes::hex).sorted().toList();
    }

    static MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException("snp policy", MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
