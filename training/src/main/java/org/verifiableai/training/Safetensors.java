package org.verifiableai.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of the safetensors format: 8 bytes of length, little-endian, then JSON that names each tensor's type, shape
 * and span, then the data. Read strictly: spans cover the data without hole or overlap, and every number is bounded before
 * anything is allocated. Written so that equal tensors are equal bytes: names sorted, no time.
 */
final class Safetensors {

    /** The longest header that is read. */
    static final int MAX_HEADER = 16 * 1024 * 1024;

    static final int LENGTH_SIZE = 8;

    private static final int MAX_TENSORS = 200_000;
    private static final int MAX_NAME = 1024;
    private static final int MAX_RANK = 16;
    private static final int MAX_DEPTH = 8;
    private static final int ALIGNMENT = 8;
    private static final String METADATA = "__metadata__";

    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F32", 32),
            Map.entry("I64", 64),
            Map.entry("U64", 64),
            Map.entry("F64", 64),
            Map.entry("C64", 64));

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Safetensors() {}

    /** One tensor of a header; the span counts from the end of the header. */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way; nobody compares or keeps it
    record Entry(String name, String dtype, int[] shape, long begin, long end) {}

    /**
     * Reads a header.
     *
     * @param where the file's name, for messages
     * @param header the bytes behind the length
     * @param dataSize the number of bytes behind the header
     */
    static SortedMap<String, Entry> parse(String where, byte[] header, long dataSize) throws CheckpointException {
        JsonNode root = readJson(where, header);
        if (!root.isObject()) {
            throw new CheckpointException(
                    where, "a header that is an object", root.getNodeType().toString());
        }
        if (root.size() > MAX_TENSORS) {
            throw new CheckpointException(where, "at most " + MAX_TENSORS + " tensors", root.size() + "");
        }
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                checkMetadata(where, field.getValue());
            } else {
                entries.put(field.getKey(), entry(where, field.getKey(), field.getValue()));
            }
        }
        checkCover(where, entries, dataSize);
        return entries;
    }

    /** Writes tensors as F32. */
    static void write(Path file, SortedMap<String, FloatTensor> tensors) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.putObject(METADATA).put("format", "pt");
        long end = 0;
        for (Map.Entry<String, FloatTensor> tensor : tensors.entrySet()) {
            ObjectNode entry = root.putObject(tensor.getKey()).put("dtype", "F32");
            ArrayNode shape = entry.putArray("shape");
            for (int dimension : tensor.getValue().shape()) {
                shape.add(dimension);
            }
            long begin = end;
            end += 4L * tensor.getValue().values().length;
            entry.putArray("data_offsets").add(begin).add(end);
        }
        byte[] header = JSON.writeValueAsBytes(root);
        int padding = (ALIGNMENT - header.length % ALIGNMENT) % ALIGNMENT;
        AtomicFile.write(file, out -> {
            ByteBuffer length = ByteBuffer.allocate(LENGTH_SIZE).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong((long) header.length + padding).array());
            out.write(header);
            out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
            for (FloatTensor tensor : tensors.values()) {
                writeFloats(out, tensor.values());
            }
        });
    }

    private static void writeFloats(OutputStream out, float[] values) throws IOException {
        int chunk = 1 << 16;
        ByteBuffer buffer = ByteBuffer.allocate(4 * chunk).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += chunk) {
            int count = Math.min(chunk, values.length - from);
            buffer.clear();
            buffer.asFloatBuffer().put(values, from, count);
            out.write(buffer.array(), 0, 4 * count);
        }
    }

    private static JsonNode readJson(String where, byte[] header) throws CheckpointException {
        try {
            // A decoder that reports: Jackson by itself lets overlong forms and surrogates pass.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header))
                    .toString();
            return JSON.readTree(text);
        } catch (CharacterCodingException e) {
            throw new CheckpointException(where, "a header in UTF-8", "bytes that are not");
        } catch (IOException e) {
            throw new CheckpointException(where, "a header in JSON with unique names", String.valueOf(e.getMessage()));
        }
    }

    private static void checkMetadata(String where, JsonNode metadata) throws CheckpointException {
        boolean texts = metadata.isObject();
        for (JsonNode value : metadata) {
            texts &= value.isTextual();
        }
        if (!texts) {
            throw new CheckpointException(where + " " + METADATA, "texts by name", metadata.toString());
        }
    }

    private static Entry entry(String where, String name, JsonNode node) throws CheckpointException {
        String at = where + " " + name;
        if (name.length() > MAX_NAME) {
            throw new CheckpointException(where, "names of at most " + MAX_NAME + " characters", name);
        }
        String dtype = node.path("dtype").asText("nothing");
        Integer bits = BITS.get(dtype);
        if (bits == null) {
            throw new CheckpointException(at + " dtype", "a type of the format", dtype);
        }
        int[] shape = shape(at, node.path("shape"));
        JsonNode offsets = node.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2) {
            throw new CheckpointException(at + " data_offsets", "begin and end", offsets.toString());
        }
        long begin = natural(at + " data_offsets", offsets.get(0));
        long end = natural(at + " data_offsets", offsets.get(1));
        long size = bits;
        try {
            for (int dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
        } catch (ArithmeticException e) {
            throw new CheckpointException(
                    at + " shape", "a size below 2^63 bits", node.path("shape").toString());
        }
        if (end < begin || size % 8 != 0 || size / 8 != end - begin) {
            throw new CheckpointException(
                    at, "a span of " + size + " bits as its shape says", begin + " to " + end + " bytes");
        }
        return new Entry(name, dtype, shape, begin, end);
    }

    private static int[] shape(String at, JsonNode node) throws CheckpointException {
        if (!node.isArray() || node.size() > MAX_RANK) {
            throw new CheckpointException(at + " shape", "at most " + MAX_RANK + " dimensions", node.toString());
        }
        int[] shape = new int[node.size()];
        for (int i = 0; i < shape.length; i++) {
            long dimension = natural(at + " shape", node.get(i));
            if (dimension > Integer.MAX_VALUE) {
                throw new CheckpointException(at + " shape", "dimensions below 2^31", node.toString());
            }
            shape[i] = (int) dimension;
        }
        return shape;
    }

    private static long natural(String at, JsonNode node) throws CheckpointException {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw new CheckpointException(at, "a whole number from 0 to 2^63", node.toString());
        }
        return node.longValue();
    }

    private static void checkCover(String where, SortedMap<String, Entry> entries, long dataSize)
            throws CheckpointException {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : ordered) {
            if (entry.begin() != at) {
                throw new CheckpointException(
                        where + " " + entry.name(), "data from byte " + at, "data from byte " + entry.begin());
            }
            at = entry.end();
        }
        if (at != dataSize) {
            throw new CheckpointException(where, at + " bytes of data as the header says", dataSize + " bytes");
        }
    }
}
