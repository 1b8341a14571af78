package org.verifiableai.attestation.snp.launch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What a launch measurement needs of a firmware once its pages are hashed: the launch digest that they come to, and the
 * few facts of its tables. Small enough for a policy, which then needs no image. With an SVSM beneath the firmware the
 * digest covers the pages of both, and the facts are those of the SVSM's tables.
 *
 * <p>Immutable and thread-safe. It is the word of whoever made it: nothing in it shows that an image of these facts
 * exists.
 */
public final class MeasuredFirmware {

    private static final long FOUR_GIB = 1L << 32;

    private final Bytes pagesDigest;
    private final List<MetadataSection> sections;
    private final @Nullable Long hashTableGpa;
    private final @Nullable Long resetEip;
    private final @Nullable Long svsmEntry;

    MeasuredFirmware(
            Bytes pagesDigest,
            List<MetadataSection> sections,
            @Nullable Long hashTableGpa,
            @Nullable Long resetEip,
            @Nullable Long svsmEntry) {
        if (pagesDigest.size() != LaunchDigest.SIZE) {
            throw new IllegalArgumentException(
                    "firmware pages digest must be of " + LaunchDigest.SIZE + " bytes, found " + pagesDigest.size());
        }
        if ((resetEip == null) == (svsmEntry == null)) {
            throw new IllegalArgumentException("firmware must have either resetEip or svsmEntry, found "
                    + (resetEip == null ? "neither" : "both"));
        }
        this.pagesDigest = pagesDigest;
        this.sections = SevMetadata.checked(sections);
        this.hashTableGpa = address("hashTableGpa", hashTableGpa);
        this.resetEip = address("resetEip", resetEip);
        this.svsmEntry = address("svsmEntry", svsmEntry);
    }

    /** Hashes the pages of {@code image} and keeps the rest. */
    public static MeasuredFirmware of(FirmwareImage image) {
        return of(image, image.pagesDigest());
    }

    /**
     * Takes the tables of {@code image} and the digest of pages that the caller knows already, for example from a build of
     * the same layout. The pages of {@code image} do not count.
     *
     * @param pagesDigest the launch digest after the pages of the firmware, 48 bytes
     * @throws IllegalArgumentException if it is not of 48 bytes
     */
    public static MeasuredFirmware of(FirmwareImage image, Bytes pagesDigest) {
        OptionalLong hashTable = image.hashTableGpa();
        return new MeasuredFirmware(
                pagesDigest,
                image.sections(),
                hashTable.isPresent() ? hashTable.getAsLong() : null,
                image.resetEip(),
                null);
    }

    /**
     * Hashes the pages of {@code image} and then those of {@code svsm}, which lies below it, as QEMU loads them.
     *
     * @param varsSize the size of the firmware's variable store in bytes, which lies between the two and is not measured;
     *     a multiple of 4096
     * @throws IllegalArgumentException if it is not, or if the SVSM does not lie clear of its own sections there
     */
    public static MeasuredFirmware withSvsm(FirmwareImage image, SvsmImage svsm, long varsSize) {
        return withSvsm(image, image.pagesDigest(), svsm, varsSize);
    }

