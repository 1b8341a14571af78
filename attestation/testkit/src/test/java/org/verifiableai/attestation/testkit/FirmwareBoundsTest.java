package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.testkit.SoftwareFirmware.u32;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.MetadataSection;
import org.verifiableai.attestation.snp.launch.SectionType;
import org.verifiableai.attestation.snp.launch.SvsmImage;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.SoftwareFirmware.Section;

/** The last value of a firmware's tables that is read, the first that is not, and the place that a refusal names. */
class FirmwareBoundsTest {

    private static final SoftwareFirmware OVMF = SoftwareFirmware.ovmf();
    private static final String PADDING = SoftwareFirmware.SVSM_INFO.replace('a', 'b');

    /** Offset of the SEV metadata in an image of 24 KiB. */
    private static final int METADATA = 0x6000 - 0x800;

    @Test
    void aMissingFooterIsNamedWithItsPlace() {
        refused(
                Bytes.zeros(4096),
                "firmware footer table at offset 0xfd0: expected the GUID de82b596b21ff745baeaa366c55a082d of its "
                        + "footer, found " + "00".repeat(16));
    }

    @ParameterizedTest
    @CsvSource({"17, true", "18, false", "24544, false", "24545, true"})
    void theFooterTableReachesFromItsFooterToTheStartOfTheImage(int size, boolean ofTheTable) {
        Bytes image = patch(OVMF.image(), 0x6000 - 50, u32(size).slice(0, 2));
        String table = "firmware footer table size at offset 0x5fce: expected from 18 to 24544 bytes, found " + size
                + " bytes";

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(image))
                .satisfies(e -> assertThat(e.getMessage().equals(table)).isEqualTo(ofTheTable));
    }

    @Test
    void anEntryOfAnImpossibleSizeIsNamedWithItsPlace() {
        int table = OVMF.image().unsigned(0x6000 - 50);
        int room = table - 18;
        for (int size : new int[] {0, 17, room + 1}) {
            refused(
                    patch(OVMF.image(), 0x6000 - 68, u32(size).slice(0, 2)),
                    "firmware footer table entry size at offset 0x5fbc: expected from 18 to " + room + " bytes, found "
                            + size + " bytes");
        }
    }

    @Test
    void aFirstEntryWithoutDataIsReadAndNoPadding() {
        SoftwareFirmware bare = OVMF.withoutEntry(PADDING)
                .withoutEntry(SoftwareFirmware.SEV_METADATA)
                .withEntry(SoftwareFirmware.HASH_TABLE, Bytes.EMPTY)
                .withEntry(SoftwareFirmware.SEV_METADATA, u32(0x800));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(bare.image()))
                .withMessageContaining("firmware hash table")
                .withMessageEndingWith("expected 8 bytes, found 0 bytes");
    }

    @Test
    void aSecondEntryIsNamedWithThePlaceOfItsName() {
        // Upper case makes it another key and the same bytes; the entry that is met second lies before the other.
        SoftwareFirmware twice = OVMF.withEntry(SoftwareFirmware.RESET_BLOCK.toUpperCase(Locale.ROOT), Bytes.zeros(4));

        refused(
                twice.image(),
                "firmware footer table at offset 0x5fa8: expected one entry of each GUID, found a second one of "
                        + "de71f7007e1acb4f890e68c77e2fb44e");
    }

    @ParameterizedTest
    @CsvSource({"15, false", "16, true", "24576, true", "24577, false"})
    void metadataLieWithinTheImage(long fromEnd, boolean inside) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(OVMF.withEntry(SoftwareFirmware.SEV_METADATA, u32(fromEnd))
                        .image()))
                .satisfies(e ->
                        assertThat(e.field()).isEqualTo("firmware SEV metadata " + (inside ? "signature" : "offset")));
    }

    @Test
    void eachRefusalOfTheMetadataNamesItsPlace() {
        Bytes good = OVMF.metadata();
        refused(
                OVMF.withMetadata(patch(good, 8, u32(2))).image(),
                "firmware SEV metadata version at offset 0x" + Integer.toHexString(METADATA + 8)
                        + ": expected 0x1, found 0x2");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(
                        OVMF.withMetadata(patch(good, 12, u32(100_000))).image()))
                .satisfies(e -> assertThat(e.offset()).isEqualTo(METADATA + 12));
        for (int size : new int[] {87, 2049}) {
            refused(
                    OVMF.withMetadata(patch(good, 4, u32(size))).image(),
                    "firmware SEV metadata size at offset 0x" + Integer.toHexString(METADATA + 4)
                            + ": expected from 88 to 2048 bytes, found " + size + " bytes");
        }
        refused(
                OVMF.withMetadata(patch(good, 16 + 12 + 8, u32(5))).image(),
                "firmware SEV metadata section type at offset 0x" + Integer.toHexString(METADATA + 16 + 12 + 8)
                        + ": expected 1, 2, 3, 4 or 0x10, found 0x5");
    }

    @ParameterizedTest
    @CsvSource({"88", "2048"})
    void theSizeOfTheMetadataMayReachToTheEndOfTheImage(int size) throws Exception {
        assertThat(FirmwareImage.parse(OVMF.withMetadata(patch(OVMF.metadata(), 4, u32(size)))
                                .image())
                        .sections())
                .hasSize(6);
    }

    @Test
    void sectionsAreOf64MiBInAllAtMost() throws Exception {
        Section largest = new Section(0, 64 << 20, 1);

        assertThat(FirmwareImage.parse(OVMF.withSections(largest).image()).sections())
                .hasSize(1);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(OVMF.withSections(largest, new Section(64 << 20, 4096, 1))
                        .image()))
                .withMessageContaining("at most 67108864 bytes in all, found 67112960");
    }

    @Test
    void aHashTableThatIsTooSmallIsNamedWithThePlaceOfItsSize() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(OVMF.withEntry(
                                SoftwareFirmware.HASH_TABLE, u32(0x810C00).concat(u32(175)))
                        .image()))
                // Behind it lie its own head, the reset block of 22 bytes, the footer and 32 bytes; before it, its
                // size.
                .withMessage(
                        "firmware hash table size at offset 0x" + Integer.toHexString(0x6000 - 32 - 18 - 22 - 18 - 4)
                                + ": expected at least 176 bytes, found 175 bytes");
    }

    @Test
    void aSectionMayEndAt4GiB() {
        assertThat(new MetadataSection(SectionType.SEC_MEM, 0xFFFFF000L, 0x1000).end())
                .isEqualTo(1L << 32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetadataSection(SectionType.SEC_MEM, 0xFFFFF000L, 0x2000));
    }

    @Test
    void theTypesOfSectionsHaveTheirNumbers() {
        assertThat(SectionType.values()).extracting(SectionType::code).containsExactly(1, 2, 3, 4, 0x10);
    }

    @Test
    void anSvsmMayLieDirectlyAboveItsSections() throws Exception {
        FirmwareImage image = FirmwareImage.parse(OVMF.image());
        long gpa = image.gpa() - 0x1000 - 0x3000;
        SvsmImage svsm = SvsmImage.parse(SoftwareFirmware.svsm()
                .withSections(new Section(gpa - 0x1000, 0x1000, 1))
                .image());

        assertThat(MeasuredFirmware.withSvsm(image, svsm, 0x1000).svsmEntry()).hasValue(gpa + 0x1040);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuredFirmware.withSvsm(image, svsm, 0x2000))
                .withMessageStartingWith("svsm at 0x" + Long.toHexString(gpa - 0x1000));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "16777216, true", "16781312, false", "-4096, false"})
    void aVariableStoreIsOf16MiBAtMost(long size, boolean taken) throws Exception {
        FirmwareImage image = FirmwareImage.parse(OVMF.image());
        SvsmImage svsm = SvsmImage.parse(SoftwareFirmware.svsm().image());

        if (taken) {
            assertThat(MeasuredFirmware.withSvsm(image, svsm, size).svsmEntry())
                    .hasValue(image.gpa() - size - 0x3000 + 0x1040);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> MeasuredFirmware.withSvsm(image, svsm, size));
        }
    }

    @Test
    void anAddressLiesBelow4GiB() throws Exception {
        MeasuredFirmware measured = MeasuredFirmware.of(FirmwareImage.parse(OVMF.image()));
        for (String address : new String[] {"0x0", "0xffffffff"}) {
            assertThat(MeasuredFirmware.fromJson(measured.toJson().replace("0x80b004", address))
                            .resetEip())
                    .hasValue(Long.decode(address));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuredFirmware.fromJson(measured.toJson().replace("0x80b004", "0x100000000")))
                .withMessageEndingWith("must be an address below 4 GiB, found 0x100000000");
    }

    @Test
    void measuredFirmwareIsEqualByWhatIsMeasured() throws Exception {
        FirmwareImage image = FirmwareImage.parse(OVMF.image());
        MeasuredFirmware measured = MeasuredFirmware.of(image);
        MeasuredFirmware other = MeasuredFirmware.of(image, Bytes.zeros(48));

        assertThat(measured.measuresKernel()).isTrue();
        assertThat(measured).isEqualTo(MeasuredFirmware.of(image)).hasSameHashCodeAs(MeasuredFirmware.of(image));
        assertThat(measured).isNotEqualTo(other);
        assertThat(measured.hashCode()).isNotEqualTo(other.hashCode());
        assertThat(measured.toString()).contains(measured.pagesDigest().hex(), "SECRETS of 0x1000 bytes at 0x80d000");
        assertThat(image.toString()).isNotEmpty();
        assertThat(SvsmImage.parse(SoftwareFirmware.svsm().image()).toString()).isNotEmpty();
    }

    @Test
    void configurationsAreEqualByWhatTheyLaunch() throws Exception {
        LaunchConfiguration one = launch(1);
        LaunchConfiguration two = launch(2);

        assertThat(one).isEqualTo(launch(1)).hasSameHashCodeAs(launch(1)).isNotEqualTo(two);
        assertThat(one.hashCode()).isNotEqualTo(two.hashCode());
    }

    @Test
    void aDocumentIsOf1MiBAtMost() throws Exception {
        String json = launch(1).toJson();
        String largest = json + " ".repeat((1 << 20) - json.length());

        assertThat(LaunchConfiguration.fromJson(largest)).isEqualTo(launch(1));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> LaunchConfiguration.fromJson(largest + " "));
    }

    private static LaunchConfiguration launch(int vcpus) throws MalformedEvidenceException {
        return LaunchConfiguration.builder("a test")
                .vmm(Vmm.QEMU)
                .firmware(MeasuredFirmware.of(FirmwareImage.parse(OVMF.image())))
                .vcpu(VcpuSignature.ofType("EPYC"))
                .vcpus(vcpus)
                .build();
    }

    private static Bytes patch(Bytes whole, int at, Bytes value) {
        return whole.slice(0, at).concat(value, whole.slice(at + value.size(), whole.size()));
    }

    private static void refused(Bytes image, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(image))
                .withMessage(message);
    }
}
