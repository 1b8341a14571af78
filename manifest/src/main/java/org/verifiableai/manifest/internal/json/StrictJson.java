package org.verifiableai.manifest.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Reads JSON that may be hostile. Taken is I-JSON (RFC 7493) with whole numbers that a double holds exactly; everything
 * about which two readers could differ is refused: duplicate names, also those that are equal only after unescaping, a
 * byte order mark, ill-formed UTF-8, lone surrogates, trailing data, fractions and exponents.
 */
public final class StrictJson {

    /** Nesting that is taken at most. */
    public static final int MAX_DEPTH = 32;

    /** The largest integer that every reader of JSON holds exactly, 2^53 - 1 (RFC 7493, section 2.2). */
    public static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    private static final int MAX_NAME_LENGTH = 1024;
    private static final int MAX_NUMBER_LENGTH = 32;

    private StrictJson() {}

    /**
     * Parses one document.
     *
     * @param field what the document is, for messages
     * @param maxSize the number of bytes taken at most
     */
    public static JsonNode parse(String field, Bytes document, int maxSize) throws MalformedEvidenceException {
        if (document.size() > maxSize) {
            throw new MalformedEvidenceException(field, 0, "at most " + maxSize + " bytes", document.size() + " bytes");
        }
        String text = decodeUtf8(field, document);
        if (text.startsWith("\uFEFF")) {
            throw new MalformedEvidenceException(field, 0, "no byte order mark", "U+FEFF");
        }
        JsonNode root;
        try {
            root = mapper(maxSize).readTree(text);
        } catch (JsonProcessingException e) {
            long offset = e.getLocation() == null
                    ? MalformedEvidenceException.NO_OFFSET
                    : e.getLocation().getCharOffset();
            throw new MalformedEvidenceException(field, offset, "strict JSON", e.getOriginalMessage());
        }
        if (root == null || root.isMissingNode()) {
            throw new MalformedEvidenceException(field, 0, "a JSON value", "none");
        }
        requireProfile(field, root);
        return root;
    }

    private static String decodeUtf8(String field, Bytes document) throws MalformedEvidenceException {
        ByteBuffer in = ByteBuffer.wrap(document.toByteArray());
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedEvidenceException(field, in.position(), "UTF-8", "ill-formed bytes");
        }
    }

    // A mapper of its own for each document: Jackson shares symbol tables between parsers of one factory, and hostile
    // names have no business staying there.
    private static ObjectMapper mapper(int maxSize) {
        JsonFactory factory = new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(maxSize)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    // Depth is bounded by the parser, so this recursion is too.
    private static void requireProfile(String field, JsonNode node) throws MalformedEvidenceException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    requireWellFormed(field, member.getKey());
                    requireProfile(field, member.getValue());
                }
            }
            case ARRAY -> {
                for (JsonNode element : node) {
                    requireProfile(field, element);
                }
            }
            case STRING -> requireWellFormed(field, node.textValue());
            case NUMBER -> requireSafeInteger(field, node);
            case BOOLEAN, NULL -> {}
            default ->
                throw new MalformedEvidenceException(
                        field,
                        MalformedEvidenceException.NO_OFFSET,
                        "a JSON value",
                        node.getNodeType().name());
        }
    }

    private static void requireWellFormed(String field, String text) throws MalformedEvidenceException {
        if (!isWellFormed(text)) {
            throw new MalformedEvidenceException(
                    field, MalformedEvidenceException.NO_OFFSET, "paired surrogates", "a lone surrogate in " + text);
        }
    }

    private static void requireSafeInteger(String field, JsonNode number) throws MalformedEvidenceException {
        // A number such as 1e999999999 is a short BigDecimal: it must not be expanded, not even for the message.
        if (!isSafeInteger(number)) {
            throw new MalformedEvidenceException(
                    field,
                    MalformedEvidenceException.NO_OFFSET,
                    "an integer within +-(2^53-1) without fraction or exponent",
                    number.isIntegralNumber() ? number.asText() : "another number");
        }
    }

    public static boolean isSafeInteger(JsonNode number) {
        return number.isIntegralNumber()
                && number.canConvertToLong()
                && number.longValue() <= MAX_SAFE_INTEGER
                && number.longValue() >= -MAX_SAFE_INTEGER;
    }

    /** Whether every surrogate in {@code text} is one of a pair, so that the text has a UTF-8 form. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
