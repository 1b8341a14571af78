package org.verifiableai.manifest.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class PrivateKeyPemFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aKeyIsRefusedOrSigns(byte[] input) {
        SigningKey key;
        try {
            key = SigningKey.parsePem(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).startsWith("private key: expected ").doesNotContain("\n");
            return;
        }
        Bytes message = Bytes.utf8("message");
        assertThat(key.publicKey().verify(message, key.sign(message))).isTrue();
    }

    static List<byte[]> seeds() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (String curve : List.of("secp256r1", "secp384r1", "secp521r1", "Ed25519")) {
            seeds.add(PrivateKeyPemTest.pem(
                            "PRIVATE KEY",
                            PrivateKeyPemTest.pair(curve).getPrivate().getEncoded())
                    .toByteArray());
        }
        return seeds;
    }
}
