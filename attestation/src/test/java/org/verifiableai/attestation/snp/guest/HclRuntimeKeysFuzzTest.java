package org.verifiableai.attestation.snp.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class HclRuntimeKeysFuzzTest {

    /** Apart from the hash that binds them, through which nothing random comes. */
    @MethodSource("seeds")
    @FuzzTest
    void runtimeDataHasAKeyOrIsRefused(byte[] input) {
        try {
            assertThat(HclRuntimeKeys.attestationKey(Bytes.of(input)).isEmpty()).isFalse();
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        return List.of(Bytes.utf8(AzureHclReportTest.JSON).toByteArray());
    }
}
