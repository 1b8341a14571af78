package org.verifiableai.attestation.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * The values of a policy's members in JSON. A reader stands on the value's first token, and leaves on its last. Immutable
 * and thread-safe.
 */
public final class JsonValues {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String subject;

    /** Values of what messages call {@code subject}, such as {@code snp policy}. */
    public JsonValues(String subject) {
        this.subject = subject;
    }

    /** A reader that refuses a member twice. */
    public static JsonParser parser(String json) throws IOException {
        return JSON.createParser(json);
    }

    /** A writer without white space. */
    public static JsonGenerator generator(StringWriter text) throws IOException {
        return JSON.createGenerator(text);
    }

    /** Reads one element of an array. */
    public interface Element<T> {
        T read(JsonParser in, String name) throws IOException, MalformedEvidenceException;
    }

    /** A string. */
    public String text(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_STRING, "a text");
        return in.getText();
    }

    /** Bytes as hex digits. */
    public Bytes hex(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        return hex(name, text(in, name));
    }

    /** Bytes as hex digits, of a text that was read. */
    public Bytes hex(String name, String text) throws MalformedEvidenceException {
        try {
            return Bytes.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name + " as hex digits, two a byte", text);
        }
    }

    /** True or false. */
    public boolean bool(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        if (in.currentToken() != JsonToken.VALUE_TRUE && in.currentToken() != JsonToken.VALUE_FALSE) {
            throw wrong(name + " as true or false", String.valueOf(in.currentToken()));
        }
        return in.getBooleanValue();
    }

    /** A whole number. */
    public long number(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_NUMBER_INT, "a whole number");
        return in.getLongValue();
    }

    /** A whole number of 32 bits. */
    public int smallNumber(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_NUMBER_INT, "a whole number");
        if (in.getNumberType() != JsonParser.NumberType.INT) {
            throw wrong(name + " as a whole number of 32 bits", in.getText());
        }
        return in.getIntValue();
    }

    /** Bits as {@code 0x3f}. */
    public long bits(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        String text = text(in, name);
        if (!text.matches("0x[0-9a-fA-F]{1,16}")) {
            throw wrong(name + " as 0x and 1 to 16 hex digits", text);
        }
        return Long.parseUnsignedLong(text.substring(2), 16);
    }

    /** The constant of exactly this name. */
    public <E extends Enum<E>> E constant(Class<E> type, String name, String text) throws MalformedEvidenceException {
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
    public <T> Set<T> set(JsonParser in, String name, Element<T> element)
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

    /** Refuses a value of another kind. */
    public void require(JsonParser in, String name, JsonToken token, String expected)
            throws MalformedEvidenceException {
        if (in.currentToken() != token) {
            throw wrong(name + " as " + expected, String.valueOf(in.currentToken()));
        }
    }

    /** Writes an array of texts, or nothing where there are none. */
    public static void array(JsonGenerator out, String name, Collection<String> elements) throws IOException {
        if (!elements.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String element : elements) {
                out.writeString(element);
            }
            out.writeEndArray();
        }
    }

    /** Writes an array of objects that are JSON already. */
    public static void objects(JsonGenerator out, String name, Collection<String> objects) throws IOException {
        if (!objects.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String object : objects) {
                try (JsonParser in = parser(object)) {
                    in.nextToken();
                    out.copyCurrentStructure(in);
                }
            }
            out.writeEndArray();
        }
    }

    /** The object on which {@code in} stands, as a text of its own. */
    public static String copy(JsonParser in) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = generator(text)) {
            out.copyCurrentStructure(in);
        }
        return text.toString();
    }

    /** Each as hex digits, in their order. */
    public static List<String> sortedHex(Collection<Bytes> values) {
        return values.stream().map(Bytes::hex).sorted().toList();
    }

    /** The refusal of something else than what is expected. */
    public MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException(subject, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
