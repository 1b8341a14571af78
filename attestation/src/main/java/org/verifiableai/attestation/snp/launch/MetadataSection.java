package org.verifiableai.attestation.snp.launch;

/**
 * A section of the SEV metadata of a firmware or of an SVSM.
 *
 * @param type what it is for
 * @param gpa the guest physical address of its first byte, a multiple of 4096 below 4 GiB
 * @param size its length in bytes, a positive multiple of 4096
 */
public record MetadataSection(SectionType type, long gpa, long size) {

    private static final long LIMIT = 1L << 32;

    /**
     * Checks that the section lies on whole pages below 4 GiB.
     *
     * @throws IllegalArgumentException if it does not
     */
    public MetadataSection {
        if (gpa < 0 || size <= 0 || gpa % LaunchDigest.PAGE != 0 || size % LaunchDigest.PAGE != 0) {
            throw new IllegalArgumentException("section must be of whole pages, found " + describe(type, gpa, size));
        }
        if (gpa >= LIMIT || size > LIMIT - gpa) {
            throw new IllegalArgumentException("section must end below 4 GiB, found " + describe(type, gpa, size));
        }
    }

    /** The guest physical address behind its last byte. */
    public long end() {
        return gpa + size;
    }

    /** Such as {@code SEC_MEM of 0x9000 bytes at 0x800000}. */
    @Override
    public String toString() {
        return describe(type, gpa, size);
    }

    private static String describe(SectionType type, long gpa, long size) {
        return type + " of 0x" + Long.toHexString(size) + " bytes at 0x" + Long.toHexString(gpa);
    }
}
