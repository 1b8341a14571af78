package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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

class FirmwareImageTest {

    private static final SoftwareFirmware OVMF = SoftwareFirmware.ovmf();

    /** Where the footer's own header begins, counted from the end of an image: u16 size and GUID. */
    private static final int FOOTER = 50;

    @Test
    void tablesAreReadFromTheEndOfTheImage() throws Exception {
        FirmwareImage image = FirmwareImage.parse(OVMF.image());

        assertThat(image.size()).isEqualTo(0x6000);
        assertThat(image.gpa()).isEqualTo(0xFFFFA000L);
        assertThat(image.resetEip()).isEqualTo(0x80B004);
        assertThat(image.hashTableGpa()).hasValue(0x810C00);
        assertThat(image.sections())
                .containsExactly(
                        new MetadataSection(SectionType.SEC_MEM, 0x800000, 0x9000),
                        new MetadataSection(SectionType.SECRETS, 0x80D000, 0x1000),
                        new MetadataSection(SectionType.CPUID, 0x80E000, 0x1000),
                        new MetadataSection(SectionType.SVSM_CAA, 0x80F000, 0x1000),
                        new MetadataSection(SectionType.KERNEL_HASHES, 0x810000, 0x1000),
                        new MetadataSection(SectionType.SEC_MEM, 0x811000, 0x2000));
    }

