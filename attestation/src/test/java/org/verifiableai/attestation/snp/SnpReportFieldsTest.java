package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Each field of a report at its place in the ABI's table. */
class SnpReportFieldsTest {

    @Test
    void everyFieldOfBytesIsReadFromItsPlace() throws Exception {
        SnpReport report = counting();

        assertThat(report.familyId()).isEqualTo(report.raw().slice(0x010, 0x020));
        assertThat(report.imageId()).isEqualTo(report.raw().slice(0x020, 0x030));
        assertThat(report.currentTcb()).isEqualTo(report.raw().slice(0x038, 0x040));
        assertThat(report.reportData()).isEqualTo(report.raw().slice(0x050, 0x090));
        assertThat(report.measurement()).isEqualTo(report.raw().slice(0x090, 0x0C0));
        assertThat(report.hostData()).isEqualTo(report.raw().slice(0x0C0, 0x0E0));
        assertThat(report.idKeyDigest()).isEqualTo(report.raw().slice(0x0E0, 0x110));
        assertThat(report.authorKeyDigest()).isEqualTo(report.raw().slice(0x110, 0x140));
        assertThat(report.reportId()).isEqualTo(report.raw().slice(0x140, 0x160));
        assertThat(report.reportIdMa()).isEqualTo(report.raw().slice(0x160, 0x180));
        assertThat(report.reportedTcb()).isEqualTo(report.raw().slice(0x180, 0x188));
        assertThat(report.chipId()).isEqualTo(report.raw().slice(0x1A0, 0x1E0));
        assertThat(report.committedTcb()).isEqualTo(report.raw().slice(0x1E0, 0x1E8));
        assertThat(report.launchTcb()).isEqualTo(report.raw().slice(0x1F0, 0x1F8));
        assertThat(report.signedBytes()).isEqualTo(report.raw().slice(0, 0x2A0));
        assertThat(report.signature())
                .isEqualTo(report.raw()
                        .slice(0x2A0, 0x2D0)
                        .reversed()
                        .concat(report.raw().slice(0x2E8, 0x318).reversed()));
    }

    @Test
    void everyNumberIsLittleEndianAtItsPlace() throws Exception {
        SnpReport report = counting();

        assertThat(report.version()).isEqualTo(5);
        assertThat(report.guestSvn()).isEqualTo(number(report, 0x004, 4));
        assertThat(report.policy().raw()).isEqualTo(number(report, 0x008, 8));
        assertThat(report.vmpl()).isEqualTo(number(report, 0x030, 4));
        assertThat(report.platformInfo().raw()).isEqualTo(number(report, 0x040, 8));
        assertThat(report.launchMitigationVector()).hasValue(number(report, 0x1F8, 8));
        assertThat(report.currentMitigationVector()).hasValue(number(report, 0x200, 8));
        assertThat(report.currentVersion()).hasToString(firmware(report, 0x1E8));
        assertThat(report.committedVersion()).hasToString(firmware(report, 0x1EC));
        assertThat(report.cpuId())
                .hasValue(new SnpReport.CpuId(
                        report.raw().unsigned(0x188),
                        report.raw().unsigned(0x189),
                        report.raw().unsigned(0x18A)));
    }

