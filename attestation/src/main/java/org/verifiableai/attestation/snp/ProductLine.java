package org.verifiableai.attestation.snp;

import java.util.Locale;
import java.util.Optional;

/**
 * A line of AMD processors that shares one root key, one key service path and one layout of the TCB version. Bergamo and
 * Siena are of the Genoa line.
 */
public enum ProductLine {
    /** Zen 3, family 19h, models 00h to 0Fh. */
    MILAN("Milan"),
    /** Zen 4 and Zen 4c, family 19h, models 10h to 1Fh and A0h to AFh. */
    GENOA("Genoa"),
    /** Zen 5, family 1Ah, models 00h to 11h. */
    TURIN("Turin");

    private static final int FAMILY_19 = 0x19;
    private static final int FAMILY_1A = 0x1A;

    private final String amdName;

    ProductLine(String amdName) {
        this.amdName = amdName;
    }

    /** The name as AMD writes it in certificates and in the paths of its key service. */
    public String amdName() {
        return amdName;
    }

    /**
     * The line of a processor; bounds are inclusive. Empty for every other processor, among them those of Venice, whose TCB
     * has another form.
     */
    public static Optional<ProductLine> of(SnpReport.CpuId cpu) {
        int model = cpu.model();
        if (cpu.family() == FAMILY_19) {
            if (model <= 0x0F) {
                return Optional.of(MILAN);
            }
            return (model >= 0x10 && model <= 0x1F) || (model >= 0xA0 && model <= 0xAF)
                    ? Optional.of(GENOA)
                    : Optional.empty();
        }
        return cpu.family() == FAMILY_1A && model <= 0x11 ? Optional.of(TURIN) : Optional.empty();
    }

    /**
     * Whether a processor is of Venice: Zen 6, family 1Ah, models 50h to 57h, 90h to 9Fh, A0h to AFh and C0h to C7h. Its
     * TCB has another form, which is not known well enough to judge by.
     */
    static boolean isVenice(SnpReport.CpuId cpu) {
        int model = cpu.model();
        return cpu.family() == FAMILY_1A
                && ((model >= 0x50 && model <= 0x57)
                        || (model >= 0x90 && model <= 0xAF)
                        || (model >= 0xC0 && model <= 0xC7));
    }

    /** The line that a productName such as {@code Milan-B0} names; what follows a hyphen is a stepping. */
    static Optional<ProductLine> ofProductName(String productName) {
        int hyphen = productName.indexOf('-');
        String name = hyphen < 0 ? productName : productName.substring(0, hyphen);
        for (ProductLine line : values()) {
            if (line.amdName.equals(name)) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /**
     * The line of this name in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ProductLine parse(String name) {
        for (ProductLine line : values()) {
            if (line.name().equals(name.toUpperCase(Locale.ROOT))) {
                return line;
            }
        }
        throw new IllegalArgumentException("product line must be milan, genoa or turin, found " + name);
    }
}
