package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class IdBlockFuzzTest {

    static final IdBlock BLOCK =
            IdBlock.of(Bytes.zeros(48), Bytes.zeros(16), Bytes.zeros(16), 7, new GuestPolicy(0x30000));

    @MethodSource("seeds")
    @FuzzTest
    void anIdBlockIsRefusedOrReadWhole(byte[] input) {
        try {
            IdBlock block = IdBlock.parse(Bytes.of(input));
            assertThat(block.encode()).isEqualTo(Bytes.of(input));
            assertThat(IdBlock.ofBase64(block.base64())).isEqualTo(block);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        return List.of(BLOCK.encode().toByteArray());
    }
}