    @Test
    void everyTcbIsReadByTheLayoutOfTheLine() throws Exception {
        SnpReport report = counting();
        for (ProductLine line : ProductLine.values()) {
            assertThat(report.currentTcb(line)).isEqualTo(TcbVersion.read(line, report.currentTcb()));
            assertThat(report.reportedTcb(line)).isEqualTo(TcbVersion.read(line, report.reportedTcb()));
            assertThat(report.committedTcb(line)).isEqualTo(TcbVersion.read(line, report.committedTcb()));
            assertThat(report.launchTcb(line)).isEqualTo(TcbVersion.read(line, report.launchTcb()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, false, VCEK",
        "1, true, false, VCEK",
        "2, false, true, VCEK",
        "4, false, false, VLEK",
        "8, false, false, RESERVED",
        "24, false, false, RESERVED",
        "28, false, false, NONE",
        "31, true, true, NONE"
    })
    void keyInfoIsReadBitByBit(int keyInfo, boolean author, boolean masked, SigningKey key) throws Exception {
        byte[] raw = counting().raw().toByteArray();
        raw[0x048] = (byte) keyInfo;
        SnpReport report = SnpReport.parse(Bytes.of(raw));

        assertThat(report.authorKeyEnabled()).isEqualTo(author);
        assertThat(report.chipKeyMasked()).isEqualTo(masked);
        assertThat(report.signingKey()).isEqualTo(key);
        assertThat(report.fields())
                .containsEntry("authorKeyEnabled", "" + author)
                .containsEntry("chipKeyMasked", "" + masked)
                .containsEntry("signer", key.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 8, 31})
    void aReservedBitOfKeyInfoIsRefused(int bit) throws Exception {
        byte[] raw = counting().raw().toByteArray();
        raw[0x048 + bit / 8] |= (byte) (1 << (bit % 8));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpReport.parse(Bytes.of(raw)))
                .withMessage("KEY_INFO at offset 0x48: expected zero in bits 31 to 5, found 0x"
                        + Long.toHexString(1L << bit));
    }

    @ParameterizedTest
    @CsvSource({"SIGNATURE.R, 720", "SIGNATURE.R, 743", "SIGNATURE.S, 792", "SIGNATURE.S, 815"})
    void paddingOfASignatureThatIsNotZeroIsNamedWithItsPlace(String field, int at) throws Exception {
        byte[] raw = counting().raw().toByteArray();
        raw[at] = 1;
        int from = field.endsWith("R") ? 0x2D0 : 0x318;

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpReport.parse(Bytes.of(raw)))
                .withMessage(field + " at offset 0x" + Integer.toHexString(from)
                        + ": expected 24 bytes of zero padding, found "
                        + Bytes.of(raw).slice(from, from + 24));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, true", "5, true", "6, true", "255, true"})
    void aReportIsReadForItsSignatureFromVersion2On(int version, boolean read) throws Exception {
        byte[] raw = counting().raw().toByteArray();
        raw[0] = (byte) version;
        if (read) {
            assertThat(SnpReport.parseSignatureOnly(Bytes.of(raw)).version()).isEqualTo(version);
        } else {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> SnpReport.parseSignatureOnly(Bytes.of(raw)))
                    .withMessage("VERSION at offset 0x0: expected 2 or later, found version " + version);
        }
    }

    @Test
    void everyFieldIsShownByItsName() throws Exception {
        SnpReport report = counting();

        assertThat(report.fields())
                .containsEntry("guestSvn", "" + report.guestSvn())
                .containsEntry("policy", "0xeae3dcd5cec7c0b9")
                .containsEntry("familyId", report.familyId().hex())
                .containsEntry("imageId", report.imageId().hex())
                .containsEntry("vmpl", "" + report.vmpl())
                .containsEntry("currentTcb", report.currentTcb().hex())
                .containsEntry("platformInfo", "0x726b645d564f4841")
                .containsEntry("reportData", report.reportData().hex())
                .containsEntry("measurement", report.measurement().hex())
                .containsEntry("hostData", report.hostData().hex())
                .containsEntry("idKeyDigest", report.idKeyDigest().hex())
                .containsEntry("authorKeyDigest", report.authorKeyDigest().hex())
                .containsEntry("reportId", report.reportId().hex())
                .containsEntry("reportIdMa", report.reportIdMa().hex())
                .containsEntry("reportedTcb", report.reportedTcb().hex())
                .containsEntry("cpuId", report.cpuId().orElseThrow().toString())
                .containsEntry("chipId", report.chipId().hex())
                .containsEntry("committedTcb", report.committedTcb().hex())
                .containsEntry("launchTcb", report.launchTcb().hex())
                .containsEntry("currentVersion", report.currentVersion().toString())
                .containsEntry("committedVersion", report.committedVersion().toString())
                .containsEntry("launchMitVector", "0x" + Long.toHexString(number(report, 0x1F8, 8)))
                .containsEntry("currentMitVector", "0x" + Long.toHexString(number(report, 0x200, 8)));
    }

    @Test
    void reportsAreEqualByTheirBytes() throws Exception {
        byte[] raw = counting().raw().toByteArray();
        raw[0x49F] ^= 1;

        assertThat(counting()).isEqualTo(counting()).hasSameHashCodeAs(counting());
        assertThat(SnpReport.parse(Bytes.of(raw))).isNotEqualTo(counting());
        assertThat(counting().hashCode())
                .isNotEqualTo(SnpReport.parse(Bytes.of(raw)).hashCode());
        assertThat(counting().toString())
                .contains(
                        "version 5",
                        counting().measurement().hex(),
                        counting().chipId().hex());
    }

