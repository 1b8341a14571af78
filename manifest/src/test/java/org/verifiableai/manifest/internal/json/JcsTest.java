package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;

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
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(1L << 53)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.textNode("\ud800")));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.binaryNode(new byte[1])));
    }

    @Test
    void aNumberThatTheWriterWouldHaveToRoundIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(new BigDecimal("0.5"))));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(0.5f)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(Long.MIN_VALUE)));
        assertThatIllegalArgumentException().isThrownBy(() -> Jcs.write(JSON.numberNode(BigInteger.TEN.pow(30))));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Jcs.write(JSON.numberNode(BigInteger.TWO.pow(64).add(BigInteger.ONE))));
    }

    @Test
    void aDoubleAndAnIntegerOfOneValueHaveOneForm() {
        assertThat(Jcs.write(JSON.numberNode(56.0))).isEqualTo(Bytes.utf8("56"));
        assertThat(Jcs.write(JSON.numberNode(-0.0))).isEqualTo(Bytes.utf8("0"));
        assertThat(Jcs.write(JSON.numberNode(4.5e-7))).isEqualTo(Bytes.utf8("4.5e-7"));
        assertThat(Jcs.write(JSON.numberNode(-9007199254740991L))).isEqualTo(Bytes.utf8("-9007199254740991"));
    }

    @Test
    void whatIsNestedDeeperThanAnyReaderTakesIsRefused() {
        JsonNode nested = JSON.arrayNode();
        for (int depth = 1; depth < 256; depth++) {
            nested = JSON.arrayNode().add(nested);
        }
        JsonNode deepest = nested;
        assertThat(Jcs.write(deepest)).isEqualTo(Bytes.utf8("[".repeat(256) + "]".repeat(256)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jcs.write(JSON.arrayNode().add(deepest)));
    }
}
