package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

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
    void whatIsNoSafeIntegerIsTheNearestDoubleForReadersOfIJson() throws Exception {
        Bytes numbers =
                Bytes.utf8("[9007199254740991,9007199254740993,-9007199254740993,1.0,-0.0,-0,1e3,4.9e-324,1e-999999999,"
                        + "123456789012345678,1234567890123456789012,1.7976931348623157e308,0." + "0".repeat(2000)
                        + "1]");
        assertThat(Jcs.write(StrictJson.parseIJson("document", numbers, LIMIT)))
                .isEqualTo(Bytes.utf8("[9007199254740991,9007199254740992,-9007199254740992,1,0,0,1000,5e-324,0,"
                        + "123456789012345680,1.2345678901234568e+21,1.7976931348623157e+308,0]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e400", "-1e400", "1e999999999", "1e99999999999999999999", "1.8e308", "NaN", "01", ".5", "5."})
    void whatNoDoubleIsNearIsRefusedForReadersOfIJson(String number) {
        for (String document : new String[] {number, "[" + number + "]", "{\"a\":" + number + "}"}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .as(document)
                    .isThrownBy(() -> StrictJson.parseIJson("document", Bytes.utf8(document), LIMIT));
        }
    }

    @Test
    void anIntegerTooLongForADoubleIsRefusedForReadersOfIJson() throws Exception {
        assertThat(Jcs.write(StrictJson.parseIJson("document", Bytes.utf8("1" + "0".repeat(308)), LIMIT)))
                .isEqualTo(Bytes.utf8("1e+308"));
        for (int zeros : new int[] {309, 2047, 2048, 100_000}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> StrictJson.parseIJson("document", Bytes.utf8("1" + "0".repeat(zeros)), LIMIT));
        }
    }

    @Test
    void namesAndNestingOfOtherDocumentsMayBeLonger() throws Exception {
        Bytes longest = Bytes.utf8("{\"" + "n".repeat(1024) + "\":1}");
        assertThat(parse(longest).isObject()).isTrue();
        Bytes longer = Bytes.utf8("{\"" + "n".repeat(1025) + "\":1}");
        assertRefused(longer);
        assertThat(StrictJson.parseIJson("document", longer, LIMIT).isObject()).isTrue();
        assertThat(StrictJson.parseIJson("document", Bytes.utf8("[".repeat(256) + "]".repeat(256)), LIMIT)
                        .isArray())
                .isTrue();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(
                        () -> StrictJson.parseIJson("document", Bytes.utf8("[".repeat(257) + "]".repeat(257)), LIMIT));
    }

    @Test
    void theCharacterThatStandsForIllFormedBytesIsTakenWhereItIsMeant() throws Exception {
        assertThat(parse(Bytes.utf8("\"\uFFFD\"")).textValue()).isEqualTo("\uFFFD");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> parse(Bytes.fromHex("22efbfbdff22")))
                .withMessageContaining("expected UTF-8")
                .satisfies(e -> assertThat(e.offset()).isEqualTo(4));
    }

    @Test
    void aRefusalSaysWhere() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> parse(Bytes.utf8("{\"a\":1,\"a\":2}")))
                .satisfies(e -> {
                    assertThat(e.found()).isEqualTo("another member a");
                    assertThat(e.offset()).isEqualTo(11);
                });
    }
}
