package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class GpuReportFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aReportIsRefusedOrReadWhole(byte[] input) {
        try {
            GpuReport report = GpuReport.parse(Bytes.of(input));
            assertThat(report.bytes()).isEqualTo(Bytes.of(input));
            assertThat(report.signedBytes().concat(report.signature(), report.trailingBytes()))
                    .isEqualTo(report.bytes());
            OpaqueData said = report.opaqueData();
            assertThat(said.vbiosVersion()).isNotEmpty();
            assertThat(said.fields()).isNotEmpty();
            assertThat(report.measurements()).doesNotContainKey(0);
            assertThat(report.toString() + said).isNotEmpty();
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        ReportBytes full = new ReportBytes();
        full.fields.put(OpaqueField.MEASUREMENT_COUNTS.id(), Bytes.fromHex("0100000002000000"));
        full.fields.put(OpaqueField.BOARD_ID.id(), Bytes.fromHex("01020304"));
        full.fields.put(OpaqueField.FWID.id(), Bytes.fromHex("6b".repeat(48)));
        full.fields.put(OpaqueField.SWITCH_PDI.id(), Bytes.fromHex("7c".repeat(16)));
        full.fields.put(OpaqueField.OPAQUE_DATA_VERSION.id(), Bytes.fromHex("0100"));
        full.fields.put(OpaqueField.FEATURE_FLAG.id(), Bytes.fromHex("0200"));
        ReportBytes nvSwitch = new ReportBytes();
        nvSwitch.fields.put(OpaqueField.VBIOS_VERSION.id(), Bytes.utf8("96.10.55.00.01\0"));
        nvSwitch.fields.put(OpaqueField.SWITCH_PDI.id(), Bytes.fromHex("7c".repeat(8)));
        nvSwitch.fields.put(OpaqueField.SWITCH_GPU_PDIS.id(), Bytes.fromHex("8d".repeat(128)));
        ReportBytes tailed = new ReportBytes();
        tailed.tail = Bytes.zeros(1);
        return List.of(
                new ReportBytes().build().toByteArray(),
                full.build().toByteArray(),
                nvSwitch.build().toByteArray(),
                tailed.build().toByteArray());
    }
}
