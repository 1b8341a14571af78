package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.VectorFiles;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** Walks envelopes, each with its key and verdict, and the example of the protocol. */
class DsseVectorsTest {

    @Test
    void everyEnvelopeHasItsVerdict() throws Exception {
        List<Path> files = VectorFiles.list("dsse");
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            JsonNode document = VectorFiles.json("dsse/" + file.getFileName());
            for (JsonNode vector : document.isArray() ? document : List.<JsonNode>of()) {
                assertThat(verifies(vector))
                        .as(vector.get("id").asText())
                        .isEqualTo(vector.get("expect").asText().equals("valid"));
            }
        }
    }

    @Test
    void theProtocolsExampleIsSignedInTheEncodingThatThisProfileRefuses() throws Exception {
        JsonNode example = VectorFiles.json("dsse/protocol-example.json");
        DsseEnvelope envelope = parse(example.get("envelope"));
        Bytes pae = DsseEnvelope.preAuthenticationEncoding(envelope.payloadType(), envelope.payload());
        assertThat(pae).isEqualTo(Bytes.utf8(example.get("paeUtf8").asText()));
        VerificationKey key = SignatureEngine.standard()
                .key(Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                        + coordinate(example, "x")
                        + coordinate(example, "y")));
        assertThat(key.verify(pae, envelope.signature())).isTrue();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> envelope.verify(key))
                .withMessageContaining("an ECDSA signature in DER");
        // The same signature in DER is good, so its encoding is all that was refused.
        assertThat(new DsseEnvelope(
                                envelope.payloadType(),
                                envelope.payload(),
                                "",
                                DerSignature.encode(envelope.signature()))
                        .verify(key))
                .isTrue();
    }

    private static boolean verifies(JsonNode vector) {
        String pem = vector.get("publicKeyPem").asText().replaceAll("-----[A-Z ]+-----|\n", "");
        try {
            VerificationKey key =
                    SignatureEngine.standard().key(Bytes.of(Base64.getDecoder().decode(pem)));
            return parse(vector.get("envelope")).verify(key);
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }

    private static DsseEnvelope parse(JsonNode envelope) throws MalformedEvidenceException {
        Bytes text = Bytes.utf8(envelope.toString());
        return DsseEnvelope.parse(JsonObject.of("envelope", StrictJson.parse("envelope", text, 1 << 20)));
    }

    private static String coordinate(JsonNode example, String name) {
        return "%064x".formatted(new BigInteger(example.get(name).asText()));
    }
}
