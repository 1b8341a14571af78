package org.verifiableai.attestation.snp.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.SnpReport;

class AzureHclReportTest {

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(2047).setBit(0);
    private static final String KEY =
            "{\"kid\":\"HCLAkPub\",\"key_ops\":[\"sign\"],\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + text(MODULUS)
                    + "\"}";
    static final String JSON = "{\"keys\":[" + KEY
            + ",{\"kid\":\"HCLEkPub\",\"kty\":\"RSA\"}],\"vm-configuration\":{\"tpm-enabled\":true}}";
    static final Bytes BLOB = blob(JSON);
    private static final int REPORT_DATA = 0x70;
    private static final int JSON_OFFSET = 0x4D4;

    @Test
    void aBlobIsReadInItsParts() throws Exception {
        AzureHclReport hcl = AzureHclReport.parse(BLOB.concat(Bytes.zeros(300)));

        assertThat(hcl.report()).isEqualTo(BLOB.slice(0x20, 0x20 + SnpReport.SIZE));
        assertThat(hcl.runtimeData()).isEqualTo(Bytes.utf8(JSON));
        assertThat(hcl.expectedReportData())
                .isEqualTo(Bytes.utf8(JSON).sha256().concat(Bytes.zeros(32)))
                .isEqualTo(SnpReport.parse(hcl.report()).reportData());
        assertThat(hcl)
                .isEqualTo(AzureHclReport.parse(BLOB))
                .hasSameHashCodeAs(AzureHclReport.parse(BLOB))
                .isNotEqualTo(AzureHclReport.parse(blob("{}")));
        assertThat(AzureHclReport.parse(patch(0x04, "02000000"))).isEqualTo(hcl);
    }

    @Test
    void theKeyOfTheVtpmIsRead() throws Exception {
        Bytes spki = AzureHclReport.parse(BLOB).attestationKey();

        RSAPublicKey key =
                (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki.toByteArray()));
        assertThat(key.getModulus()).isEqualTo(MODULUS);
        assertThat(key.getPublicExponent()).isEqualTo(BigInteger.valueOf(65537));
    }

    @ParameterizedTest
    @CsvSource({
        "SIGNATURE of hcl report, 00, 48434c42",
        "VERSION of hcl report, 04, 00000000",
        "VERSION of hcl report, 04, 03000000",
        "REQUEST_TYPE of hcl report, 0c, 01000000",
        "DATA_SIZE of runtime data, 4c0, 00000000",
        "DATA_SIZE of runtime data, 4c0, ffffffff",
        "VERSION of runtime data, 4c4, 02000000",
        "REPORT_TYPE of runtime data, 4c8, 04000000",
        "HASH_TYPE of runtime data, 4cc, 02000000",
        "LENGTH of runtime data, 4d0, ffffffff",
        "LENGTH of runtime data, 4d0, 00000080",
        "REPORT_DATA, 70, ff",
        "REPORT_DATA, 90, 01",
        "REPORT_DATA, af, 01",
        "REPORT_DATA, 4d5, 20"
    })
    void eachDefectIsRefusedByItsField(String field, String offset, String bytes) {
        refused(patch(Integer.parseInt(offset, 16), bytes), field);
    }

    @Test
    void oneByteMoreThanIsThereIsRefused() {
        refused(BLOB.slice(0, BLOB.size() - 1), "LENGTH of runtime data");
        refused(BLOB.slice(0, JSON_OFFSET), "LENGTH of runtime data");
        refused(BLOB.slice(0, JSON_OFFSET - 1), "hcl report");
        refused(Bytes.EMPTY, "hcl report");
        refused(BLOB.concat(Bytes.zeros(AzureHclReport.MAX_SIZE)), "hcl report");
    }

    @Test
    void theOldNonceIsNotLeftInTheZeros() {
        Bytes other = BLOB.slice(REPORT_DATA, REPORT_DATA + 32);

        refused(
                BLOB.slice(0, REPORT_DATA + 32).concat(other, BLOB.slice(REPORT_DATA + 64, BLOB.size())),
                "REPORT_DATA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[1]}",
                "{\"keys\":[KEY,KEY]}",
                "{\"keys\":[KEY],\"keys\":[]}",
                "{\"keys\":[KEY]} {}",
                "{\"keys\":[KEY],\"x\":[[[[[[[[[1]]]]]]]]]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"EC\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\",\"e\":\"AQ==\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\",\"e\":\"AQ\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\",\"e\":\"Ag\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\",\"e\":\"BA\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\",\"e\":\"AQAAAAAAAAAB\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"N\",\"e\":\"A+/B\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"EVEN\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"LARGE\",\"e\":\"AQAB\"}]}",
            })
    void runtimeDataWithoutThatKeyHasNone(String json) throws Exception {
        String filled = json.replace("KEY", KEY)
                .replace("\"N\"", "\"" + text(MODULUS) + "\"")
                .replace("EVEN", text(MODULUS.clearBit(0)))
                .replace("LARGE", text(BigInteger.ONE.shiftLeft(4096).setBit(0)));
        AzureHclReport hcl = AzureHclReport.parse(blob(filled));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(hcl::attestationKey)
                .withMessageStartingWith("runtime data: expected ");
    }

    private static void refused(Bytes blob, String field) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> AzureHclReport.parse(blob))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    private static Bytes patch(int offset, String hex) {
        Bytes bytes = Bytes.fromHex(hex);
        return BLOB.slice(0, offset).concat(bytes, BLOB.slice(offset + bytes.size(), BLOB.size()));
    }

    private static Bytes blob(String json) {
        Bytes data = Bytes.utf8(json);
        Bytes report = Bytes.fromHex("02000000")
                .concat(
                        Bytes.zeros(0x030),
                        Bytes.fromHex("01000000"),
                        Bytes.zeros(0x018),
                        data.sha256(),
                        Bytes.zeros(32 + SnpReport.SIZE - 0x090));
        return Bytes.utf8("HCLA")
                .concat(
                        Bytes.fromHex("01000000" + "ffffffff" + "02000000" + "00".repeat(16)),
                        report,
                        u32(20 + data.size()),
                        Bytes.fromHex("01000000" + "02000000" + "01000000"),
                        u32(data.size()),
                        data);
    }

    private static Bytes u32(int value) {
        return Bytes.of((byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24));
    }

    private static String text(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.of(bytes, sign, bytes.length - sign).toByteArray());
    }
}
