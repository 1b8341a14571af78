package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class DerSignatureFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aSignatureHasOneEncoding(byte[] input) {
        Bytes der = Bytes.of(input);
        for (int scalarSize : new int[] {32, 48}) {
            try {
                Bytes raw = DerSignature.decode("sig", der, scalarSize);
                assertThat(raw.size()).isEqualTo(2 * scalarSize);
                assertThat(DerSignature.encode(raw)).isEqualTo(der);
            } catch (MalformedEvidenceException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
    }

    static List<byte[]> seeds() {
        return Stream.of("80" + "11".repeat(31) + "00" + "22".repeat(31), "00".repeat(64), "ff".repeat(96))
                .map(raw -> DerSignature.encode(Bytes.fromHex(raw)).toByteArray())
                .toList();
    }
}
