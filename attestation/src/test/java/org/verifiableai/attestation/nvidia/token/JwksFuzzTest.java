package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;

class JwksFuzzTest {

    private static final Set<Bytes> PINS = Set.of(Bytes.zeros(32));

    @MethodSource("seeds")
    @FuzzTest
    void aKeySetIsRefusedOrItsKeysAreExamined(byte[] input) {
        Jwks keys;
        try {
            keys = Jwks.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        keys.keys().forEach((id, key) -> {
            assertThat(key.id()).isEqualTo(id);
            CheckedKey checked = CheckedKey.examine(key, PINS, SignatureEngine.bouncyCastle());
            // Nobody's certificate has a digest of zeros.
            assertThat(checked.defects()).isNotEmpty();
            assertThat(checked.invalidAt(Instant.EPOCH)).isNotNull();
        });
    }

    static List<byte[]> seeds() {
        return Stream.of(Tokens.jwks(), "{\"keys\":[]}")
                .map(document -> Bytes.utf8(document).toByteArray())
                .toList();
    }
}
