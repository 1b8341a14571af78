package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.CertBytes;

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
        // Of two certificates, so that what is read has an architecture and can be written.
        String pem = pem(CertBytes.of("Leaf").build())
                + pem(CertBytes.of("GH100 A01 GSP BROM").build());
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

    /** A search that never writes anything reads half of the code. */
    @Test
    void theSeedsAreReadAndWritten() throws Exception {
        for (byte[] seed : seeds()) {
            List<GpuEvidence> devices = GpuEvidence.parseJson(Bytes.of(seed));
            assertThat(GpuEvidence.parseJson(Bytes.utf8(GpuEvidence.toJson(devices))))
                    .isEqualTo(devices);
        }
    }

    private static String pem(Bytes der) {
        return "-----BEGIN CERTIFICATE-----\n" + der.base64() + "\n-----END CERTIFICATE-----\n";
    }
}
