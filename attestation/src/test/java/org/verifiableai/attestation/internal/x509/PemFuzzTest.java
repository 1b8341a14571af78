package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class PemFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void pemIsRefusedOrItsBlocksFitInIt(byte[] input) {
        try {
            List<Bytes> blocks = Pem.blocks("certificate", "CERTIFICATE", Bytes.of(input));
            assertThat(blocks).isNotEmpty();
            assertThat(blocks.stream().mapToLong(Bytes::size).sum()).isLessThanOrEqualTo(input.length);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        String block = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        String other = "text\n-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n";
        return Stream.of("0", block, other + block + block, other)
                .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }
}
