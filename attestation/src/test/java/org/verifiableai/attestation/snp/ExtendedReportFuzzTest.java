package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class ExtendedReportFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void anExtendedReportIsRefusedOrMadeEvidenceOf(byte[] input) {
        try {
            ExtendedReport report = ExtendedReport.parse(Bytes.of(input));
            assertThat(report.report()).isEqualTo(Bytes.of(input, 0, SnpReport.SIZE));
            assertThat(report.dropped()).allSatisfy(d -> assertThat(d).doesNotContain("\n"));
            assertThat(report.certificates()).containsAll(report.authorities());
            SnpEvidence evidence = report.evidence();
            assertThat(evidence).isEqualTo(SnpEvidence.ofExtendedReport(Bytes.of(input)));
            assertThat(evidence.vek()).isEqualTo(report.vek().orElseThrow());
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        byte[] report = new byte[SnpReport.SIZE];
        return CertificateTableFuzzTest.seeds().stream()
                .map(table -> Bytes.of(report).concat(Bytes.of(table)).toByteArray())
                .toList();
    }
}
