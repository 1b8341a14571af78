package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.signing.SigningKey;

class DsseTest {

    private static final String TYPE = "application/vnd.in-toto+json";
    private static final Bytes PAYLOAD = Bytes.utf8("{}");

    private static DsseEnvelope parse(JsonNode envelope) throws MalformedEvidenceException {
        return DsseEnvelope.parse(JsonObject.of("envelope", envelope));
    }

    private static ObjectNode signed() {
        return DsseEnvelope.sign(TYPE, PAYLOAD, SigningKey.generate()).toJson();
    }

    private static void assertRefused(JsonNode envelope) {
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> parse(envelope));
    }

    @Test
    void lengthsOfThePreAuthenticationEncodingCountBytes() {
        assertThat(DsseEnvelope.preAuthenticationEncoding("http://example.com/HelloWorld", Bytes.utf8("hello world")))
                .isEqualTo(Bytes.utf8("DSSEv1 29 http://example.com/HelloWorld 11 hello world"));
        assertThat(DsseEnvelope.preAuthenticationEncoding("\u00e9", Bytes.EMPTY))
                .isEqualTo(Bytes.utf8("DSSEv1 2 \u00e9 0 "));
    }

    @ParameterizedTest
    @EnumSource(
            value = SignatureAlgorithm.class,
            names = {"ECDSA_P384_SHA384", "ECDSA_P256_SHA256", "ED25519"})
    void whatAKeySignsItsPublicKeyVerifies(SignatureAlgorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm, new SecureRandom());
        DsseEnvelope envelope = parse(DsseEnvelope.sign(TYPE, PAYLOAD, key).toJson());
        assertThat(envelope.verify(key.publicKey())).isTrue();
        assertThat(envelope.verify(
                        SigningKey.generate(algorithm, new SecureRandom()).publicKey()))
                .isFalse();
        assertThat(new DsseEnvelope("other", PAYLOAD, "", envelope.signature()).verify(key.publicKey()))
                .isFalse();
    }

    @Test
    void onlyOneSignatureIsTaken() {
        ObjectNode two = signed();
        ArrayNode signatures = (ArrayNode) two.get("signatures");
        signatures.add(signatures.get(0).deepCopy());
        assertRefused(two);
        ObjectNode none = signed();
        none.putArray("signatures");
        assertRefused(none);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e30", "e31=", "e30=\n", " e30=", "e30==", "e3 0=", "e30=e30=", "+_==", "\u00e90=="})
    void base64HasOneForm(String payload) {
        assertRefused(signed().put("payload", payload));
    }

    @Test
    void bothAlphabetsAreTaken() throws Exception {
        assertThat(StrictBase64.decode("f", "+/8=")).isEqualTo(Bytes.fromHex("fbff"));
        assertThat(StrictBase64.decode("f", "-_8=")).isEqualTo(Bytes.fromHex("fbff"));
    }

    @Test
    void derWithAnythingMoreThanItNeedsIsRefused() throws Exception {
        Bytes raw = Bytes.fromHex("80" + "11".repeat(31) + "00" + "22".repeat(31));
        Bytes der = DerSignature.encode(raw);
        assertThat(DerSignature.decode("sig", der, 32)).isEqualTo(raw);
        String body = der.slice(2, der.size()).hex();
        for (String broken : new String[] {
            der.hex() + "00", // bytes behind
            "30" + String.format("%02x", der.size() - 1) + body + "00", // bytes behind, inside the sequence
            "3081" + String.format("%02x", der.size() - 2) + body, // long form of a short length
            "31" + der.slice(1, der.size()).hex(), // a set
            "3006020101020102" + "00".repeat(80),
            "300702020001020102", // padded r
            "3006020181020102", // negative r
            "30060201010301ff", // not an integer
            "3005020101020000", // empty s
            "30",
            ""
        }) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .as(broken)
                    .isThrownBy(() -> DerSignature.decode("sig", Bytes.fromHex(broken), 32));
        }
    }

    @Test
    void aScalarOfZeroDoesNotVerify() throws Exception {
        VerificationKey key = SigningKey.generate().publicKey();
        for (String der : new String[] {"3006020100020101", "3006020101020100"}) {
            assertThat(new DsseEnvelope(TYPE, PAYLOAD, "", Bytes.fromHex(der)).verify(key))
                    .isFalse();
        }
    }
}
