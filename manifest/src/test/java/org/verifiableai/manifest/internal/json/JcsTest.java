package org.verifiableai.manifest.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;

class JcsTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Test
    void namesAreSortedByUtf16CodeUnits() throws Exception {
        JsonNode node = new ObjectMapper().readTree("{\"\\ufb33\":1,\"\\ud83d\\ude00\":2,\"a\":3,\"A\":4,\"\":5}");
        assertThat(Jcs.write(node)).isEqualTo(Bytes.utf8("{\"\":5,\"A\":4,\"a\":3,\"\uD83D\uDE00\":2,\"\uFB33\":1}"));
    }

    @Test
    void onlyWhatMustBeEscapedIsEscaped() {
        assertThat(Jcs.write(JSON.textNode("\"\\/\b\t\n\f\r\u0000\u001f\u007f\u2028\u00e9")))
                .isEqualTo(Bytes.utf8("\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028\u00e9\""));
    }

    @Test
    void emptyContainersAndLiteralsHaveOneForm() throws Exception {
        JsonNode node =
                new ObjectMapper().readTree(" { \"b\" : [ ] , \"a\" : { } , \"c\" : [ null , true , false ] } ");
        assertThat(Jcs.write(node)).isEqualTo(Bytes.utf8("{\"a\":{},\"b\":[],\"c\":[null,true,false]}"));
    }

    @Test
    void whatHasNoCanonicalFormHereIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(0.5)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(1L << 53)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.textNode("\ud800")));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.binaryNode(new byte[1])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrays", "french", "unicode"})
    void everyRfc8785FileHasItsCanonicalForm(String name) throws Exception {
        Bytes input = VectorFiles.bytes("rfc8785/input/" + name + ".json");
        Bytes output = VectorFiles.bytes("rfc8785/output/" + name + ".json");
        JsonNode node = StrictJson.parse(name, input, 1 << 20);
        assertThat(Jcs.write(node)).isEqualTo(output);
        String hex = Files.readString(VectorFiles.path("rfc8785/outhex/" + name + ".txt"));
        assertThat(Jcs.write(node).hex()).isEqualTo(hex.replaceAll("\\s", ""));
    }

    @Test
    void theRfc8785FileWithAFractionIsCanonicalOnceTheFractionIsAnInteger() throws Exception {
        String input =
                new String(VectorFiles.bytes("rfc8785/input/structures.json").toByteArray(), UTF_8);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> StrictJson.parse("structures", Bytes.utf8(input), 1 << 20));
        JsonNode node = StrictJson.parse("structures", Bytes.utf8(input.replace("56.0", "56")), 1 << 20);
        assertThat(Jcs.write(node)).isEqualTo(VectorFiles.bytes("rfc8785/output/structures.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc8785/es6numbers-0001-1000.txt", "rfc8785/es6numbers-1001-4000.txt"})
    void everyWholeNumberOfTheEcmaScriptListsThatTheProfileHoldsIsWrittenAsThere(String list) throws IOException {
        for (String line : Files.readAllLines(VectorFiles.path(list))) {
            String[] parts = line.split(",", 2);
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(parts[0], 16));
            if (value == Math.rint(value) && Math.abs(value) <= StrictJson.MAX_SAFE_INTEGER) {
                assertThat(Jcs.write(JSON.numberNode((long) value))).isEqualTo(Bytes.utf8(parts[1]));
            }
        }
    }
}
