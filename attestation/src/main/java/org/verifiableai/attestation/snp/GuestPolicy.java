package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;

/**
 * The POLICY that the guest's owner gave at launch and the firmware enforces (ABI, guest policy). Bits that say
 * "allowed" loosen, bits that say "required" tighten.
 *
 * @param raw all 64 bits
 */
public record GuestPolicy(long raw) {

    private static final int ABI_MAJOR_SHIFT = 8;
    private static final int SMT = 16;
    private static final int RESERVED_ONE = 17;
    private static final int MIGRATE_MA = 18;
    private static final int DEBUG = 19;
    private static final int CXL = 21;
    private static final int FIRST_UNKNOWN = 26;

    /** What the owner may demand of the machine: the bits that tighten, by their names in the ABI. */
    public enum Requirement {
        /** Bit 20: the guest may run on one socket only. */
        SINGLE_SOCKET(20),
        /** Bit 22: memory has to be encrypted with AES-256 in XTS mode. */
        MEM_AES_256_XTS(22),
        /** Bit 23: running average power limiting has to be off. */
        RAPL_DIS(23),
        /** Bit 24: ciphertext hiding has to be on. */
        CIPHERTEXT_HIDING(24),
        /** Bit 25: guest pages may be neither swapped nor moved. */
        PAGE_SWAP_DISABLE(25);

        private final int bit;

        Requirement(int bit) {
            this.bit = bit;
        }
    }

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
        return Bits.isSet(raw, SMT);
    }

    /** Bit 18: a migration agent may be bound to the guest. */
    public boolean migrateMaAllowed() {
        return Bits.isSet(raw, MIGRATE_MA);
    }

    /** Bit 19: the host may read and write the guest's memory through the debugging interface. */
    public boolean debugAllowed() {
        return Bits.isSet(raw, DEBUG);
    }

    /** Bit 21: CXL devices may be populated. */
    public boolean cxlAllowed() {
        return Bits.isSet(raw, CXL);
    }

    /** Whether the guest's owner demands this of the machine. */
    public boolean requires(Requirement requirement) {
        return Bits.isSet(raw, requirement.bit);
    }

    /** Bit 20: the guest may run on one socket only. */
    public boolean singleSocketRequired() {
        return requires(Requirement.SINGLE_SOCKET);
    }

    /** Bit 22: memory has to be encrypted with AES-256 in XTS mode. */
    public boolean memAes256XtsRequired() {
        return requires(Requirement.MEM_AES_256_XTS);
    }

    /** Bit 23: running average power limiting has to be off. */
    public boolean raplDisabledRequired() {
        return requires(Requirement.RAPL_DIS);
    }

    /** Bit 24: ciphertext hiding has to be on. */
    public boolean ciphertextHidingRequired() {
        return requires(Requirement.CIPHERTEXT_HIDING);
    }

    /** Bit 25: guest pages may be neither swapped nor moved. */
    public boolean pageSwapDisabled() {
        return requires(Requirement.PAGE_SWAP_DISABLE);
    }

    /** The bits that the ABI up to 1.58 does not name, in place; zero today. */
    public long unknownBits() {
        return Bits.from(raw, FIRST_UNKNOWN);
    }

    /** What the bits say, by the names of the ABI; unknown ones by number. Bit 17 is reserved and has to be one. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        names.add("ABI_" + abiMajor() + "." + abiMinor());
        addIf(names, smtAllowed(), "SMT");
        addIf(names, !Bits.isSet(raw, RESERVED_ONE), "not bit 17");
        addIf(names, migrateMaAllowed(), "MIGRATE_MA");
        addIf(names, debugAllowed(), "DEBUG");
        addIf(names, cxlAllowed(), "CXL_ALLOW");
        for (Requirement requirement : Requirement.values()) {
            addIf(names, requires(requirement), requirement.name());
        }
        names.addAll(Bits.numbers(unknownBits()));
        return names;
    }

    private static void addIf(List<String> names, boolean set, String name) {
        if (set) {
            names.add(name);
        }
    }

    /** All bits in hex, and behind them the numbers of those that are unknown. */
    @Override
    public String toString() {
        return Bits.describe(raw, unknownBits());
    }
}
