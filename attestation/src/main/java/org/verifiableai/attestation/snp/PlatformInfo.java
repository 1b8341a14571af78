package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;

/**
 * PLATFORM_INFO: how the machine is configured (ABI, attestation report). Firmware updates name further bits, so an
 * unknown one is no defect.
 *
 * @param raw all 64 bits
 */
public record PlatformInfo(long raw) {

    private static final int FIRST_UNKNOWN = 8;

    /** What a machine may have on, by the names of the ABI. */
    public enum Feature {
        /** Bit 0: simultaneous multithreading is on. */
        SMT_EN(0),
        /** Bit 1: transparent memory encryption is on. */
        TSME_EN(1),
        /** Bit 2: memory has error correction. */
        ECC_EN(2),
        /** Bit 3: running average power limiting is off. */
        RAPL_DIS(3),
        /** Bit 4: ciphertext hiding is on. */
        CIPHERTEXT_HIDING_DRAM_EN(4),
        /** Bit 5: no memory aliases have been found since reset, the mitigation of BadRAM. */
        ALIAS_CHECK_COMPLETE(5),
        /** Bit 6: published tools name it IOMMU write safe. */
        IOMMU_WRITE_SAFE(6),
        /** Bit 7: SEV-TIO is on. */
        TIO_EN(7);

        private final int bit;

        Feature(int bit) {
            this.bit = bit;
        }
    }

    /** Whether the machine has this. */
    public boolean has(Feature feature) {
        return Bits.isSet(raw, feature.bit);
    }

    /** Bit 0: simultaneous multithreading is on. */
    public boolean smtEnabled() {
        return has(Feature.SMT_EN);
    }

    /** Bit 1: transparent memory encryption is on. */
    public boolean tsmeEnabled() {
        return has(Feature.TSME_EN);
    }

    /** Bit 2: memory has error correction. */
    public boolean eccEnabled() {
        return has(Feature.ECC_EN);
    }

    /** Bit 3: running average power limiting is off. */
    public boolean raplDisabled() {
        return has(Feature.RAPL_DIS);
    }

    /** Bit 4: ciphertext hiding is on. */
    public boolean ciphertextHidingEnabled() {
        return has(Feature.CIPHERTEXT_HIDING_DRAM_EN);
    }

    /** Bit 5: no memory aliases have been found since reset, the mitigation of BadRAM. */
    public boolean aliasCheckComplete() {
        return has(Feature.ALIAS_CHECK_COMPLETE);
    }

    /** Bit 6: published tools name it IOMMU write safe. */
    public boolean iommuWriteSafe() {
        return has(Feature.IOMMU_WRITE_SAFE);
    }

    /** Bit 7: SEV-TIO is on. */
    public boolean tioEnabled() {
        return has(Feature.TIO_EN);
    }

    /** The bits that have no name yet, in place. */
    public long unknownBits() {
        return Bits.from(raw, FIRST_UNKNOWN);
    }

    /** What the bits say, by the names of the ABI; unknown ones by number. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            if (has(feature)) {
                names.add(feature.name());
            }
        }
        names.addAll(Bits.numbers(unknownBits()));
        return names;
    }

    /** All bits in hex, and behind them the numbers of those that are unknown. */
    @Override
    public String toString() {
        return Bits.describe(raw, unknownBits());
    }
}
