package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;
import org.verifiableai.manifest.signing.SigningKey;

class DsseEnvelopeFuzzTest {

    private static final List<SigningKey> KEYS = Stream.of(
                    SignatureAlgorithm.ECDSA_P384_SHA384,
                    SignatureAlgorithm.ECDSA_P256_SHA256,
                    SignatureAlgorithm.ED25519)
            .map(algorithm -> SigningKey.generate(algorithm, new SecureRandom()))
            .toList();

    private static DsseEnvelope parse(Bytes envelope) throws MalformedEvidenceException {
        return DsseEnvelope.parse(JsonObject.of("envelope", StrictJson.parse("envelope", envelope, 1 << 20)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anEnvelopeIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        DsseEnvelope envelope;
        try {
            envelope = parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(parse(Bytes.utf8(envelope.toJson().toString()))).isEqualTo(envelope);
        for (SigningKey key : KEYS) {
            try {
                envelope.verify(key.publicKey());
            } catch (MalformedEvidenceException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
    }

    static List<byte[]> seeds() {
        return KEYS.stream()
                .map(key -> DsseEnvelope.sign("application/x", Bytes.utf8("payload"), key)
                        .toJson()
                        .toString())
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }

    /** A search that never gets to a signature reads half of the code. */
    @Test
    void theSeedsVerify() throws Exception {
        List<byte[]> seeds = seeds();
        for (int i = 0; i < seeds.size(); i++) {
            assertThat(parse(Bytes.of(seeds.get(i))).verify(KEYS.get(i).publicKey()))
                    .isTrue();
        }
    }
}
