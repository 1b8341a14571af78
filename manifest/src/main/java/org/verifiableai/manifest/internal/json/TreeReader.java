package org.verifiableai.manifest.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Builds the tree of one document and holds it to a profile on the way. The parser bounds the depth. */
final class TreeReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Texts up to so long stand for whole numbers of 18 digits at most, which a long holds. */
    private static final int MAX_LONG_TEXT = 18;

    private final String field;
    private final JsonParser parser;
    private final int maxNameLength;
    private final boolean anyNumber;

    TreeReader(String field, JsonParser parser, int maxNameLength, boolean anyNumber) {
        this.field = field;
        this.parser = parser;
        this.maxNameLength = maxNameLength;
        this.anyNumber = anyNumber;
    }

    JsonNode document() throws IOException, MalformedEvidenceException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw wrong("a JSON value", "none");
        }
        JsonNode root = value(first);
        JsonToken behind = parser.nextToken();
        if (behind != null) {
            throw wrong("one JSON value", "another behind it");
        }
        return root;
    }

    private JsonNode value(@Nullable JsonToken token) throws IOException, MalformedEvidenceException {
        if (token == null) {
            throw wrong("a JSON value", "the end");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.textNode(wellFormed(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(token, parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw wrong("a JSON value", token.name());
        };
    }

    private ObjectNode object() throws IOException, MalformedEvidenceException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = wellFormed(parser.currentName());
            if (name.length() > maxNameLength) {
                throw wrong("a name of at most " + maxNameLength + " characters", name.length() + " characters");
            }
            if (object.replace(name, value(parser.nextToken())) != null) {
                throw wrong("each name once", "another member " + name);
            }
        }
        return object;
    }

    private ArrayNode array() throws IOException, MalformedEvidenceException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(token));
        }
        return array;
    }

    private String wellFormed(String text) throws MalformedEvidenceException {
        if (!StrictJson.isWellFormed(text)) {
            throw wrong("paired surrogates", "a lone surrogate in " + text);
        }
        return text;
    }

    // From its text, so that no number is ever expanded: 1e999999999 is short, its digits are not.
    private JsonNode number(JsonToken token, String text) throws MalformedEvidenceException {
        if (token == JsonToken.VALUE_NUMBER_INT && text.length() <= MAX_LONG_TEXT) {
            long whole = Long.parseLong(text);
            if (StrictJson.isSafeInteger(whole)) {
                return NODES.numberNode(whole);
            }
        }
        if (!anyNumber) {
            throw wrong("an integer within +-(2^53-1) without fraction or exponent", text);
        }
        double nearest = Double.parseDouble(text);
        if (Double.isInfinite(nearest)) {
            throw wrong("a number that a double holds", text);
        }
        return NODES.numberNode(nearest);
    }

    private MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException(
                field, parser.currentTokenLocation().getCharOffset(), expected, found);
    }
}