    /**
     * The same with a digest of the firmware's pages that the caller knows already; of {@code image} the size counts.
     *
     * @param pagesDigest the launch digest after the pages of the firmware and before those of the SVSM, 48 bytes
     * @param varsSize the size of the firmware's variable store in bytes, a multiple of 4096
     * @throws IllegalArgumentException if one of them is not as it should be, or if the SVSM does not lie clear of its own
     *     sections
     */
    public static MeasuredFirmware withSvsm(FirmwareImage image, Bytes pagesDigest, SvsmImage svsm, long varsSize) {
        if (pagesDigest.size() != LaunchDigest.SIZE) {
            throw new IllegalArgumentException(
                    "firmware pages digest must be of " + LaunchDigest.SIZE + " bytes, found " + pagesDigest.size());
        }
        if (varsSize < 0 || varsSize % LaunchDigest.PAGE != 0 || varsSize > LaunchImage.MAX_SIZE) {
            throw new IllegalArgumentException("size of the variable store must be of whole pages and at most "
                    + LaunchImage.MAX_SIZE + " bytes, found " + varsSize);
        }
        long gpa = image.gpa() - varsSize - svsm.size();
        for (MetadataSection section : svsm.sections()) {
            if (section.end() > gpa) {
                throw new IllegalArgumentException(
                        "svsm at 0x" + Long.toHexString(gpa) + " must lie above its sections, found " + section);
            }
        }
        return new MeasuredFirmware(
                svsm.digestAfter(pagesDigest, gpa), svsm.sections(), null, null, gpa + svsm.entryOffset());
    }

    /**
     * Reads the form of {@link #toJson()}. Unknown members are refused by name.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be a firmware
     */
    public static MeasuredFirmware fromJson(String json) throws MalformedEvidenceException {
        return MeasuredFirmwareJson.read(json);
    }

    /** The facts as one JSON object; addresses and sizes are hex. */
    public String toJson() {
        return MeasuredFirmwareJson.write(this);
    }

    /** The launch digest after the pages of the firmware, and of the SVSM if there is one; 48 bytes. */
    public Bytes pagesDigest() {
        return pagesDigest;
    }

    /** The sections that are measured next, in order. */
    public List<MetadataSection> sections() {
        return sections;
    }

    /** The guest physical address at which the firmware looks for the hashes of a kernel; empty if it does not look. */
    public OptionalLong hashTableGpa() {
        return optional(hashTableGpa);
    }

    /** The address at which processors but the first start; empty with an SVSM. */
    public OptionalLong resetEip() {
        return optional(resetEip);
    }

    /** The address at which all processors start in an SVSM; empty without one. */
    public OptionalLong svsmEntry() {
        return optional(svsmEntry);
    }

    /**
     * Whether a kernel that the host hands to this firmware is measured. It is not if the metadata have no KERNEL_HASHES
     * section of one page, or if the firmware looks for the hashes elsewhere.
     */
    public boolean measuresKernel() {
        return kernelDefect().isEmpty();
    }

    /** Why a kernel is not measured. */
    Optional<String> kernelDefect() {
        Optional<MetadataSection> page = sections.stream()
                .filter(section -> section.type() == SectionType.KERNEL_HASHES)
                .findFirst();
        if (page.isEmpty()) {
            return Optional.of("the firmware's metadata have no KERNEL_HASHES section");
        }
        if (page.get().size() != LaunchDigest.PAGE) {
            return Optional.of("the firmware's metadata have " + page.get());
        }
        if (hashTableGpa == null) {
            return Optional.of("the firmware has no hash table");
        }
        if (hashTableGpa < page.get().gpa()
                || hashTableGpa + KernelHashes.TABLE_SIZE > page.get().end()) {
            return Optional.of("the firmware's hash table at 0x" + Long.toHexString(hashTableGpa)
                    + " does not lie within " + page.get());
        }
        return Optional.empty();
    }

    private static @Nullable Long address(String name, @Nullable Long address) {
        if (address != null && (address < 0 || address >= FOUR_GIB)) {
            throw new IllegalArgumentException(
                    name + " must be an address below 4 GiB, found 0x" + Long.toHexString(address));
        }
        return address;
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MeasuredFirmware that
                && pagesDigest.equals(that.pagesDigest)
                && sections.equals(that.sections)
                && Objects.equals(hashTableGpa, that.hashTableGpa)
                && Objects.equals(resetEip, that.resetEip)
                && Objects.equals(svsmEntry, that.svsmEntry);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pagesDigest, sections, hashTableGpa, resetEip, svsmEntry);
    }

    @Override
    public String toString() {
        return "MeasuredFirmware[pages digest " + pagesDigest + ", sections " + sections + "]";
    }
}
