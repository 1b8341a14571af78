package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

class CertificateTableTest {

    private static final int ENTRY = 24;
    private static final Bytes END = Bytes.zeros(ENTRY);
    private static final UUID UNKNOWN = UUID.fromString("11223344-5566-7788-99aa-bbccddeeff00");
    private static final Bytes DER = Bytes.fromHex("300100");
    private static final String PEM = "-----BEGIN CERTIFICATE-----\nMAEA\n-----END CERTIFICATE-----\n";

    @Test
    void whatIsWrittenIsRead() throws Exception {
        CertificateTable table = CertificateTable.builder()
                .vcek(DER)
                .vlek(Bytes.fromHex("300101"))
                .ask(Bytes.fromHex("300102"))
                .ark(Bytes.fromHex("300103"))
                .crl(Bytes.fromHex("300104"))
                .entry(UNKNOWN, Bytes.EMPTY)
                .entry(UNKNOWN, Bytes.utf8("twice"))
                .build();

        CertificateTable read = CertificateTable.parse(table.encode());

        assertThat(read).isEqualTo(table).hasSameHashCodeAs(table);
        assertThat(read.vcek()).hasValue(DER);
        assertThat(read.vlek()).hasValue(Bytes.fromHex("300101"));
        assertThat(read.ask()).hasValue(Bytes.fromHex("300102"));
        assertThat(read.ark()).hasValue(Bytes.fromHex("300103"));
        assertThat(read.crl()).hasValue(Bytes.fromHex("300104"));
        assertThat(read.content(UNKNOWN)).hasValue(Bytes.EMPTY);
        assertThat(read.entries())
                .extracting(CertificateTable.Entry::name)
                .containsExactly("VCEK", "VLEK", "ASK", "ARK", "CRL", UNKNOWN.toString(), UNKNOWN.toString());
        assertThat(read)
                .hasToString("CertificateTable[VCEK of 3 bytes, VLEK of 3 bytes, ASK of 3 bytes, ARK of 3 bytes, "
                        + "CRL of 3 bytes, " + UNKNOWN + " of 0 bytes, " + UNKNOWN + " of 5 bytes]");
    }

    @Test
    void aTableIsWrittenInWholePagesWithNamesAsPrinted() {
        Bytes table = CertificateTable.builder().vcek(DER).build().encode();

        assertThat(table.size()).isEqualTo(4096);
        assertThat(table.slice(0, 51).hex())
                .isEqualTo("63da758de6644564adc5f4b93be8accd" + "30000000" + "03000000" + END + "300100");
        assertThat(table.slice(51, 4096).isZero()).isTrue();
        assertThat(CertificateTable.builder()
                        .vcek(Bytes.zeros(4096 - 2 * ENTRY))
                        .build()
                        .encode()
                        .size())
                .isEqualTo(4096);
        assertThat(CertificateTable.builder()
                        .vcek(Bytes.zeros(4097 - 2 * ENTRY))
                        .build()
                        .encode()
                        .size())
                .isEqualTo(8192);
        assertThat(CertificateTable.empty().encode()).isEqualTo(Bytes.zeros(4096));
    }

    @Test
    void theLargestTableIsOf1MiB() throws Exception {
        int content = CertificateTable.MAX_SIZE - 2 * ENTRY;
        CertificateTable largest =
                CertificateTable.builder().vcek(Bytes.zeros(content)).build();
        CertificateTable larger =
                CertificateTable.builder().vcek(Bytes.zeros(content + 1)).build();

        assertThat(largest.encode().size()).isEqualTo(1 << 20);
        assertThat(CertificateTable.parse(largest.encode())).isEqualTo(largest).isNotEqualTo(larger);
        assertThat(largest.hashCode()).isNotEqualTo(larger.hashCode());
        assertThatIllegalArgumentException()
                .isThrownBy(larger::encode)
                .withMessage("certificate table must be of at most 1048576 bytes, found 1048577");
    }

    @Test
    void namesAreReadInEitherOrderOfBytes() throws Exception {
        Map<String, UUID> mixed = Map.of(
                "8d75da6364e66445adc5f4b93be8accd", CertificateTable.VCEK,
                "c24b07a85aa23e48aae639c045a0b8a1", CertificateTable.VLEK,
                "79b3b74aacbbe44fa02f05aef327c782", CertificateTable.ASK,
                "a406b4c003a8524997433fb6014cd0ae", CertificateTable.ARK,
                "c31bf89211583d4d97ffd19f88dc67ea", CertificateTable.CRL);
        for (Map.Entry<String, UUID> name : mixed.entrySet()) {
            Bytes table = entry(name.getKey(), 48, 3).concat(END, DER);

            assertThat(CertificateTable.parse(table).entries())
                    .containsExactly(new CertificateTable.Entry(name.getValue(), DER));
        }
    }

