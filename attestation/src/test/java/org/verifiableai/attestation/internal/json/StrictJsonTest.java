package org.verifiableai.attestation.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNull;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;

class StrictJsonTest {

    private static final StrictJson JSON = StrictJson.of("document", 1000);

    @Test
    void membersKeepTheirOrderAndNumbersTheirDigits() throws Exception {
        JsonObject object = JSON.readObject("{\"b\":1.50,\"a\":-0,\"c\":[true,false,null,1e2,\"\\u00e9\"],\"\":{}}");

        assertThat(object.members().keySet()).containsExactly("b", "a", "c", "");
        assertThat(object.get("b")).contains(new JsonNumber("1.50"));
        assertThat(object.get("a")).contains(new JsonNumber("-0"));
        assertThat(object.get("c"))
                .contains(new JsonArray(List.of(
                        new JsonTruth(true),
                        new JsonTruth(false),
                        JsonNull.NULL,
                        new JsonNumber("1e2"),
                        new JsonText("\u00e9"))));
        assertThat(JsonWriter.compact(object))
                .isEqualTo("{\"b\":1.50,\"a\":-0,\"c\":[true,false,null,1e2,\"\u00e9\"],\"\":{}}");
        assertThat(JSON.read(JsonWriter.pretty(object))).isEqualTo(object);
    }

    @Test
    void aMemberThatIsNullIsAsGoodAsAbsent() throws Exception {
        JsonObject object = JSON.readObject("{\"a\":null}");

        assertThat(object.get("a")).isEmpty();
        assertThat(object.get("b")).isEmpty();
        assertThat(object.members()).containsKey("a");
    }

    @Test
    void wholeNumbersAreThoseWithoutFractionAndExponent() {
        assertThat(new JsonNumber("-12").isWhole()).isTrue();
        assertThat(new JsonNumber("1.0").isWhole()).isFalse();
        assertThat(new JsonNumber("1e0").isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
                "{\"\\u0061\":1,\"a\":2}",
                "1 2",
                "[] []",
                "{}x",
                "NaN",
                "01",
                "+1",
                ".5",
                "1.",
                "'a'",
                "{a:1}",
                "// a\n1",
                "/**/1",
                "\"\n\"",
                "\"\\x\"",
                "tru",
                "\uFEFF1"
            })
    void anythingElseIsRefused(String text) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> JSON.read(text))
                .withMessageStartingWith("document: expected ");
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> JSON.read(Bytes.utf8(text)));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        for (String hex :
                List.of("22ff22", "22c3", "22c080 22".replace(" ", ""), "22eda08022", "fffe3100", "00310000")) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .as(hex)
                    .isThrownBy(() -> JSON.read(Bytes.fromHex(hex)));
        }
    }

    @Test
    void boundsAreThoseThatAreNamed() throws Exception {
        int depth = StrictJson.MAX_DEPTH;

        assertThat(JSON.read("[".repeat(depth) + "]".repeat(depth)).kind()).isEqualTo("an array");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> JSON.read("[".repeat(depth + 1) + "]".repeat(depth + 1)));
        assertThat(JSON.read("\"" + "a".repeat(998) + "\"").kind()).isEqualTo("a text");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> JSON.read("\"" + "a".repeat(999) + "\""));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> JSON.read(Bytes.utf8("\"" + "a".repeat(999) + "\"")))
                .withMessageContaining("at most 1000 bytes");
        assertThat(JSON.read("1".repeat(100)).kind()).isEqualTo("a number");
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> JSON.read("1".repeat(101)));
    }

    @Test
    void whatShouldBeAnObjectIsOne() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> JSON.readObject("[]"))
                .withMessage("document: expected an object, found an array");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> JSON.readObject(Bytes.utf8("true")))
                .withMessage("document: expected an object, found true");
    }

    @Test
    void kindsHaveNames() throws Exception {
        assertThat(JSON.read("[{},[],\"\",1,true,false,null]"))
                .isInstanceOfSatisfying(
                        JsonArray.class,
                        array -> assertThat(array.elements())
                                .extracting(JsonValue::kind)
                                .containsExactly(
                                        "an object", "an array", "a text", "a number", "true", "false", "null"));
    }
}
