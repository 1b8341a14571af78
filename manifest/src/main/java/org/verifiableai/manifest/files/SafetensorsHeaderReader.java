package org.verifiableai.manifest.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.StrictJson;

/** Reads the JSON of one safetensors header as a stream, without a tree. Not thread-safe. */
final class SafetensorsHeaderReader {

    private static final String HEADER = "safetensors header";
    private static final String METADATA = "__metadata__";

    /** Deeper than any known header, of which unknown members may be a part. */
    private static final int MAX_DEPTH = 16;

    /** How many values and names the unknown members of one tensor have together: the parser remembers names. */
    private static final int MAX_UNKNOWN = 10_000;

    /** Texts up to so long stand for whole numbers that a long holds, or nearly. */
    private static final int MAX_LONG_TEXT = 19;

    // A factory that does not canonicalise keeps no table of names: hostile ones have no business staying there.
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(SafetensorsLimits.MAX_HEADER_SIZE)
                    .maxNameLength(SafetensorsLimits.MAX_HEADER_SIZE)
                    .build())
            .build();

    private final byte[] header;
    private final long dataSize;
    private final SafetensorsLimits limits;
    private final JsonParser parser;
    private int unknown;

    SafetensorsHeaderReader(byte[] header, long dataSize, SafetensorsLimits limits) throws MalformedEvidenceException {
        this.header = header;
        this.dataSize = dataSize;
        this.limits = limits;
        // Through a decoder that reports: a parser that is given bytes guesses UTF-16 and takes overlong forms.
        Reader text = new InputStreamReader(
                new ByteArrayInputStream(header),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try {
            this.parser = JSON.createParser(text);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    /**
     * The length of the header, once it is known to lie within the file and the limits.
     *
     * @param field the file's first eight bytes, or all that it has
     */
    static int length(byte[] field, long fileSize, SafetensorsLimits limits) throws MalformedEvidenceException {
        if (field.length < SafetensorsHeader.LENGTH_SIZE) {
            throw new MalformedEvidenceException("safetensors length", 0, "8 bytes", field.length + " bytes");
        }
        long length = ByteBuffer.wrap(field).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long room = fileSize - SafetensorsHeader.LENGTH_SIZE;
        // Unsigned: what a signed long has as negative is longer than any file.
        if (Long.compareUnsigned(length, room) > 0) {
            throw new MalformedEvidenceException(
                    "safetensors length",
                    0,
                    "a header within the file, at most " + room + " bytes",
                    Long.toUnsignedString(length) + " bytes");
        }
        if (length > limits.headerSize()) {
            throw new MalformedEvidenceException(
                    "safetensors length",
                    0,
                    "a header of at most " + limits.headerSize() + " bytes",
                    length + " bytes");
        }
        return (int) length;
    }

    SafetensorsHeader read() throws MalformedEvidenceException {
        try (parser) {
            return document();
        } catch (CharacterCodingException e) {
            throw new MalformedEvidenceException(HEADER, SafetensorsHeader.LENGTH_SIZE, "UTF-8", "ill-formed bytes");
        } catch (JsonProcessingException e) {
            long offset = e.getLocation() == null
                    ? MalformedEvidenceException.NO_OFFSET
                    : e.getLocation().getCharOffset();
            throw new MalformedEvidenceException(HEADER, offset, "strict JSON", e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    private SafetensorsHeader document() throws IOException, MalformedEvidenceException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong(HEADER, "an object", found());
        }
        List<SafetensorsTensor> tensors = new ArrayList<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = wellFormed(HEADER, parser.currentName());
            if (name.equals(METADATA)) {
                metadata(metadata);
            } else if (tensors.size() == limits.tensors()) {
                throw wrong(HEADER, "at most " + limits.tensors() + " tensors", "more");
            } else {
                tensors.add(tensor(name));
            }
        }
        if (parser.nextToken() != null) {
            throw wrong(HEADER, "one object", "another value behind it");
        }
        // Names need not stand in the order of the data; where empty tensors share a place, the name decides.
        tensors.sort(Comparator.comparingLong(SafetensorsTensor::begin)
                .thenComparingLong(SafetensorsTensor::end)
                .thenComparing(SafetensorsTensor::name));
        requireContiguous(tensors);
        return new SafetensorsHeader(SafetensorsHeader.LENGTH_SIZE + (long) header.length, tensors, metadata);
    }

    private void metadata(SortedMap<String, String> metadata) throws IOException, MalformedEvidenceException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong(METADATA, "an object of strings", found());
        }
        long room = limits.metadataSize();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = wellFormed(METADATA, parser.currentName());
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw wrong(METADATA + "." + key, "a string", found());
            }
            String value = wellFormed(METADATA + "." + key, parser.getText());
            room -= utf8Size(key) + utf8Size(value);
            if (room < 0) {
                throw wrong(METADATA, "at most " + limits.metadataSize() + " bytes", "more");
            }
            metadata.put(key, value);
        }
    }

    private SafetensorsTensor tensor(String name) throws IOException, MalformedEvidenceException {
        if (utf8Size(name) > limits.nameSize()) {
            throw wrong(HEADER, "names of at most " + limits.nameSize() + " bytes", utf8Size(name) + " bytes");
        }
        String field = "tensor " + name;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong(field, "an object", found());
        }
        SafetensorsDtype dtype = null;
        List<Long> shape = null;
        List<Long> span = null;
        unknown = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            switch (wellFormed(field, parser.currentName())) {
                case "dtype" -> dtype = dtype(field);
                case "shape" -> shape = numbers(field + " shape", limits.rank());
                case "data_offsets" -> span = numbers(field + " data_offsets", 2);
                default -> skipValue(field);
            }
        }
        if (dtype == null || shape == null || span == null) {
            throw wrong(
                    field,
                    "dtype, shape and data_offsets",
                    "no " + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (span.size() != 2) {
            throw wrong(field + " data_offsets", "2 numbers", span.size() + " numbers");
        }
        SafetensorsTensor tensor = new SafetensorsTensor(name, dtype, shape, span.get(0), span.get(1));
        requireSize(field, tensor);
        return tensor;
    }

    private SafetensorsDtype dtype(String field) throws IOException, MalformedEvidenceException {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw wrong(field + " dtype", "a string", found());
        }
        String name = wellFormed(field + " dtype", parser.getText());
        return SafetensorsDtype.named(name).orElseThrow(() -> wrong(field + " dtype", "a known type", name));
    }

    private List<Long> numbers(String field, int max) throws IOException, MalformedEvidenceException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw wrong(field, "an array", found());
        }
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (numbers.size() == max) {
                throw wrong(field, "at most " + max + " numbers", "more");
            }
            numbers.add(number(field));
        }
        return numbers;
    }

    private long number(String field) throws IOException, MalformedEvidenceException {
        // The sign is looked at in the text, where -0 still has one.
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= MAX_LONG_TEXT) {
            String text = parser.getText();
            try {
                if (text.charAt(0) != '-') {
                    return Long.parseLong(text);
                }
            } catch (NumberFormatException e) {
                // Falls through: a number of 19 digits that is beyond 2^63-1.
            }
        }
        throw wrong(field, "a whole number from 0 to 2^63-1", found());
    }

    private void skipValue(String field) throws IOException, MalformedEvidenceException {
        int depth = 0;
        do {
            JsonToken token = parser.nextToken();
            if (++unknown > MAX_UNKNOWN) {
                throw wrong(field, "at most " + MAX_UNKNOWN + " values of unknown members", "more");
            }
            if (token == JsonToken.FIELD_NAME) {
                wellFormed(field, parser.currentName());
            } else if (token == JsonToken.VALUE_STRING) {
                wellFormed(field, parser.getText());
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        } while (depth > 0);
    }

    private static void requireSize(String field, SafetensorsTensor tensor) throws MalformedEvidenceException {
        if (tensor.end() < tensor.begin()) {
            throw wrong(field + " data_offsets", "an end from " + tensor.begin(), String.valueOf(tensor.end()));
        }
        long bits = tensor.dtype().bits();
        try {
            long elements = 1;
            for (long dimension : tensor.shape()) {
                elements = Math.multiplyExact(elements, dimension);
            }
            bits = Math.multiplyExact(elements, bits);
        } catch (ArithmeticException e) {
            throw wrong(field + " shape", "a size below 2^63 bits", "shape " + tensor.shape());
        }
        if (bits % Byte.SIZE != 0) {
            throw wrong(field + " shape", "a whole number of bytes", bits + " bits");
        }
        if (bits / Byte.SIZE != tensor.size()) {
            throw wrong(
                    field + " data_offsets",
                    bits / Byte.SIZE + " bytes for shape " + tensor.shape() + " of " + tensor.dtype(),
                    tensor.size() + " bytes");
        }
    }

    private void requireContiguous(List<SafetensorsTensor> tensors) throws MalformedEvidenceException {
        long end = 0;
        for (SafetensorsTensor tensor : tensors) {
            if (tensor.begin() != end) {
                throw wrong(
                        "tensor " + tensor.name() + " data_offsets",
                        "to begin at " + end + ", where the data before ends",
                        (tensor.begin() > end ? "a hole up to " : "an overlap from ") + tensor.begin());
            }
            end = tensor.end();
        }
        if (end != dataSize) {
            throw wrong("safetensors data", end + " bytes, where the last tensor ends", dataSize + " bytes");
        }
    }

    private String found() throws IOException {
        JsonToken token = parser.currentToken();
        return token == null ? "nothing" : token.isScalarValue() ? "the value " + parser.getText() : token.name();
    }

    private static int utf8Size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String wellFormed(String field, @Nullable String text) throws MalformedEvidenceException {
        if (text == null || !StrictJson.isWellFormed(text)) {
            throw wrong(field, "paired surrogates", "a lone surrogate in " + text);
        }
        return text;
    }

    private static MalformedEvidenceException wrong(String field, String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