    @Test
    void tablesOfAnSvsmAreReadFromTheEndOfTheImage() throws Exception {
        SvsmImage svsm = SvsmImage.parse(SoftwareFirmware.svsm().image());

        assertThat(svsm.size()).isEqualTo(0x3000);
        assertThat(svsm.entryOffset()).isEqualTo(0x1040);
        assertThat(svsm.sections()).hasSize(3);
        MeasuredFirmware firmware = MeasuredFirmware.withSvsm(FirmwareImage.parse(OVMF.image()), svsm, 0x1000);
        assertThat(firmware.svsmEntry()).hasValue(0xFFFFA000L - 0x1000 - 0x3000 + 0x1040);
        assertThat(firmware.resetEip()).isEmpty();
        assertThat(firmware.sections()).isEqualTo(svsm.sections());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4097, 16 * 1024 * 1024 + 4096})
    void anImageThatIsNotOfAFewWholePagesIsRefused(int size) {
        assertRefused(Bytes.zeros(size), "whole pages");
    }

    @Test
    void theLargestImageIsRead() throws Exception {
        assertThat(FirmwareImage.parse(OVMF.withSize(16 << 20).image()).size()).isEqualTo(16 << 20);
    }

    @Test
    void anImageWithoutAFooterIsRefused() {
        assertRefused(Bytes.zeros(4096), "firmware footer table");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17, 65535})
    void aFooterTableOfAnImpossibleSizeIsRefused(int size) {
        assertRefused(
                patch(OVMF.image(), FOOTER, SoftwareFirmware.u32(size).slice(0, 2)), "firmware footer table size");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17, 500, 65535})
    void anEntryOfAnImpossibleSizeIsRefused(int size) {
        // The entry before the footer.
        assertRefused(
                patch(OVMF.image(), FOOTER + 18, SoftwareFirmware.u32(size).slice(0, 2)),
                "firmware footer table entry size");
    }

    @Test
    void aFewBytesBeforeTheFirstEntryArePadding() throws Exception {
        Bytes image = OVMF.image();
        int size = image.unsigned(image.size() - FOOTER);

        Bytes padded = patch(image, FOOTER, SoftwareFirmware.u32(size + 17).slice(0, 2));

        assertThat(FirmwareImage.parse(padded).sections()).hasSize(6);
    }

    @Test
    void twoEntriesOfOneGuidAreRefused() {
        // Upper case makes it another key and the same bytes.
        SoftwareFirmware twice = OVMF.withEntry(SoftwareFirmware.RESET_BLOCK.toUpperCase(Locale.ROOT), Bytes.zeros(4));

        assertRefused(twice.image(), "one entry of each GUID");
    }

    @ParameterizedTest
    @CsvSource({
        SoftwareFirmware.SEV_METADATA + ", firmware SEV metadata offset",
        SoftwareFirmware.RESET_BLOCK + ", firmware AP reset address"
    })
    void aMissingEntryIsRefused(String guid, String field) {
        assertRefused(OVMF.withoutEntry(guid).image(), field);
    }

    @ParameterizedTest
    @CsvSource({
        SoftwareFirmware.SEV_METADATA + ", firmware SEV metadata offset",
        SoftwareFirmware.RESET_BLOCK + ", firmware AP reset address",
        SoftwareFirmware.HASH_TABLE + ", firmware hash table"
    })
    void anEntryOfAnotherLengthIsRefused(String guid, String field) {
        for (int size : new int[] {0, 3, 5, 7, 9}) {
            assertRefused(OVMF.withEntry(guid, Bytes.zeros(size)).image(), field);
        }
    }

    @Test
    void aHashTableIsNotThereIfItsEntryIsMissingOrZero() throws Exception {
        for (SoftwareFirmware without : new SoftwareFirmware[] {
            OVMF.withoutEntry(SoftwareFirmware.HASH_TABLE), OVMF.withEntry(SoftwareFirmware.HASH_TABLE, Bytes.zeros(8))
        }) {
            FirmwareImage image = FirmwareImage.parse(without.image());

            assertThat(image.hashTableGpa()).isEmpty();
            assertThat(MeasuredFirmware.of(image).measuresKernel()).isFalse();
        }
    }

    @Test
    void aHashTableThatIsTooSmallIsRefused() {
        assertRefused(
                OVMF.withEntry(
                                SoftwareFirmware.HASH_TABLE,
                                SoftwareFirmware.u32(0x810C00).concat(SoftwareFirmware.u32(175)))
                        .image(),
                "firmware hash table size");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x80FFFF, 0x810F51, 0x811000, 0xFFFFFFFFL})
    void aHashTableThatDoesNotLieInItsSectionHoldsNoKernel(long gpa) throws Exception {
        MeasuredFirmware firmware = MeasuredFirmware.of(FirmwareImage.parse(OVMF.withEntry(
                        SoftwareFirmware.HASH_TABLE, SoftwareFirmware.u32(gpa).concat(SoftwareFirmware.u32(0x400)))
                .image()));

        assertThat(firmware.measuresKernel()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> launch(firmware).kernel(Bytes.EMPTY).build())
                .withMessageContaining("does not lie within KERNEL_HASHES of 0x1000 bytes at 0x810000");
        assertThat(launch(firmware).build().measurement().size()).isEqualTo(48);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x810000, 0x810F50})
    void aHashTableMayLieAnywhereInItsSection(long gpa) throws Exception {
        MeasuredFirmware firmware = MeasuredFirmware.of(FirmwareImage.parse(OVMF.withEntry(
                        SoftwareFirmware.HASH_TABLE, SoftwareFirmware.u32(gpa).concat(SoftwareFirmware.u32(176)))
                .image()));

        assertThat(launch(firmware).kernel(Bytes.EMPTY).build().measurement().size())
                .isEqualTo(48);
    }

    @Test
    void aKernelNeedsASectionOfOnePageForItsHashes() throws Exception {
        MeasuredFirmware none = measured(OVMF.withSections(new Section(0x800000, 0x1000, 1)));
        MeasuredFirmware two = measured(OVMF.withSections(new Section(0x810000, 0x2000, 0x10)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> launch(none).kernel(Bytes.EMPTY).build())
                .withMessage("kernel must come with a firmware that measures it, but the firmware's metadata have no"
                        + " KERNEL_HASHES section");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> launch(two).kernel(Bytes.EMPTY).build())
                .withMessageContaining("KERNEL_HASHES of 0x2000 bytes");
        MeasuredFirmware twoOfMemory = MeasuredFirmware.of(
                FirmwareImage.parse(
                        OVMF.withSections(new Section(0x810000, 0x2000, 1)).image()),
                two.pagesDigest());
        assertThat(launch(two).build().measurement())
                .as("without a kernel they are two zero pages")
                .isEqualTo(launch(twoOfMemory).build().measurement());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15, 0x6001, 0xFFFFFFFFL})
    void metadataOutsideTheImageAreRefused(long fromEnd) {
        assertRefused(
                OVMF.withEntry(SoftwareFirmware.SEV_METADATA, SoftwareFirmware.u32(fromEnd))
                        .image(),
                "firmware SEV metadata offset");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 54455356, signature",
        "4, 57000000, size",
        "4, 01080000, size",
        "4, ffffffff, size",
        "8, 00000000, version",
        "8, 02000000, version",
        "12, 41000000, count",
        "12, ffffffff, count"
    })
    void aMetadataHeaderThatIsWrongIsRefused(int offset, String value, String field) {
        Bytes metadata = OVMF.metadata();
        Bytes changed =
                metadata.slice(0, offset).concat(Bytes.fromHex(value), metadata.slice(offset + 4, metadata.size()));

        assertRefused(OVMF.withMetadata(changed).image(), "firmware SEV metadata " + field);
    }

    @ParameterizedTest
    @CsvSource({
        "0x800000, 0x1000, 0, section type",
        "0x800000, 0x1000, 5, section type",
        "0x800000, 0x1000, 0x11, section type",
        "0x800000, 0x1000, 0xffffffff, section type",
        "0x800001, 0x1000, 1, whole pages",
        "0x800000, 0x1001, 1, whole pages",
        "0x800000, 0, 1, whole pages",
        "0xfffff000, 0x2000, 1, below 4 GiB",
        "0xffffa000, 0x1000, 1, below the firmware",
        "0xffff9000, 0x2000, 1, below the firmware",
        "0x800000, 0x2000, 2, of one page",
        "0x800000, 0x2000, 3, of one page",
        "0x800000, 0x4001000, 1, in all"
    })
    void aSectionThatNoLaunchCanHaveIsRefused(String gpa, String size, String type, String expected) {
        assertRefused(
                OVMF.withSections(new Section(Long.decode(gpa), Long.decode(size), Long.decode(type)))
                        .image(),
                expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 0x10})
    void aSecondSectionOfAKindThatIsThereOnceIsRefused(int type) {
        assertRefused(
                OVMF.withSections(new Section(0x800000, 0x1000, type), new Section(0x900000, 0x1000, type))
                        .image(),
                "the only one of its type");
    }

    @Test
    void sectionsThatOverlapAreRefused() {
        Section memory = new Section(0x801000, 0x2000, 1);
        for (long gpa : new long[] {0x800000, 0x801000, 0x802000}) {
            assertRefused(OVMF.withSections(memory, new Section(gpa, 0x2000, 4)).image(), "must not overlap");
        }
    }

    @Test
    void sectionsThatTouchAreRead() throws Exception {
        assertThat(measured(OVMF.withSections(
                                new Section(0x801000, 0x2000, 1),
                                new Section(0x803000, 0x2000, 4),
                                new Section(0x800000, 0x1000, 1),
                                new Section(0xFFFF9000L, 0x1000, 1)))
                        .sections())
                .hasSize(4);
    }

    @Test
    void asManySectionsAsAreReadAndOneMore() throws Exception {
        Section[] sections = new Section[65];
        Arrays.setAll(sections, i -> new Section(0x800000 + i * 0x1000L, 0x1000, 1));

        assertThat(measured(OVMF.withSections(Arrays.copyOf(sections, 64))).sections())
                .hasSize(64);
        assertRefused(OVMF.withSections(sections).image(), "firmware SEV metadata count");
    }

    @Test
    void anSvsmWithoutAnEntryPointOrWithOneOutsideIsRefused() {
        SoftwareFirmware svsm = SoftwareFirmware.svsm();

        assertSvsmRefused(svsm.withoutEntry(SoftwareFirmware.SVSM_INFO), "svsm entry offset");
        assertSvsmRefused(
                svsm.withEntry(SoftwareFirmware.SVSM_INFO, SoftwareFirmware.u32(0x3000)), "svsm entry offset");
        assertSvsmRefused(svsm.withSize(0x3001), "whole pages");
    }

    @ParameterizedTest
    @ValueSource(longs = {-4096, 1, 16 * 1024 * 1024 + 4096, Long.MAX_VALUE, Long.MIN_VALUE})
    void aVariableStoreOfAnImpossibleSizeIsWrong(long size) throws Exception {
        FirmwareImage image = FirmwareImage.parse(OVMF.image());
        SvsmImage svsm = SvsmImage.parse(SoftwareFirmware.svsm().image());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuredFirmware.withSvsm(image, svsm, size))
                .withMessageContaining("variable store");
    }

    @Test
    void anSvsmThatLiesOnItsOwnSectionsIsWrong() throws Exception {
        FirmwareImage image = FirmwareImage.parse(OVMF.image());
        SvsmImage svsm = SvsmImage.parse(SoftwareFirmware.svsm()
                .withSections(new Section(0xFFFF7000L, 0x1000, 1))
                .image());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuredFirmware.withSvsm(image, svsm, 0))
                .withMessageContaining("above its sections");
    }

    @Test
    void randomChangesOfTheTablesEndInATypedRejectionOrAMeasurement() {
        Random random = new Random(20261124);
        byte[] ovmf = OVMF.image().toByteArray();
        byte[] svsm = SoftwareFirmware.svsm().image().toByteArray();
        int measured = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] image = (round % 2 == 0 ? ovmf : svsm).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                // The tables lie in the last half page and this is where a change matters.
                int at = image.length - 1 - random.nextInt(random.nextBoolean() ? 0x120 : 0x800);
                image[at] = (byte) (random.nextBoolean() ? random.nextInt() : image[at] ^ (1 << random.nextInt(8)));
            }
            try {
                MeasuredFirmware firmware = round % 2 == 0
                        ? MeasuredFirmware.of(FirmwareImage.parse(Bytes.of(image)))
                        : svsm(Bytes.of(image));
                if (launch(firmware).build().measurement().size() == 48) {
                    measured++;
                }
            } catch (MalformedEvidenceException e) {
                assertThat(e.getMessage()).contains("expected").hasSizeLessThan(600);
            }
        }
        assertThat(measured).as("some changes fall on what no table says").isBetween(400, 3600);
    }

    /** The rejection of an SVSM that cannot lie where it would is a caller's mistake, and not a parser's finding. */
    private static MeasuredFirmware svsm(Bytes image) throws MalformedEvidenceException {
        FirmwareImage firmware = FirmwareImage.parse(OVMF.image());
        SvsmImage svsm = SvsmImage.parse(image);
        try {
            return MeasuredFirmware.withSvsm(firmware, svsm, 0x84000);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("above its sections");
            throw new MalformedEvidenceException("svsm", 0, "a place", "none");
        }
    }

    private static LaunchConfiguration.Builder launch(MeasuredFirmware firmware) {
        return LaunchConfiguration.builder("a test")
                .vmm(Vmm.QEMU)
                .firmware(firmware)
                .vcpu(VcpuSignature.ofType("EPYC"))
                .vcpus(2);
    }

    private static MeasuredFirmware measured(SoftwareFirmware firmware) throws MalformedEvidenceException {
        return MeasuredFirmware.of(FirmwareImage.parse(firmware.image()));
    }

    private static Bytes patch(Bytes image, int fromEnd, Bytes value) {
        int at = image.size() - fromEnd;
        return image.slice(0, at).concat(value, image.slice(at + value.size(), image.size()));
    }

    private static void assertRefused(Bytes image, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FirmwareImage.parse(image))
                .withMessageContaining(message);
    }

    private static void assertSvsmRefused(SoftwareFirmware svsm, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SvsmImage.parse(svsm.image()))
                .withMessageContaining(message);
    }
}
