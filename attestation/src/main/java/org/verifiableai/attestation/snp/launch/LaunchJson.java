package org.verifiableai.attestation.snp.launch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads JSON token by token, and refuses what the form does not have. Not thread-safe. */
final class LaunchJson {

    private static final int MAX_LENGTH = 1024 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The same lines on every operating system: configurations are equal if their texts are. */
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    private final String what;
    private final JsonParser in;

    private LaunchJson(String what, JsonParser in) {
        this.what = what;
        this.in = in;
    }

    /** Reads a value at which the parser stands. */
    interface Value {
        void read(LaunchJson in) throws IOException, MalformedEvidenceException;
    }

    /** Reads the value of a member, at which the parser stands. */
    interface Member {
        void read(String name) throws IOException, MalformedEvidenceException;
    }

    /** Writes the members of an object. */
    interface Members {
        void write(JsonGenerator out) throws IOException;
    }

    /** Reads a document of one value; {@code what} names it in messages. */
    static void read(String what, String json, Value value) throws MalformedEvidenceException {
        if (json.length() > MAX_LENGTH) {
            throw new MalformedEvidenceException(
                    what,
                    MalformedEvidenceException.NO_OFFSET,
                    "at most " + MAX_LENGTH + " characters",
                    json.length() + " characters");
        }
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            LaunchJson reader = new LaunchJson(what, in);
            value.read(reader);
            if (in.nextToken() != null) {
                throw reader.wrong("nothing after the object", String.valueOf(in.currentToken()));
            }
        } catch (IOException e) {
            throw new MalformedEvidenceException(
                    what, MalformedEvidenceException.NO_OFFSET, "JSON", String.valueOf(e.getMessage()));
        }
    }

    /** Writes a document of one object. */
    static String write(Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.setPrettyPrinter(
                    new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER));
            out.writeStartObject();
            members.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    static void hex(JsonGenerator out, String name, long value) throws IOException {
        out.writeStringField(name, "0x" + Long.toHexString(value));
    }

    /** Reads the members of the object at which the parser stands. */
    void object(Member member) throws IOException, MalformedEvidenceException {
        require(JsonToken.START_OBJECT, "a JSON object");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            member.read(name);
        }
    }

    /** Reads the elements of the array at which the parser stands. */
    void array(String name, Value element) throws IOException, MalformedEvidenceException {
        require(JsonToken.START_ARRAY, name + " as an array");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            element.read(this);
        }
    }

    String text(String name) throws IOException, MalformedEvidenceException {
        require(JsonToken.VALUE_STRING, name + " as a text");
        return in.getText();
    }

    /** Hex digits of {@code size} bytes. */
    Bytes hex(String name, int size) throws IOException, MalformedEvidenceException {
        String digits = text(name);
        if (digits.length() != 2 * size || !digits.matches("[0-9a-fA-F]*")) {
            throw wrong(name + " of " + 2 * size + " hex digits", digits);
        }
        return Bytes.fromHex(digits);
    }

    /** A number that JSON or a text writes in decimals, or a text as {@code 0x} and hex digits; unsigned 64 bits. */
    long unsigned(String name) throws IOException, MalformedEvidenceException {
        String text = in.currentToken() == JsonToken.VALUE_NUMBER_INT ? in.getText() : text(name);
        try {
            if (text.matches("0x[0-9a-fA-F]{1,16}")) {
                return Long.parseUnsignedLong(text, 2, text.length(), 16);
            }
            if (text.matches("[0-9]{1,20}")) {
                return Long.parseUnsignedLong(text);
            }
        } catch (NumberFormatException e) {
            throw wrong(name + " of at most 64 bits", text);
        }
        throw wrong(name + " as an unsigned number such as 4096 or \"0x1000\"", text);
    }

    MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException(what, MalformedEvidenceException.NO_OFFSET, expected, found);
    }

    MalformedEvidenceException unknown(String name) {
        return wrong("a member of a " + what, name);
    }

    MalformedEvidenceException missing(String name) {
        return wrong("a member " + name, "none");
    }

    private void require(JsonToken token, String expected) throws MalformedEvidenceException {
        if (in.currentToken() != token) {
            throw wrong(expected, String.valueOf(in.currentToken()));
        }
    }
}
