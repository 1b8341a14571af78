package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.DerBytes;

class VekCertificateFuzzTest {

    private static final int CHIP_ID_SIZE = 64;

    @MethodSource("seeds")
    @FuzzTest
    void aVekIsRefusedOrNamesItsKeyLineAndVersion(byte[] input) {
        VekCertificate vek;
        try {
            vek = VekCertificate.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(vek.certificate().der()).isEqualTo(Bytes.of(input));
        // A VCEK names its chip and no provider, a VLEK its provider and no chip.
        assertThat(vek.kind()).isIn(SigningKey.VCEK, SigningKey.VLEK);
        assertThat(vek.hwId() != null).isEqualTo(vek.kind() == SigningKey.VCEK);
        assertThat(vek.cspId() != null).isEqualTo(vek.kind() == SigningKey.VLEK);
        assertThat(vek.tcb().fmc().isPresent()).isEqualTo(vek.productLine() == ProductLine.TURIN);
        Bytes hwId = vek.hwId();
        Bytes chipId = hwId == null ? Bytes.zeros(CHIP_ID_SIZE) : hwId.concat(Bytes.zeros(CHIP_ID_SIZE - hwId.size()));
        assertThat(vek.isOfChip(chipId)).isEqualTo(vek.kind() == SigningKey.VCEK);
        assertThat(vek.toString()).isNotEmpty();
    }

    static List<byte[]> seeds() {
        Bytes hwId = Bytes.fromHex("7a".repeat(64));
        return Stream.of(
                        VekBytes.vcek(ProductLine.MILAN, hwId),
                        VekBytes.vcek(ProductLine.GENOA, DerBytes.octets(hwId)),
                        VekBytes.vcek(ProductLine.TURIN, hwId.slice(0, 8)),
                        VekBytes.vlek(ProductLine.GENOA, "a provider"))
                .map(certificate -> certificate.build().toByteArray())
                .toList();
    }
}
