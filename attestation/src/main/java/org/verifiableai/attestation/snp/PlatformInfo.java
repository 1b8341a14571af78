package org.verifiableai.attestation.snp;

/**
 * PLATFORM_INFO: how the machine is configured (ABI, attestation report). Firmware updates name further bits, so an
 * unknown one is no defect.
 *
 * @param raw all 64 bits
 */
public record PlatformInfo(long raw) {

    private static final int FIRST_UNKNOWN = 8;

    /** Bit 0: simultaneous multithreading is on. */
    public boolean smtEnabled() {
        return bit(0);
    }

    /** Bit 1: transparent memory encryption is on. */
    public boolean tsmeEnabled() {
        return bit(1);
    }

    /** Bit 2: memory has error correction. */
    public boolean eccEnabled() {
        return bit(2);
    }

    /** Bit 3: running average power limiting is off. */
    public boolean raplDisabled() {
        return bit(3);
    }

    /** Bit 4: ciphertext hiding is on. */
    public boolean ciphertextHidingEnabled() {
        return bit(4);
    }

    /** Bit 5: no memory aliases have been found since reset, the mitigation of BadRAM. */
    public boolean aliasCheckComplete() {
        return bit(5);
    }

    /** Bit 6: published tools name it IOMMU write safe. */
    public boolean iommuWriteSafe() {
        return bit(6);
    }

    /** Bit 7: SEV-TIO is on. */
    public boolean tioEnabled() {
        return bit(7);
    }

    /** The bits that have no name yet, in place. */
    public long unknownBits() {
        return (raw >>> FIRST_UNKNOWN) << FIRST_UNKNOWN;
    }

    private boolean bit(int index) {
        return ((raw >>> index) & 1) != 0;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(raw);
    }
}