    @Test
    void noBytesAndAnEndAtOnceAreNoEntries() throws Exception {
        assertThat(CertificateTable.parse(Bytes.EMPTY).entries()).isEmpty();
        assertThat(CertificateTable.parse(END).entries()).isEmpty();
        assertThat(CertificateTable.parse(END.concat(Bytes.utf8("whatever"))).entries())
                .isEmpty();
        assertThat(CertificateTable.parse(Bytes.zeros(4096))).isEqualTo(CertificateTable.empty());
    }

    @Test
    void pemIsReadAsDer() throws Exception {
        CertificateTable table = CertificateTable.builder()
                .vcek(Bytes.utf8(PEM))
                .crl(Bytes.utf8(PEM.replace("CERTIFICATE", "X509 CRL")))
                .build();

        assertThat(table.vcek()).hasValue(DER);
        assertThat(table.crl()).hasValue(DER);
        assertThat(table.content(CertificateTable.VCEK)).hasValue(Bytes.utf8(PEM));
    }

    @Test
    void anEntryThatIsAbsentOrOfNoBytesIsEmpty() throws Exception {
        CertificateTable table = CertificateTable.builder().vcek(Bytes.EMPTY).build();

        assertThat(table.vcek()).isEmpty();
        assertThat(table.vlek()).isEmpty();
        assertThat(table.ask()).isEmpty();
        assertThat(table.ark()).isEmpty();
        assertThat(table.crl()).isEmpty();
        assertThat(table.content(CertificateTable.VCEK)).hasValue(Bytes.EMPTY);
        assertThat(table.content(CertificateTable.VLEK)).isEmpty();
    }

    @Test
    void anEntryThatIsNotOneCertificateIsNamedWhenItIsAskedFor() {
        CertificateTable table = CertificateTable.builder()
                .vcek(Bytes.utf8("nonsense"))
                .ask(Bytes.utf8(PEM + PEM))
                .crl(Bytes.utf8(PEM))
                .build();

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(table::vcek)
                .withMessage("certificate table entry VCEK at offset 0x0: expected DER or PEM of a CERTIFICATE, "
                        + "found neither");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(table::ask)
                .withMessage("certificate table entry ASK: expected one CERTIFICATE, found 2");
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(table::crl);
    }

    @Test
    void contentsStandAnywhereBehindTheEntriesAndMayShareBytes() throws Exception {
        CertificateTable table = CertificateTable.parse(entry(CertificateTable.ARK, 73, 3)
                .concat(entry(CertificateTable.ASK, 72, 4), END, Bytes.fromHex("01300100ffffff")));

        assertThat(table.content(CertificateTable.ARK)).hasValue(DER);
        assertThat(table.content(CertificateTable.ASK)).hasValue(Bytes.fromHex("01300100"));
    }

    @Test
    void anEntryThatReachesIntoTheArrayIsRefused() {
        refused(
                entry(CertificateTable.VCEK, 47, 1).concat(END, DER),
                "certificate table entry offset at offset 0x10: expected at least 0x30, where the entries end, "
                        + "found 0x2f");
        refused(entry(CertificateTable.VCEK, 0, 0).concat(END), "certificate table entry offset at offset 0x10");
    }

    @Test
    void anEntryThatReachesPastTheEndIsRefused() {
        refused(
                entry(CertificateTable.VCEK, 48, 4).concat(END, DER),
                "certificate table entry length at offset 0x14: expected an end within 51 bytes, "
                        + "found offset 0x30 and length 0x4");
        refused(entry(CertificateTable.VCEK, 52, 0).concat(END, DER), "certificate table entry length");
        refused(entry(CertificateTable.VCEK, 0xFFFFFFFFL, 0).concat(END, DER), "certificate table entry length");
        refused(entry(CertificateTable.VCEK, 48, 0xFFFFFFFFL).concat(END, DER), "certificate table entry length");
        // In 32 bits these sums come to 0x30 and to 0x100.
        refused(entry(CertificateTable.VCEK, 0xFFFFFF00L, 0x130).concat(END, DER), "certificate table entry length");
        refused(entry(CertificateTable.VCEK, 0xFFFFFF00L, 0x200).concat(END, DER), "certificate table entry length");
    }

