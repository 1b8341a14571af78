package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class CanonicalJsonTest {

    // RFC 8785, sections 3.2.2 and 3.2.3.
    @Test
    void theExampleOfTheRfcHasItsCanonicalForm() throws Exception {
        Bytes document = Bytes.utf8("""
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }
                """);
        assertThat(CanonicalJson.of(document))
                .isEqualTo(Bytes.utf8(
                        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {" 1.0 |1", "\"a\"|\"a\"", "null|null", " [ ] |[]", "-0.0|0", "true|true"})
    void anyValueMayStandAlone(String document, String canonical) throws Exception {
        assertThat(CanonicalJson.of(Bytes.utf8(document))).isEqualTo(Bytes.utf8(canonical));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":1,\"a\":1}", "1 2", "[1e400]", "\"\\ud800\"", "\uFEFF1", "{\"a\":1}}"})
    void whatIsNoIJsonHasNoCanonicalForm(String document) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> CanonicalJson.of(Bytes.utf8(document)));
        assertThat(CanonicalJson.is(Bytes.utf8(document))).isFalse();
    }

    @Test
    void theCanonicalFormIsTheOnlyOneThatIsSo() {
        assertThat(CanonicalJson.is(Bytes.utf8("{\"a\":0.5}"))).isTrue();
        assertThat(CanonicalJson.is(Bytes.utf8("{\"a\": 0.5}"))).isFalse();
        assertThat(CanonicalJson.is(Bytes.utf8("{\"a\":0.50}"))).isFalse();
        assertThat(CanonicalJson.is(Bytes.utf8("{\"a\":0.5}\n"))).isFalse();
    }
}
