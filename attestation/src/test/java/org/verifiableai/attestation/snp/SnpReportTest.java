package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;

class SnpReportTest {

    @Test
    void aFieldThatAVersionLacksIsEmptyAndNotZero() throws Exception {
        assertThat(SnpReport.parse(report(2)).cpuId()).isEmpty();
        assertThat(SnpReport.parse(report(3)).cpuId()).isPresent();
        assertThat(SnpReport.parse(report(4)).launchMitigationVector()).isEmpty();
        assertThat(SnpReport.parse(report(5)).launchMitigationVector()).hasValue(0L);
        assertThat(SnpReport.parse(report(2)).fields()).doesNotContainKeys("cpuId", "launchMitVector");
    }

    @Test
    void unknownBitsAreKeptAndNamedAsUnknown() throws Exception {
        byte[] raw = report(5).toByteArray();
        raw[0x008 + 7] = (byte) 0x80;
        raw[0x040 + 1] = 0x01;
        SnpReport report = SnpReport.parse(Bytes.of(raw));

        assertThat(report.policy().unknownBits()).isEqualTo(0x8000_0000_0000_0000L);
        assertThat(report.platformInfo().unknownBits()).isEqualTo(0x100L);
        assertThat(report.policy()).hasToString("0x8000000000000000 with unknown bit 63");
        assertThat(report.platformInfo()).hasToString("0x100 with unknown bit 8");
        assertThat(report.fields())
                .containsEntry("policy", "0x8000000000000000")
                .containsEntry("policyBits", "ABI_0.0, not bit 17, bit 63")
                .containsEntry("platformInfo", "0x100")
                .containsEntry("platformInfoBits", "bit 8");
    }

    @Test
    void bitsAreNamedAsTheAbiNamesThem() {
        assertThat(new GuestPolicy(0x3FF0137).names())
                .containsExactly(
                        "ABI_1.55",
                        "SMT",
                        "MIGRATE_MA",
                        "DEBUG",
                        "CXL_ALLOW",
                        "SINGLE_SOCKET",
                        "MEM_AES_256_XTS",
                        "RAPL_DIS",
                        "CIPHERTEXT_HIDING",
                        "PAGE_SWAP_DISABLE");
        assertThat(new GuestPolicy(0x30000)).hasToString("0x30000");
        assertThat(new PlatformInfo(0x65).names())
                .containsExactly("SMT_EN", "ECC_EN", "ALIAS_CHECK_COMPLETE", "IOMMU_WRITE_SAFE");
    }

    @Test
    void aTcbIsReadByItsLineAndIsBytesWithoutOne() throws Exception {
        byte[] raw = report(3).toByteArray();
        raw[0x188] = 0x1A;
        raw[0x189] = 0x02;
        raw[0x180] = 1;
        raw[0x183] = 5;
        SnpReport turin = SnpReport.parse(Bytes.of(raw));
        raw[0x189] = 0x50;
        SnpReport venice = SnpReport.parse(Bytes.of(raw));

        assertThat(turin.fields())
                .containsEntry("product", "Turin")
                .containsEntry("reportedTcb", "fmc=1,bl=0,tee=0,snp=5,ucode=0");
        assertThat(venice.fields()).doesNotContainKey("product").containsEntry("reportedTcb", "0100000500000000");
        assertThat(venice.fields(ProductLine.MILAN)).containsEntry("reportedTcb", "bl=1,tee=0,snp=0,ucode=0");
    }

    @Test
    void signedBytesThatAreReservedAreNotedWhereTheyAreNotZero() throws Exception {
        byte[] raw = report(5).toByteArray();
        assertThat(SnpReport.parse(Bytes.of(raw)).fields()).doesNotContainKey("reservedNotZero");
        for (int offset : new int[] {0x04C, 0x04F, 0x18B, 0x19F, 0x1EB, 0x1EF, 0x208, 0x209, 0x29F, 0x330, 0x49F}) {
            raw[offset] = 1;
        }

        assertThat(SnpReport.parse(Bytes.of(raw)).fields())
                .containsEntry("reservedNotZero", "0x4c, 0x4f, 0x18b, 0x19f, 0x1eb, 0x1ef, 0x208 to 0x209, 0x29f");
    }

    @Test
    void whatIsAFieldOnlyLaterIsReservedBefore() throws Exception {
        byte[] raw = report(2).toByteArray();
        raw[0x188] = 1;
        raw[0x18A] = 1;
        raw[0x1F8] = 1;
        raw[0x207] = 1;

        assertThat(SnpReport.parse(Bytes.of(raw)).fields())
                .containsEntry("reservedNotZero", "0x188, 0x18a, 0x1f8, 0x207");
        raw[0] = 5;
        assertThat(SnpReport.parse(Bytes.of(raw)).fields()).doesNotContainKey("reservedNotZero");
    }

    @Test
    void anotherSignatureAlgorithmIsRefusedByItsOffset() {
        byte[] raw = report(3).toByteArray();
        raw[0x034] = 2;

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpReport.parse(Bytes.of(raw)))
                .withMessage("SIGNATURE_ALGO at offset 0x34: expected 1, which is ECDSA P-384 with SHA-384, found 2");
    }

    @Test
    void paddingOfTheSignatureIsZero() {
        for (int offset : new int[] {0x2D0, 0x2E7, 0x318, 0x32F}) {
            byte[] raw = report(3).toByteArray();
            raw[offset] = 1;

            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> SnpReport.parse(Bytes.of(raw)));
        }
    }

    @Test
    void parsersThrowNothingElseAtRandomBytes() {
        Random random = new Random(17);
        for (int round = 0; round < 20_000; round++) {
            byte[] raw = new byte[random.nextInt(64)];
            random.nextBytes(raw);
            // Nested sequences with lengths that fit, so that more than the first byte is read.
            for (int i = 0; i + 1 < raw.length && random.nextInt(4) != 0; i += 2) {
                raw[i] = (byte) (random.nextInt(8) == 0 ? 0xA0 : 0x30);
                raw[i + 1] = (byte) (raw.length - i - 2);
            }
            for (Parser parser :
                    List.<Parser>of(X509Cert::parse, RevocationList::parse, VekCertificate::parse, SnpReport::parse)) {
                assertThatExceptionOfType(MalformedEvidenceException.class)
                        .isThrownBy(() -> parser.parse(Bytes.of(raw)));
            }
        }
    }

    @Test
    void everyReportThatIsReadCanBeShown() {
        Random random = new Random(18);
        int read = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] raw = report(2 + random.nextInt(4)).toByteArray();
            byte[] noise = new byte[random.nextInt(32)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, raw, random.nextInt(raw.length - noise.length), noise.length);
            try {
                assertThat(SnpReport.parse(Bytes.of(raw)).fields()).isNotEmpty();
                read++;
            } catch (MalformedEvidenceException e) {
                assertThat(e).hasMessageContaining("expected");
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    private static Bytes report(int version) {
        byte[] raw = new byte[SnpReport.SIZE];
        raw[0x000] = (byte) version;
        raw[0x034] = 1;
        return Bytes.of(raw);
    }

    private interface Parser {
        Object parse(Bytes raw) throws MalformedEvidenceException;
    }
}
