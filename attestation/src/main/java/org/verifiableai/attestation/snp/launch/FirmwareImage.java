package org.verifiableai.attestation.snp.launch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * The image of a guest firmware such as OVMF, and the tables in it that a virtual machine monitor reads at launch.
 * Immutable and thread-safe. It holds the whole image; {@link MeasuredFirmware} is what is left of it once its pages are
 * hashed.
 */
public final class FirmwareImage {

    private static final Bytes RESET_BLOCK = LittleEndian.guid("00f771de-1a7e-4fcb-890e-68c77e2fb44e");
    private static final Bytes HASH_TABLE = LittleEndian.guid("7255371f-3a3b-4b04-927b-1da6efa8d454");

    private final LaunchImage image;
    private final long resetEip;
    private final OptionalLong hashTableGpa;

    private FirmwareImage(LaunchImage image, long resetEip, OptionalLong hashTableGpa) {
        this.image = image;
        this.resetEip = resetEip;
        this.hashTableGpa = hashTableGpa;
    }

    /**
     * Reads an image of whole pages, at most 16 MiB. It must have the footer table of OVMF with SEV metadata and the
     * address at which application processors start, without which no SEV-SNP guest is launched from it.
     *
     * @throws MalformedEvidenceException if it is longer, is not of whole pages, lacks one of these tables, or a table is
     *     not of the form that OVMF gives it; among them sections that overlap each other or the image
     */
    public static FirmwareImage parse(Bytes bytes) throws MalformedEvidenceException {
        LaunchImage image = LaunchImage.parse("firmware", bytes);
        for (MetadataSection section : image.sections()) {
            if (section.end() > base(bytes.size())) {
                throw new MalformedEvidenceException(
                        "firmware SEV metadata section",
                        MalformedEvidenceException.NO_OFFSET,
                        "a section below the firmware at 0x" + Long.toHexString(base(bytes.size())),
                        section.toString());
            }
        }
        long resetEip = image.table().numbers("firmware AP reset address", RESET_BLOCK, 1)[0];
        return new FirmwareImage(image, resetEip, hashTable(image.table()));
    }

    private static OptionalLong hashTable(FooterTable table) throws MalformedEvidenceException {
        Optional<FooterTable.Entry> entry = table.find(HASH_TABLE);
        if (entry.isEmpty()) {
            return OptionalLong.empty();
        }
        long[] gpaAndSize = FooterTable.numbers("firmware hash table", entry.get(), 2);
        // OVMF builds that cannot measure a kernel have the entry with zeros.
        if (gpaAndSize[0] == 0) {
            return OptionalLong.empty();
        }
        if (gpaAndSize[1] < KernelHashes.TABLE_SIZE) {
            throw new MalformedEvidenceException(
                    "firmware hash table size",
                    entry.get().offset() + 4,
                    "at least " + KernelHashes.TABLE_SIZE + " bytes",
                    gpaAndSize[1] + " bytes");
        }
        return OptionalLong.of(gpaAndSize[0]);
    }

    /** The length of the image in bytes. */
    public int size() {
        return image.size();
    }

    /** The guest physical address of the image's first byte; its last lies just below 4 GiB. */
    public long gpa() {
        return base(size());
    }

    /** The sections of the SEV metadata, in the order of the table. */
    public List<MetadataSection> sections() {
        return image.sections();
    }

    /** The guest physical address at which the firmware looks for the hashes of a kernel; empty if it does not look. */
    public OptionalLong hashTableGpa() {
        return hashTableGpa;
    }

    /** The address at which processors but the first start, 32 bits. */
    public long resetEip() {
        return resetEip;
    }

    /**
     * The launch digest after the pages of the image, 48 bytes; other tools call it the OVMF hash. It takes one SHA-384
     * over each page, and is computed anew on each call.
     */
    public Bytes pagesDigest() {
        return image.digestAfter(LaunchDigest.EMPTY, gpa());
    }

    private static long base(int size) {
        return (1L << 32) - size;
    }

    @Override
    public String toString() {
        return "FirmwareImage[" + size() + " bytes, sections " + sections() + "]";
    }
}