    @Test
    void eachBitOfThePolicyIsItsOwn() {
        for (int bit = 0; bit < 64; bit++) {
            GuestPolicy policy = new GuestPolicy(1L << bit);

            assertThat(policy.abiMinor()).isEqualTo(bit < 8 ? 1 << bit : 0);
            assertThat(policy.abiMajor()).isEqualTo(bit >= 8 && bit < 16 ? 1 << (bit - 8) : 0);
            assertThat(policy.smtAllowed()).isEqualTo(bit == 16);
            assertThat(policy.migrateMaAllowed()).isEqualTo(bit == 18);
            assertThat(policy.debugAllowed()).isEqualTo(bit == 19);
            assertThat(policy.singleSocketRequired()).isEqualTo(bit == 20);
            assertThat(policy.cxlAllowed()).isEqualTo(bit == 21);
            assertThat(policy.memAes256XtsRequired()).isEqualTo(bit == 22);
            assertThat(policy.raplDisabledRequired()).isEqualTo(bit == 23);
            assertThat(policy.ciphertextHidingRequired()).isEqualTo(bit == 24);
            assertThat(policy.pageSwapDisabled()).isEqualTo(bit == 25);
            assertThat(policy.unknownBits()).isEqualTo(bit > 25 ? 1L << bit : 0);
        }
    }

    @Test
    void eachBitOfThePlatformIsItsOwn() {
        for (int bit = 0; bit < 64; bit++) {
            PlatformInfo platform = new PlatformInfo(1L << bit);

            assertThat(platform.smtEnabled()).isEqualTo(bit == 0);
            assertThat(platform.tsmeEnabled()).isEqualTo(bit == 1);
            assertThat(platform.eccEnabled()).isEqualTo(bit == 2);
            assertThat(platform.raplDisabled()).isEqualTo(bit == 3);
            assertThat(platform.ciphertextHidingEnabled()).isEqualTo(bit == 4);
            assertThat(platform.aliasCheckComplete()).isEqualTo(bit == 5);
            assertThat(platform.iommuWriteSafe()).isEqualTo(bit == 6);
            assertThat(platform.tioEnabled()).isEqualTo(bit == 7);
            assertThat(platform.unknownBits()).isEqualTo(bit > 7 ? 1L << bit : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x1A, 0x4F, false", "0x1A, 0x50, true", "0x1A, 0x57, true", "0x1A, 0x58, false", "0x1A, 0x8F, false",
        "0x1A, 0x90, true", "0x1A, 0xAF, true", "0x1A, 0xB0, false", "0x1A, 0xBF, false", "0x1A, 0xC0, true",
        "0x1A, 0xC7, true", "0x1A, 0xC8, false", "0x19, 0x50, false", "0x19, 0xA0, false", "0x19, 0xC0, false"
    })
    void boundsOfVeniceAreInclusive(String family, String model, boolean venice) {
        assertThat(ProductLine.isVenice(new SnpReport.CpuId(Integer.decode(family), Integer.decode(model), 0)))
                .isEqualTo(venice);
    }

    /** A report of version 5 in which no two bytes next to each other are the same, but for those that are checked. */
    private static SnpReport counting() throws MalformedEvidenceException {
        byte[] raw = new byte[SnpReport.SIZE];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i * 7 + 129);
        }
        fill(raw, 0x000, 5, 4);
        fill(raw, 0x034, 1, 4);
        fill(raw, 0x048, 0, 4);
        fill(raw, 0x2D0, 0, 24);
        fill(raw, 0x318, 0, 24);
        return SnpReport.parse(Bytes.of(raw));
    }

    private static void fill(byte[] raw, int at, int first, int size) {
        for (int i = 0; i < size; i++) {
            raw[at + i] = (byte) (i == 0 ? first : 0);
        }
    }

    private static long number(SnpReport report, int at, int size) {
        String hex = report.raw().slice(at, at + size).reversed().hex();
        return Long.parseUnsignedLong(hex, 16);
    }

    private static String firmware(SnpReport report, int at) {
        Bytes raw = report.raw();
        return raw.unsigned(at + 2) + "." + raw.unsigned(at + 1) + "." + raw.unsigned(at);
    }
}
