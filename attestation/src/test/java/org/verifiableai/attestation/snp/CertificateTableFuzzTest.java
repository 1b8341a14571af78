package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

class CertificateTableFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aCertificateTableIsRefusedOrReadWhole(byte[] input) {
        CertificateTable table;
        try {
            table = CertificateTable.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(table.encode().size() % 4096).isZero();
        assertThat(parsedAgain(table)).isEqualTo(table).hasToString(table.toString());
        assertThat(table.entries()).allSatisfy(e -> assertThat(e.name()).isNotBlank());
        assertThat(table.entries().stream().mapToLong(e -> e.content().size()).sum())
                .isLessThanOrEqualTo(input.length);
        try {
            table.vcek();
            table.vlek();
            table.ask();
            table.ark();
            table.crl();
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    private static CertificateTable parsedAgain(CertificateTable table) {
        try {
            return CertificateTable.parse(table.encode());
        } catch (MalformedEvidenceException e) {
            throw new AssertionError("what was read once is read again", e);
        }
    }

    static List<byte[]> seeds() {
        Bytes der = Bytes.fromHex("300100");
        Bytes pem = Bytes.utf8("-----BEGIN CERTIFICATE-----\nMAEA\n-----END CERTIFICATE-----\n");
        Bytes full = CertificateTable.builder()
                .vcek(pem)
                .vlek(der)
                .ask(der)
                .ark(pem)
                .crl(der)
                .entry(UUID.fromString("11223344-5566-7788-99aa-bbccddeeff00"), Bytes.EMPTY)
                .build()
                .encode();
        Bytes mixed = Bytes.fromHex("8d75da6364e66445adc5f4b93be8accd")
                .concat(LittleEndian.u32(48), LittleEndian.u32(3), Bytes.zeros(24), der);
        return List.of(new byte[0], new byte[24], full.slice(0, 512).toByteArray(), mixed.toByteArray());
    }
}
