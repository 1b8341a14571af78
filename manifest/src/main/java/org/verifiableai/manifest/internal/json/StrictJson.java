package org.verifiableai.manifest.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Reads JSON that may be hostile. Taken is I-JSON (RFC 7493); everything about which two readers could differ is refused:
 * duplicate names, also those that are equal only after unescaping, a byte order mark, ill-formed UTF-8, lone
 * surrogates, trailing data, numbers that no double holds. What is signed is read by the narrower profile of
 * {@link #parse}, in which every number is a whole one that a double holds exactly.
 */
public final class StrictJson {

    /** Nesting that is taken at most in what is signed. */
    public static final int MAX_DEPTH = 32;

    /** Nesting that is taken at most in any other document. */
    public static final int MAX_I_JSON_DEPTH = 256;

    /** The largest integer that every reader of JSON holds exactly, 2^53 - 1 (RFC 7493, section 2.2). */
    public static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    private static final char REPLACEMENT = '\uFFFD';

    private static final StrictJson SIGNED = new StrictJson(MAX_DEPTH, 1024, 32, false);

    // The longest decimal that a double equals exactly has 1,077 characters.
    private static final StrictJson I_JSON = new StrictJson(MAX_I_JSON_DEPTH, Integer.MAX_VALUE, 2048, true);

    private final JsonFactory factory;
    private final int maxNameLength;
    private final boolean anyNumber;

    private StrictJson(int maxDepth, int maxNameLength, int maxNumberLength, boolean anyNumber) {
        // One factory serves all documents. What parsers of one factory could share is a table of names, in which
        // hostile
        // names have no business staying: a factory that does not canonicalise has none.
        this.factory = new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxStringLength(Integer.MAX_VALUE) // the document's size is the bound
                        .maxNameLength(Integer.MAX_VALUE) // not looked at by a parser that does not canonicalise
                        .maxNumberLength(maxNumberLength)
                        .build())
                .build();
        this.maxNameLength = maxNameLength;
        this.anyNumber = anyNumber;
    }

    /**
     * Parses one document of the profile for what is signed: whole numbers within +-(2^53-1), without fraction or
     * exponent.
     *
     * @param field what the document is, for messages
     * @param maxSize the number of bytes taken at most
     */
    public static JsonNode parse(String field, Bytes document, int maxSize) throws MalformedEvidenceException {
        return SIGNED.read(field, document, maxSize);
    }

    /**
     * Parses one document with every number of I-JSON: what is no safe integer becomes the double nearest to it, which
     * has to be finite.
     *
     * @param field what the document is, for messages
     * @param maxSize the number of bytes taken at most
     */
    public static JsonNode parseIJson(String field, Bytes document, int maxSize) throws MalformedEvidenceException {
        return I_JSON.read(field, document, maxSize);
    }

    private JsonNode read(String field, Bytes document, int maxSize) throws MalformedEvidenceException {
        if (document.size() > maxSize) {
            throw new MalformedEvidenceException(field, 0, "at most " + maxSize + " bytes", document.size() + " bytes");
        }
        String text = decodeUtf8(field, document);
        if (text.startsWith("\uFEFF")) {
            throw new MalformedEvidenceException(field, 0, "no byte order mark", "U+FEFF");
        }
        try (JsonParser parser = factory.createParser(text)) {
            return new TreeReader(field, parser, maxNameLength, anyNumber).document();
        } catch (JsonProcessingException e) {
            long offset = e.getLocation() == null
                    ? MalformedEvidenceException.NO_OFFSET
                    : e.getLocation().getCharOffset();
            throw new MalformedEvidenceException(field, offset, "strict JSON", e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be read", e);
        }
    }

    private static String decodeUtf8(String field, Bytes document) throws MalformedEvidenceException {
        byte[] bytes = document.toByteArray();
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The fast decoder leaves U+FFFD where bytes are ill-formed. Where it is, the slow one tells who put it there.
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
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

    public static boolean isSafeInteger(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() && isSafeInteger(number.longValue());
    }

    static boolean isSafeInteger(long number) {
        return number <= MAX_SAFE_INTEGER && number >= -MAX_SAFE_INTEGER;
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
