package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class SafetensorsHeaderTest {

    @TempDir
    Path folder;

    @Test
    void tensorsStandInTheOrderOfTheirData() throws Exception {
        Bytes file = SafetensorsBytes.of(
                "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[2,8]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[2,1],\"data_offsets\":[0,2]}}  ",
                8);

        SafetensorsHeader header = SafetensorsHeader.parse(file, file.size());

        assertThat(header.tensors())
                .containsExactly(
                        new SafetensorsTensor("b", SafetensorsDtype.U8, List.of(2L, 1L), 0, 2),
                        new SafetensorsTensor("a", SafetensorsDtype.F16, List.of(3L), 2, 8));
        assertThat(header.metadata()).containsExactlyEntriesOf(new TreeMap<>(Map.of("format", "pt")));
        assertThat(header.dataOffset()).isEqualTo(file.size() - 8);
        assertThat(header.dataSize()).isEqualTo(8);
        assertThat(header.tensors().get(1).size()).isEqualTo(6);
        assertThat(header).hasToString("SafetensorsHeader[2 tensors, 8 bytes from " + (file.size() - 8) + "]");
    }

    @Test
    void theHeaderAloneIsEnough() throws Exception {
        Bytes file = SafetensorsBytes.sound();

        SafetensorsHeader header = SafetensorsHeader.parse(file, file.size());

        assertThat(SafetensorsHeader.parse(file.slice(0, file.size() - 8), file.size()))
                .isEqualTo(header)
                .hasSameHashCodeAs(header);
        assertRefused(file.slice(0, 20), file.size(), "expected 63 bytes, found 12 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> SafetensorsHeader.parse(file, 20));
    }

    @Test
    void aFileIsReadFromDiskAndALinkIsNot() throws Exception {
        Path file = write(SafetensorsBytes.sound());
        Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), file);

        assertThat(SafetensorsHeader.read(file))
                .isEqualTo(SafetensorsHeader.parse(
                        SafetensorsBytes.sound(), SafetensorsBytes.sound().size()));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.read(link))
                .withMessageContaining("a symbolic link");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.read(folder))
                .withMessageContaining("a special file");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> SafetensorsHeader.read(folder.resolve("none")));
    }

    @Test
    void aFileBeyondFourGigabytesIsReadByItsHeader() throws Exception {
        long size = 5L << 30;
        String json = "{\"w\":{\"dtype\":\"I8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(size, size);
        Path file = write(SafetensorsBytes.of(json, 0));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8 + json.length() + size);
        }

        assertThat(SafetensorsHeader.read(file).dataSize()).isEqualTo(size);
    }

    @Test
    void filesTooShortForALengthAreRefused() throws Exception {
        assertRefused(Bytes.EMPTY, 0, "expected 8 bytes, found 0 bytes");
        assertRefused(Bytes.zeros(7), 7, "expected 8 bytes, found 7 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.read(write(Bytes.zeros(7))))
                .withMessageContaining("expected 8 bytes, found 7 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3",
        "-1, 18446744073709551615",
        "-9223372036854775808, 9223372036854775808",
        "4294967298, 4294967298"
    })
    void lengthsBeyondTheFileAreRefused(long length, String shown) {
        Bytes file = SafetensorsBytes.length(length).concat(Bytes.utf8("{}"));

        assertRefused(file, file.size(), "within the file, at most 2 bytes, found " + shown + " bytes");
    }

    @Test
    void lengthsBeyondTheLimitAreRefusedBeforeMemoryIsTaken() throws Exception {
        Path file = write(SafetensorsBytes.length(60L << 30));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(70L << 30);
        }

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.read(file))
                .withMessageContaining("at most 16777216 bytes, found 64424509440 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.parse(
                        SafetensorsBytes.sound(),
                        SafetensorsBytes.sound().size(),
                        SafetensorsLimits.DEFAULT.withHeaderSize(62)))
                .withMessageContaining("at most 62 bytes, found 63 bytes");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeHasItsSize(SafetensorsDtype dtype) throws Exception {
        Bytes file = one(dtype.name(), "[8]", 0, dtype.bits());

        assertThat(SafetensorsHeader.parse(file, file.size()).tensors().get(0).dtype())
                .isEqualTo(dtype);
        assertRefused(one(dtype.name(), "[8]", 0, dtype.bits() + 1), "expected " + dtype.bits() + " bytes for shape");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F4       | [3]                   | 0 | 2   | a whole number of bytes, found 12 bits",
                "F6_E2M3  | [2]                   | 0 | 1   | a whole number of bytes, found 12 bits",
                "F31      | [2]                   | 0 | 8   | a known type, found F31",
                "f32      | [2]                   | 0 | 8   | a known type, found f32",
                "F32      | [3]                   | 0 | 8   | 12 bytes for shape [3] of F32, found 8 bytes",
                "F32      | [-2]                  | 0 | 8   | from 0 to 2^63-1, found the value -2",
                "F32      | [2.0]                 | 0 | 8   | from 0 to 2^63-1, found the value 2.0",
                "F32      | [2e0]                 | 0 | 8   | from 0 to 2^63-1, found the value 2e0",
                "F32      | [-0]                  | 0 | 0   | from 0 to 2^63-1, found the value -0",
                "F32      | [9223372036854775808] | 0 | 8   | from 0 to 2^63-1, found the value 9223372036854775808",
                "F32      | [18446744073709551618]| 0 | 8   | found the value 18446744073709551618",
                "F32      | [\"2\"]               | 0 | 8   | from 0 to 2^63-1, found the value 2",
                "F32      | [null]                | 0 | 8   | from 0 to 2^63-1",
                "F32      | [[2]]                 | 0 | 8   | from 0 to 2^63-1, found START_ARRAY",
                "F32      | 2                     | 0 | 8   | an array, found the value 2",
                "F32      | [02]                  | 0 | 8   | strict JSON",
                "F32      | [4294967296,4294967296]                | 0 | 0   | below 2^63 bits",
                "U8       | [1152921504606846976]                  | 0 | 0   | below 2^63 bits",
                "U8       | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]    | 0 | 1   | at most 16 numbers, found more",
                "U8       | [2]                   | 1 | 3   | to begin at 0, where the data before ends, found a hole up to 1",
            })
    void typesShapesAndSpansHaveToFit(String dtype, String shape, long begin, int end, String message) {
        assertRefused(one(dtype, shape, begin, end), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0,8,8] | at most 2 numbers",
                "[0]     | 2 numbers, found 1 numbers",
                "[]      | 2 numbers, found 0 numbers",
                "[8,0]   | an end from 8, found 0",
                "[-8,0]  | found the value -8",
                "[0,8.0] | found the value 8.0",
                "8       | an array",
                "null    | an array",
            })
    void spansAreTwoNumbers(String span, String message) {
        assertRefused(
                SafetensorsBytes.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + span + "}}", 8),
                message);
    }

    @ParameterizedTest
    @CsvSource({"dtype", "shape", "data_offsets"})
    void eachMemberOfATensorIsNeeded(String member) {
        String json = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

        assertRefused(SafetensorsBytes.of(json.replace(member, "x"), 8), "found no " + member);
    }

    @Test
    void spansCoverTheDataOnce() {
        assertRefused(two("[0,2]", "[1,3]", 3), "an overlap from 1");
        assertRefused(two("[0,2]", "[0,2]", 2), "an overlap from 0");
        assertRefused(two("[0,2]", "[3,5]", 5), "a hole up to 3");
        assertRefused(two("[0,2]", "[2,4]", 5), "expected 4 bytes, where the last tensor ends, found 5 bytes");
        assertRefused(two("[0,2]", "[2,4]", 3), "expected 4 bytes, where the last tensor ends, found 3 bytes");
        assertRefused(SafetensorsBytes.of("{}", 1), "expected 0 bytes, where the last tensor ends, found 1 bytes");
    }

    @Test
    void emptyTensorsTakeNoPlace() throws Exception {
        Bytes file = SafetensorsBytes.of(
                "{\"c\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775807],\"data_offsets\":[0,0]},"
                        + "\"\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[2,2]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                2);

        assertThat(SafetensorsHeader.parse(file, file.size()).tensors())
                .extracting(SafetensorsTensor::name)
                .containsExactly("a", "b", "c", "");
        assertThat(SafetensorsHeader.parse(SafetensorsBytes.of("{}", 0), 10).tensors())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[]                                   | an object, found START_ARRAY",
                "\"a\"                                | an object, found the value a",
                "{}{}                                 | one object, found another value behind it",
                "{} x                                 | strict JSON",
                "{                                    | strict JSON",
                "{\"a\":1}                            | tensor a: expected an object",
                "{\"a\":null}                         | tensor a: expected an object",
                "{'a':{}}                             | strict JSON",
                "{\"__metadata__\":null}              | an object of strings",
                "{\"__metadata__\":{\"a\":1}}         | __metadata__.a: expected a string, found the value 1",
                "{\"__metadata__\":{\"a\":null}}      | __metadata__.a: expected a string",
                "{\"__metadata__\":{\"a\":{}}}        | __metadata__.a: expected a string, found START_OBJECT",
                "{\"__metadata__\":{\"\\udc00\":\"\"}}| surrogate",
                "{\"__metadata__\":{\"a\":\"\\ud800\"}}| a lone surrogate",
                "{\"__metadata__\":{},\"__metadata__\":{}}| Duplicate",
                "{\"__metadata__\":{\"a\":\"\",\"\\u0061\":\"\"}}| Duplicate",
                "{\"\\ud800\":{}}                     | surrogate",
                "{\"a\":{\"dtype\":1}}                | dtype: expected a string, found the value 1",
                "{\"a\":{\"x\":\"\\ud800\"}}          | a lone surrogate",
                "{\"a\":{\"x\":{\"\\ud800\":1}}}      | surrogate",
                "{\"a\":{\"x\":NaN}}                  | strict JSON",
                "{\"a\":{\"x\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}}| nesting depth",
            })
    void headersAreStrictJson(String header, String message) {
        assertRefused(SafetensorsBytes.of(header, 0), message);
    }

    @Test
    void namesStandOnce() {
        String tensor = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";

        assertRefused(SafetensorsBytes.of("{\"a\":" + tensor + ",\"a\":" + tensor + "}", 0), "Duplicate field 'a'");
        assertRefused(SafetensorsBytes.of("{\"a\":" + tensor + ",\"\\u0061\":" + tensor + "}", 0), "Duplicate");
        assertRefused(
                SafetensorsBytes.of("{\"a\":" + tensor.replace("}", ",\"dtype\":\"U8\"}") + "}", 0),
                "Duplicate field 'dtype'");
    }

    @Test
    void unknownMembersOfATensorAreIgnored() throws Exception {
        Bytes file = SafetensorsBytes.of(
                "{\"a\":{\"x\":{\"y\":[1.5,{\"z\":\"\"}]},\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"v\":null}}",
                1);

        assertThat(SafetensorsHeader.parse(file, file.size()).tensors())
                .containsExactly(new SafetensorsTensor("a", SafetensorsDtype.U8, List.of(), 0, 1));
    }

    @Test
    void unknownMembersAreFew() {
        String zeros = "0,".repeat(9_999) + "0";

        assertRefused(
                SafetensorsBytes.of("{\"a\":{\"x\":[" + zeros + "]}}", 0), "at most 10000 values of unknown members");
        assertRefused(
                SafetensorsBytes.of("{\"a\":{\"x\":[" + zeros.substring(2) + "],\"y\":1}}", 0),
                "tensor a: expected at most 10000 values of unknown members, found more");
    }

    @Test
    void headersAreUtf8AndNothingElse() {
        Bytes overlong = Bytes.utf8("{\"").concat(Bytes.fromHex("c0af"), Bytes.utf8("\":{}}"));
        Bytes surrogate = Bytes.utf8("{\"").concat(Bytes.fromHex("eda080"), Bytes.utf8("\":{}}"));

        assertRefused(SafetensorsBytes.of(overlong, 0), "expected UTF-8, found ill-formed bytes");
        assertRefused(SafetensorsBytes.of(surrogate, 0), "expected UTF-8, found ill-formed bytes");
        assertRefused(SafetensorsBytes.of("\uFEFF{}", 0), "expected ");
        assertRefused(SafetensorsBytes.of(Bytes.of("{}".getBytes(StandardCharsets.UTF_16LE)), 0), "expected ");
        assertRefused(SafetensorsBytes.of(Bytes.of("{}".getBytes(StandardCharsets.UTF_16BE)), 0), "expected ");
        assertRefused(SafetensorsBytes.of("", 0), "an object, found nothing");
    }

    @Test
    void limitsHoldToTheByte() throws Exception {
        Bytes two = two("[0,2]", "[2,4]", 4);
        Bytes euro = SafetensorsBytes.of("{\"€\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
        Bytes metadata = SafetensorsBytes.of("{\"__metadata__\":{\"€\":\"ab\",\"\":\"\"}}", 0);

        assertThat(SafetensorsHeader.parse(two, two.size(), limits(2, 1, 1, 0)).tensors())
                .hasSize(2);
        assertRefused(two, limits(1, 1, 1, 0), "at most 1 tensors, found more");
        assertRefused(two, limits(2, 1, 0, 0), "at most 0 numbers");
        assertThat(SafetensorsHeader.parse(euro, euro.size(), limits(1, 3, 1, 0))
                        .tensors())
                .hasSize(1);
        assertRefused(euro, limits(1, 2, 1, 0), "names of at most 2 bytes, found 3 bytes");
        assertThat(SafetensorsHeader.parse(metadata, metadata.size(), limits(0, 0, 0, 5))
                        .metadata())
                .hasSize(2);
        assertRefused(metadata, limits(0, 0, 0, 4), "__metadata__: expected at most 4 bytes, found more");
    }

    @Test
    void limitsHaveARange() {
        assertThat(SafetensorsLimits.DEFAULT.withHeaderSize(100_000_000).headerSize())
                .isEqualTo(100_000_000);
        assertThatIllegalArgumentException().isThrownBy(() -> SafetensorsLimits.DEFAULT.withHeaderSize(100_000_001));
        assertThatIllegalArgumentException().isThrownBy(() -> SafetensorsLimits.DEFAULT.withHeaderSize(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SafetensorsLimits.DEFAULT.withTensors(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(0, -1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(0, 0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(0, 0, 0, -1));
    }

    @Test
    void aHeaderOfManyTensorsIsRead() throws Exception {
        String json = IntStream.range(0, 150_000)
                .mapToObj(
                        "\"layer.%1$d.weight\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%1$d,%1$d]}"
                                ::formatted)
                .map(entry -> entry.replace("shape\":[1]", "shape\":[0]"))
                .map(entry -> entry.replaceAll("\\[\\d+,\\d+]", "[0,0]"))
                .collect(Collectors.joining(",", "{", "}"));
        Bytes file = SafetensorsBytes.of(json, 0);

        assertThat(SafetensorsHeader.parse(file, file.size()).tensors()).hasSize(150_000);
    }

    private Path write(Bytes content) throws IOException {
        return Files.write(folder.resolve("model.safetensors"), content.toByteArray());
    }

    private static SafetensorsLimits limits(int tensors, int nameSize, int rank, int metadataSize) {
        return new SafetensorsLimits(1000, tensors, nameSize, rank, metadataSize);
    }

    private static Bytes one(String dtype, String shape, long begin, int end) {
        return SafetensorsBytes.of(
                "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}}".formatted(dtype, shape, begin, end),
                end);
    }

    private static Bytes two(String first, String second, int dataSize) {
        return SafetensorsBytes.of(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":%s},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":%s}}"
                        .formatted(first, second),
                dataSize);
    }

    private static void assertRefused(Bytes file, String message) {
        assertRefused(file, file.size(), message);
    }

    private static void assertRefused(Bytes file, long size, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.parse(file, size))
                .withMessageContaining(message);
    }

    private static void assertRefused(Bytes file, SafetensorsLimits limits, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.parse(file, file.size(), limits))
                .withMessageContaining(message);
    }
}
