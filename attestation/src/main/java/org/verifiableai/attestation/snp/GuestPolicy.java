package org.verifiableai.attestation.snp;

/**
 * The POLICY that the guest's owner gave at launch and the firmware enforces (ABI, guest policy). Bits that say
 * "allowed" loosen, bits that say "required" tighten.
 *
 * @param raw all 64 bits
 */
public record GuestPolicy(long raw) {

    private static final int ABI_MAJOR_SHIFT = 8;
    private static final int SMT = 16;
    private static final int MIGRATE_MA = 18;
    private static final int DEBUG = 19;
    private static final int SINGLE_SOCKET = 20;
    private static final int CXL = 21;
    private static final int MEM_AES_256_XTS = 22;
    private static final int RAPL_DIS = 23;
    private static final int CIPHERTEXT_HIDING = 24;
    private static final int PAGE_SWAP_DISABLE = 25;
    private static final int FIRST_UNKNOWN = 26;

    /** The least minor version of the ABI. */
    public int abiMinor() {
        return (int) raw & 0xFF;
    }

    /** The least major version of the ABI. */
    public int abiMajor() {
        return (int) (raw >>> ABI_MAJOR_SHIFT) & 0xFF;
    }

    /** Bit 16: the host may run the guest with simultaneous multithreading. */
    public boolean smtAllowed() {
        return bit(SMT);
    }

    /** Bit 18: a migration agent may be bound to the guest. */
    public boolean migrateMaAllowed() {
        return bit(MIGRATE_MA);
    }

    /** Bit 19: the host may read and write the guest's memory through the debugging interface. */
    public boolean debugAllowed() {
        return bit(DEBUG);
    }

    /** Bit 20: the guest may run on one socket only. */
    public boolean singleSocketRequired() {
        return bit(SINGLE_SOCKET);
    }

    /** Bit 21: CXL devices may be populated. */
    public boolean cxlAllowed() {
        return bit(CXL);
    }

    /** Bit 22: memory has to be encrypted with AES-256 in XTS mode. */
    public boolean memAes256XtsRequired() {
        return bit(MEM_AES_256_XTS);
    }

    /** Bit 23: running average power limiting has to be off. */
    public boolean raplDisabledRequired() {
        return bit(RAPL_DIS);
    }

    /** Bit 24: ciphertext hiding has to be on. */
    public boolean ciphertextHidingRequired() {
        return bit(CIPHERTEXT_HIDING);
    }

    /** Bit 25: guest pages may be neither swapped nor moved. */
    public boolean pageSwapDisabled() {
        return bit(PAGE_SWAP_DISABLE);
    }

    /** The bits that the ABI up to 1.58 does not name, in place; zero today. */
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
