package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;

class StrictJsonTest {

    private static final int LIMIT = 1 << 20;

    private static JsonNode parse(Bytes document) throws MalformedEvidenceException {
        return StrictJson.parse("document", document, LIMIT);
    }

    private static void assertRefused(Bytes document) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .as(document.hex())
                .isThrownBy(() -> parse(document));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":null,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":1}{}",
                "{\"a\":1} x",
                "{\"a\":1,}",
                "[1,]",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":+1}",
                "{\"a\":007}",
                "{\"a\":1.0}",
                "{\"a\":1e3}",
                "{\"a\":1e400}",
                "{\"a\":1e999999999}",
                "{\"a\":9007199254740992}",
                "{\"a\":-9007199254740992}",
                "{\"a\":99999999999999999999999999}",
                "{\"a\":\"\\ud800X\"}",
                "{\"\\udc00\":1}",
                "{'a':1}",
                "{a:1}",
                "/*c*/{}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":tru}",
                "{\"a\"",
                "",
                "   ",
                "\uFEFF{}"
            })
    void whatTwoReadersCouldReadDifferentlyIsRefused(String document) {
        assertRefused(Bytes.utf8(document));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7b2261223a22c0af227d", "7b2261223a22eda080227d", "fffe7b007d00", "7b2261223a22e2"})
    void illFormedUtf8IsRefused(String hex) {
        assertRefused(Bytes.fromHex(hex));
    }

    @Test
    void deepNestingIsRefusedWithoutExhaustingTheStack() throws Exception {
        assertRefused(Bytes.utf8("[".repeat(100_000) + "]".repeat(100_000)));
        assertRefused(Bytes.utf8("{\"a\":".repeat(33) + "1" + "}".repeat(33)));
        assertThat(parse(Bytes.utf8("[".repeat(32) + "]".repeat(32))).isArray()).isTrue();
    }

    @Test
    void aDocumentAboveTheLimitIsRefusedBeforeItIsRead() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> StrictJson.parse("document", Bytes.utf8("[1,2,3]"), 6))
                .withMessageContaining("at most 6 bytes, found 7 bytes");
    }

    @Test
    void theLargestSafeIntegersAreTaken() throws Exception {
        JsonNode numbers = parse(Bytes.utf8("[9007199254740991,-9007199254740991,-0]"));
        assertThat(Jcs.write(numbers)).isEqualTo(Bytes.utf8("[9007199254740991,-9007199254740991,0]"));
    }

    @Test
    void everyJsonStrictVectorHasItsVerdict() throws IOException {
        for (JsonNode vector : VectorFiles.json("json-strict/cases.json")) {
            String expect = vector.get("expect").asText();
            Bytes input = vector.get("inputHex").isNull()
                    ? Bytes.utf8("[".repeat(100_000) + "]".repeat(100_000))
                    : Bytes.fromHex(vector.get("inputHex").asText());
            String found;
            try {
                found = new String(Jcs.write(parse(input)).toByteArray(), java.nio.charset.StandardCharsets.UTF_8);
            } catch (MalformedEvidenceException e) {
                found = "reject";
            }
            assertThat(found).as(vector.get("id").asText()).isEqualTo(expect.contains("reject") ? "reject" : expect);
        }
    }
}
