package org.verifiableai.attestation.snp.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class AzureHclReportFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aBlobIsRefusedOrReadWhole(byte[] input) {
        try {
            AzureHclReport hcl = AzureHclReport.parse(Bytes.of(input));
            assertThat(hcl.report().slice(0x50, 0x90)).isEqualTo(hcl.expectedReportData());
            hcl.attestationKey();
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        return List.of(AzureHclReportTest.BLOB.toByteArray());
    }
}