    @Test
    void entriesThatTogetherHaveMoreThanThereIsAreRefused() throws Exception {
        Bytes entries = entry(CertificateTable.ARK, 72, 2).concat(entry(CertificateTable.ASK, 72, 2), END);

        assertThat(CertificateTable.parse(entries.concat(Bytes.zeros(4))).entries())
                .hasSize(2);
        refused(
                entries.concat(Bytes.zeros(3)),
                "certificate table entry length at offset 0x2c: expected no more bytes in all entries than the table has "
                        + "behind them, found 1 more");
    }

    @Test
    void aTableThatDoesNotEndIsRefused() {
        refused(
                entry(CertificateTable.VCEK, 24, 0),
                "certificate table at offset 0x18: expected an all-zero entry of 24 bytes at the end of the entries, "
                        + "found 0 bytes");
        refused(Bytes.zeros(ENTRY - 1), "certificate table at offset 0x0");
        refused(entry(CertificateTable.VCEK, 47, 0).concat(Bytes.zeros(ENTRY - 1)), "certificate table at offset 0x18");
    }

    @Test
    void anEntryWithoutANameThatIsNotTheEndIsRefused() {
        refused(
                entry("00".repeat(16), 48, 0).concat(END),
                "certificate table entry at offset 0x0: expected a GUID, or zeros throughout to end the table");
    }

    @Test
    void aKnownNameThatStandsTwiceIsRefusedInWhateverOrder() {
        refused(
                entry(CertificateTable.VCEK, 72, 3).concat(entry(CertificateTable.VCEK, 72, 3), END, DER),
                "certificate table entry at offset 0x18: expected one VCEK, found another, after that at offset 0x0");
        refused(
                entry(CertificateTable.VCEK, 72, 3).concat(entry("8d75da6364e66445adc5f4b93be8accd", 72, 3), END, DER),
                "certificate table entry at offset 0x18: expected one VCEK, found another");
    }

    @Test
    void aTableWithTooManyEntriesIsRefused() throws Exception {
        Bytes full = Bytes.EMPTY;
        int end = ENTRY * (CertificateTable.MAX_ENTRIES + 1);
        for (int i = 0; i < CertificateTable.MAX_ENTRIES; i++) {
            full = full.concat(entry(UNKNOWN, end, 0));
        }

        assertThat(CertificateTable.parse(full.concat(END)).entries()).hasSize(CertificateTable.MAX_ENTRIES);
        refused(
                full.concat(entry(UNKNOWN, end + ENTRY, 0), END),
                "certificate table at offset 0x0: expected at most 64 entries, found more");
    }

    @Test
    void aTableThatIsTooLargeIsRefused() throws Exception {
        Bytes largest = Bytes.zeros(CertificateTable.MAX_SIZE);

        assertThat(CertificateTable.parse(largest).entries()).isEmpty();
        refused(largest.concat(Bytes.zeros(1)), "certificate table at offset 0x0: expected at most 1048576 bytes");
    }

    @Test
    void aTableThatCouldNotBeReadBackIsNotBuilt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateTable.builder().ask(DER).ask(DER))
                .withMessage("certificate table must have one ASK, found another");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateTable.builder().entry(new UUID(0, 0), DER));
        assertThatIllegalArgumentException().isThrownBy(() -> {
            CertificateTable.Builder builder = CertificateTable.builder();
            for (int i = 0; i <= CertificateTable.MAX_ENTRIES; i++) {
                builder.entry(UNKNOWN, DER);
            }
        });
        CertificateTable large = CertificateTable.builder()
                .crl(Bytes.zeros(CertificateTable.MAX_SIZE))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(large::encode)
                .withMessage("certificate table must be of at most 1048576 bytes, found 1048624");
    }

    private static void refused(Bytes table, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> CertificateTable.parse(table))
                .withMessageStartingWith(message);
    }

    private static Bytes entry(UUID guid, long offset, long length) {
        return entry(guid.toString().replace("-", ""), offset, length);
    }

    private static Bytes entry(String guid, long offset, long length) {
        return Bytes.fromHex(guid).concat(LittleEndian.u32(offset), LittleEndian.u32(length));
    }
}
