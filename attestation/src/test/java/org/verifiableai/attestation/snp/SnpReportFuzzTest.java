package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class SnpReportFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aReportIsRefusedOrReadWhole(byte[] input) {
        SnpReport report;
        try {
            report = SnpReport.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(report.raw()).isEqualTo(Bytes.of(input));
        assertThat(report.fields()).isNotEmpty().doesNotContainValue("");
        assertThat(report).hasToString(report.toString()).isEqualTo(parsedAgain(report));
        assertThat(report.signature().size()).isEqualTo(96);
        assertThat(report.signedBytes().size()).isEqualTo(SnpReport.SIGNED_SIZE);
        for (ProductLine line : ProductLine.values()) {
            assertThat(TcbVersion.parse(report.reportedTcb(line).toString())).isEqualTo(report.reportedTcb(line));
            assertThat(report.currentTcb(line).atLeast(report.currentTcb(line))).isTrue();
            assertThat(report.committedTcb(line).toBytes(line).size())
                    .isEqualTo(report.committedTcb().size());
            assertThat(report.launchTcb(line)).isNotNull();
        }
        report.cpuId().ifPresent(ProductLine::of);
    }

    private static SnpReport parsedAgain(SnpReport report) {
        try {
            return SnpReport.parse(report.raw());
        } catch (MalformedEvidenceException e) {
            throw new AssertionError("what was read once is read again", e);
        }
    }

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int version = 2; version <= 5; version++) {
            byte[] report = new byte[SnpReport.SIZE];
            report[0x000] = (byte) version;
            report[0x034] = 1;
            report[0x188] = 0x19;
            report[0x189] = (byte) (0x10 * version);
            seeds.add(report);
        }
        return seeds;
    }
}
