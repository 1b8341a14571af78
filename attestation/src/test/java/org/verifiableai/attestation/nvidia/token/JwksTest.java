package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class JwksTest {

    private static final Bytes COORDINATE = Bytes.fromHex("33".repeat(48));

    @Test
    void keysOfP384AreReadAndOthersLeftOut() throws Exception {
        Jwks keys = Jwks.parse(Bytes.utf8(Tokens.jwks()));

        assertThat(keys.keys()).containsOnlyKeys("a-key");
        assertThat(keys.key("another")).isEmpty();
        assertThat(keys.key("a-key"))
                .contains(new JwksKey(
                        "a-key", COORDINATE, COORDINATE, List.of(Bytes.fromHex("3000"), Bytes.fromHex("3000"))));
        assertThat(keys.key("a-key").orElseThrow().spki().hex())
                .startsWith("3076301006072a8648ce3d0201")
                .hasSize(240)
                .endsWith("33".repeat(96));
        assertThat(keys)
                .isEqualTo(Jwks.parse(Bytes.utf8(Tokens.jwks().replace(":", ": "))))
                .hasToString("Jwks[a-key]");
        assertThat(Jwks.parse(Bytes.utf8("{\"keys\":[],\"more\":1}")).keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"keys\": | {\"key\":",
                "[{\"kty\" | [7,{\"kty\"",
                "\"kid\":\"a-key\", | \"kid\":\"\",",
                "\"kid\":\"a-key\", | \"kid\":7,",
                "\"kid\":\"a-key\", | \"kod\":\"a\",",
                "\"kid\":\"a-key\", | \"kid\":\"a-key\",\"d\":\"AA\",",
                "\"x\":\"M | \"x\":\"",
                "\"x\":\"M | \"x\":\"=",
                "\"x\": | \"z\":",
                "\"y\": | \"z\":",
                "MAA= | MAA",
                "MAA= | MAB=",
                "\"MAA=\",\"MAA=\" | 7",
                "[\"MAA=\",\"MAA=\"] | \"MAA=\"",
                "[\"MAA=\",\"MAA=\"] | [\"MAA=\",\"MAA=\",\"MAA=\",\"MAA=\",\"MAA=\"]",
                "\"kty\":\"RSA\" | \"kty\":1"
            })
    void whatIsNoKeySetIsRefused(String good, String bad) {
        assertThat(Tokens.jwks()).contains(good);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Jwks.parse(Bytes.utf8(Tokens.jwks().replace(good, bad))));
    }

    @Test
    void keysForAnotherUseAreLeftOut() throws Exception {
        for (String other : List.of("\"use\":\"enc\",", "\"alg\":\"ECDH-ES\",", "\"alg\":\"HS256\",")) {
            assertThat(Jwks.parse(Bytes.utf8(Tokens.jwks().replace("\"crv\"", other + "\"crv\"")))
                            .keys())
                    .isEmpty();
        }
        String stated = Tokens.jwks().replace("\"crv\"", "\"use\":\"sig\",\"alg\":\"ES384\",\"crv\"");
        assertThat(Jwks.parse(Bytes.utf8(stated)).keys()).hasSize(1);
    }

    @Test
    void twoKeysOfOneIdAreRefused() {
        String jwks = Tokens.jwks();
        String key = jwks.substring(jwks.indexOf('[') + 1, jwks.indexOf(",{\"kty\":\"RSA\""));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Jwks.parse(Bytes.utf8("{\"keys\":[" + key + "," + key + "]}")))
                .withMessageContaining("a-key twice");
    }

    @Test
    void aKeyHasANameAndCoordinatesOfTheCurve() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JwksKey("a", COORDINATE, COORDINATE.slice(1, 48), List.of()))
                .withMessageContaining("48 and 47 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> new JwksKey("", COORDINATE, COORDINATE, List.of()));
    }
}
