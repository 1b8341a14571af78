package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class GpuEvidenceFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void collectedEvidenceIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        List<GpuEvidence> devices;
        try {
            devices = GpuEvidence.parseJson(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(devices).isNotEmpty();
        String written;
        try {
            written = GpuEvidence.toJson(devices);
        } catch (IllegalArgumentException e) {
            return; // a report without a nonce, or certificates of no known architecture
        }
        assertThat(GpuEvidence.parseJson(Bytes.utf8(written))).isEqualTo(devices);
    }

    static List<byte[]> seeds() {
        String pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        String device = "{\"arch\":\"HOPPER\",\"nonce\":\"%s\",\"evidence\":\"%s\",\"certificate\":\"%s\"}"
                .formatted(
                        ReportBytes.NONCE,
                        new ReportBytes().build().base64(),
                        Bytes.utf8(pem).base64());
        String outer = "{\"nonce\":\"%s\",\"arch\":\"HOPPER\",\"evidence_list\":[%s]}"
                .formatted(
                        ReportBytes.NONCE,
                        "{\"evidence\":\"%s\",\"certificate\":\"%s\"}"
                                .formatted(
                                        new ReportBytes().build().base64(),
                                        Bytes.utf8(pem).base64()));
        String trustee =
                "{\"device_evidence_list\":[{\"arch\":\"Hopper\",\"uuid\":\"\",\"evidence\":\"%s\",\"certificate\":\"%s\"}]}"
                        .formatted(
                                new ReportBytes().build().hex(), Bytes.utf8(pem).base64());
        return Stream.of(
                        "[" + device + "]",
                        "[" + device + "," + device + "]",
                        "{\"result_code\":0,\"evidences\":[" + device + "]}",
                        outer,
                        trustee)
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }
}
