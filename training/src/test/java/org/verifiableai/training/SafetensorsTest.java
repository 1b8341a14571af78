package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    @TempDir
    Path folder;

    @Test
    void recordedFilesAreJudgedAsExpected() throws Exception {
        Path vectors = Path.of(System.getProperty("vectors.dir", "no vectors")).resolve("manifest/safetensors");
        if (!Boolean.getBoolean("vectors.required")) {
            assumeThat(vectors).isDirectory();
        }
        for (String set : new String[] {"made", "reference"}) {
            Path expectations = vectors.resolve(set).resolve("expect.json");
            for (JsonNode expected : new ObjectMapper().readTree(Files.readAllBytes(expectations))) {
                Path file = expectations.resolveSibling(expected.get("file").textValue());
                String name = String.valueOf(file.getFileName());
                // Valid to the reference; the format's own text wants a brace first and spaces last.
                boolean strict = name.startsWith("ws-");
                boolean valid = expected.get("expect").textValue().startsWith("valid") && !strict;
                assertThat(reads(file)).as(name).isEqualTo(valid);
            }
        }
    }

    @Test
    void writtenTensorsAreReadBack() throws Exception {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        tensors.put("b", new FloatTensor(new int[] {2, 3}, new float[] {1, -2, 3, Float.MIN_VALUE, 5, -0f}));
        tensors.put("a", new FloatTensor(new int[] {}, new float[] {7}));
        tensors.put("c", new FloatTensor(new int[] {0, 4}, new float[0]));
        Path file = folder.resolve("m.safetensors");

        Safetensors.write(file, tensors);

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.entries().keySet()).containsExactly("a", "b", "c");
            for (String name : tensors.keySet()) {
                FloatTensor tensor = tensor(read, name);
                FloatTensor written = Objects.requireNonNull(tensors.get(name));
                assertThat(tensor.shape()).isEqualTo(written.shape());
                assertThat(tensor.values()).isEqualTo(written.values());
            }
        }
    }

    @Test
    void headerIsSortedAndPaddedToEightBytes() throws Exception {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        tensors.put("y", new FloatTensor(new int[] {1}, new float[] {1}));
        tensors.put("x", new FloatTensor(new int[] {1}, new float[] {2}));
        Path file = folder.resolve("m.safetensors");

        Safetensors.write(file, tensors);

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong();
        assertThat(length % 8).isZero();
        assertThat(new String(bytes.array(), 8, length, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}");
        assertThat(bytes.getFloat(8 + length)).isEqualTo(2);
    }

    @Test
    void halfPrecisionIsWidened() throws Exception {
        // 1.5, -2, the least subnormal and infinity as binary16; 1.5 and -2 as bfloat16.
        Path file = file(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]},"
                        + "\"k\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[8,12]}}",
                new byte[] {0, 0x3E, 0, (byte) 0xC0, 1, 0, 0, 0x7C, (byte) 0xC0, 0x3F, 0, (byte) 0xC0});
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(tensor(read, "h").values()).containsExactly(1.5f, -2, 0x1p-24f, Float.POSITIVE_INFINITY);
            assertThat(tensor(read, "k").values()).containsExactly(1.5f, -2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
                "{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}",
                "{\"a\":[[[[[[[[[[[[]]]]]]]]]]]]}",
                // the same name, once escaped
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"\\u0061\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                // a member twice
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                // overlap, hole at the start, hole at the end, hole between
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
                // products that overflow, to zero among others
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[1073741824,1073741824,64],\"data_offsets\":[0,0]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967297],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,-9223372036854775808]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":\"1\",\"data_offsets\":[0,4]}}",
                "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                "{\"__metadata__\":{\"n\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"__metadata__\":[],\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"__metadata__\":null,\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}\n",
                "\ufeff{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":null}",
                "{}",
                "{} {}",
                "null",
                ""
            })
    void hostileHeaderIsRefused(String header) throws IOException {
        Path file = file(header, new byte[4]);
        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(CheckpointException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, 1L << 32, 1L << 62, (1L << 32) + 2, 9, 0})
    void hostileLengthIsRefusedBeforeMemoryIsTaken(long length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put("{}      ".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("case.safetensors"), bytes.array());
        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(CheckpointException.class);
    }

    @Test
    void headerLongerThanTheLimitIsRefusedThoughTheFileHoldsIt() throws IOException {
        Path file = folder.resolve("case.safetensors");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(length.putLong(0, Safetensors.MAX_HEADER + 1L));
            channel.write(ByteBuffer.allocate(1), Safetensors.MAX_HEADER + 100L);
        }
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("at most " + Safetensors.MAX_HEADER + " bytes");
    }

    @Test
    void headerThatIsNotUtf8IsRefused() throws IOException {
        String entry = ":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        // a stray byte, an overlong slash, half a surrogate pair
        for (String bad : new String[] {"\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080"}) {
            byte[] header = ("{\"" + bad + "\"" + entry).getBytes(StandardCharsets.ISO_8859_1);
            Path file = file(header, new byte[4]);
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void typeThatIsNotComputedWithIsRefusedWhenItIsRead() throws Exception {
        Path file = file("{\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> tensor(read, "a"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("case.safetensors a dtype: expected F32, F16 or BF16, found I32");
        }
    }

    @Test
    void nameFromAFileStaysOnOneLineOfTheMessage() throws IOException {
        Path file = file("{\"a\\n\\u001b[0m\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage("case.safetensors a\\u{a}\\u{1b}[0m dtype: expected a type of the format, found F33");
    }

    @Test
    void everyBinary16IsWidenedByItsDefinition() {
        for (int half = 0; half < 0x10000; half++) {
            int exponent = half >> 10 & 0x1F;
            double fraction = (half & 0x3FF) / 1024.0;
            double value = exponent == 0x1F
                    ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                    : exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);
            float expected = (float) (half >> 15 == 0 ? value : -value);
            // as bits: zero has a sign, and no number is not itself
            assertThat(Float.floatToIntBits(SafetensorsFile.halfToFloat(half)))
                    .isEqualTo(Float.floatToIntBits(expected));
        }
    }

    @Test
    void dataBeginsAtAMultipleOfEightForNamesOfAnyLength() throws Exception {
        for (int length = 1; length <= 9; length++) {
            SortedMap<String, FloatTensor> tensors = new TreeMap<>();
            tensors.put("n".repeat(length), new FloatTensor(new int[] {1}, new float[] {length}));
            Path file = folder.resolve("m.safetensors");
            Safetensors.write(file, tensors);
            byte[] first = Files.readAllBytes(file);
            assertThat(ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                    .isZero();
            Safetensors.write(file, tensors);
            assertThat(file).hasBinaryContent(first);
        }
    }

    @Test
    void damagedFilesRaiseNothingElse() throws Exception {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        tensors.put("x", new FloatTensor(new int[] {2, 2}, new float[4]));
        tensors.put("y", new FloatTensor(new int[] {1}, new float[1]));
        Path file = folder.resolve("m.safetensors");
        Safetensors.write(file, tensors);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int round = 0; round < 1500; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            reads(Files.write(file, damaged));
        }
        for (int length = 0; length < whole.length; length++) {
            assertThat(reads(Files.write(file, java.util.Arrays.copyOf(whole, length))))
                    .isFalse();
        }
    }

    private Path file(String header, byte[] data) throws IOException {
        return file(header.getBytes(StandardCharsets.UTF_8), data);
    }

    private Path file(byte[] text, byte[] data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).put(data);
        return Files.write(folder.resolve("case.safetensors"), bytes.array());
    }

    private static FloatTensor tensor(SafetensorsFile file, String name) throws IOException, CheckpointException {
        Safetensors.Entry entry = Objects.requireNonNull(file.entries().get(name));
        return file.read(entry, entry.shape());
    }

    private static boolean reads(Path file) throws IOException {
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            for (Safetensors.Entry entry : read.entries().values()) {
                if (entry.dtype().equals("F32") || entry.dtype().endsWith("F16")) {
                    read.read(entry, entry.shape());
                }
            }
            return true;
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).contains(": expected ", ", found ");
            return false;
        }
    }
}
