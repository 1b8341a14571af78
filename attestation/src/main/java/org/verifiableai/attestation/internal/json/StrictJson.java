package org.verifiableai.attestation.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNull;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;

/**
 * Reads JSON that an attacker may have written. Two readers of one text must not see two things, so a member that stands
 * twice is refused, as are bytes that are not UTF-8, a byte order mark, and anything after the value. How deep values nest,
 * and how long a document, a text and a number are, is bounded.
 */
public final class StrictJson {

    /** How deep arrays and objects may nest. */
    public static final int MAX_DEPTH = 16;

    private static final int MAX_NUMBER = 100;
    private static final int MAX_NAME = 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String field;
    private final int maxSize;
    private final JsonFactory factory;

    private StrictJson(String field, int maxSize) {
        this.field = field;
        this.maxSize = maxSize;
        this.factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(maxSize)
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(maxSize)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_NAME)
                        .build())
                .build();
    }

    /**
     * A reader of one kind of document. Immutable and thread-safe.
     *
     * @param field what is read, for messages
     * @param maxSize the most bytes, or characters, that a document has
     */
    public static StrictJson of(String field, int maxSize) {
        return new StrictJson(field, maxSize);
    }

    /**
     * Reads a document of UTF-8.
     *
     * @throws MalformedEvidenceException if it is anything but one value of JSON within the bounds
     */
    public JsonValue read(Bytes document) throws MalformedEvidenceException {
        if (document.size() > maxSize) {
            throw malformed("at most " + maxSize + " bytes", document.size() + " bytes");
        }
        try {
            return read(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(document.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw malformed("UTF-8", "bytes that are not");
        }
    }

    /**
     * Reads a document.
     *
     * @throws MalformedEvidenceException as {@link #read(Bytes)}
     */
    public JsonValue read(String document) throws MalformedEvidenceException {
        if (document.length() > maxSize) {
            throw malformed("at most " + maxSize + " characters", document.length() + " characters");
        }
        if (!document.isEmpty() && document.charAt(0) == BYTE_ORDER_MARK) {
            throw malformed("JSON", "a byte order mark");
        }
        try (JsonParser in = factory.createParser(document)) {
            in.nextToken();
            JsonValue value = value(in);
            if (in.nextToken() != null) {
                throw malformed("the end of the document", String.valueOf(in.currentToken()));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw malformed("JSON", e.getOriginalMessage());
        } catch (IOException e) {
            throw malformed("JSON", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a document that is an object.
     *
     * @throws MalformedEvidenceException as {@link #read(Bytes)}, and if it is no object
     */
    public JsonObject readObject(Bytes document) throws MalformedEvidenceException {
        return object(read(document));
    }

    /**
     * Reads a document that is an object.
     *
     * @throws MalformedEvidenceException as {@link #read(Bytes)}, and if it is no object
     */
    public JsonObject readObject(String document) throws MalformedEvidenceException {
        return object(read(document));
    }

    private JsonObject object(JsonValue value) throws MalformedEvidenceException {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw malformed("an object", value.kind());
    }

    /** Calls itself no deeper than {@link #MAX_DEPTH}, which the parser sees to. */
    private JsonValue value(JsonParser in) throws IOException, MalformedEvidenceException {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw malformed("JSON", "nothing");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                    in.nextToken();
                    members.put(name, value(in));
                }
                yield new JsonObject(members);
            }
            case START_ARRAY -> {
                List<JsonValue> elements = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(in));
                }
                yield new JsonArray(elements);
            }
            case VALUE_STRING -> new JsonText(in.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(in.getText());
            case VALUE_TRUE -> new JsonTruth(true);
            case VALUE_FALSE -> new JsonTruth(false);
            case VALUE_NULL -> JsonNull.NULL;
            default -> throw malformed("a value", token.toString());
        };
    }

    private MalformedEvidenceException malformed(String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
