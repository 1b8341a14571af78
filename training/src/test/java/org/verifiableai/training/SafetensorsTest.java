package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
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
            return read.entries() != null;
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).contains(": expected ", ", found ");
            return false;
        }
    }
}
