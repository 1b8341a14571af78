package org.verifiableai.attestation.snp.launch;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The signature of a virtual processor: EAX of CPUID function 1, as its monitor presents it. It is that of the model that
 * the guest was started with, not that of the processor below.
 *
 * @param value the register, 32 bits
 */
public record VcpuSignature(long value) {

    private static final SortedMap<String, VcpuSignature> TYPES = types();

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code value} is not an unsigned 32-bit number
     */
    public VcpuSignature {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("vcpu signature must be of 32 bits, found 0x" + Long.toHexString(value));
        }
    }

    /**
     * The signature of a processor (AMD publication 25481, function 1). A family above 15 is 15 and an extended family.
     *
     * @param family 0 to 270, such as 25
     * @param model 0 to 255, such as 1
     * @param stepping 0 to 15
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public static VcpuSignature of(int family, int model, int stepping) {
        if (family < 0 || family > 0xF + 0xFF || model < 0 || model > 0xFF || stepping < 0 || stepping > 0xF) {
            throw new IllegalArgumentException(
                    "vcpu must be of family 0 to 270, model 0 to 255 and stepping 0 to 15, found family " + family
                            + ", model " + model + ", stepping " + stepping);
        }
        int base = Math.min(family, 0xF);
        int extended = family - base;
        return new VcpuSignature(
                ((long) extended << 20) | ((model >> 4) << 16) | (base << 8) | ((model & 0xF) << 4) | stepping);
    }

    /**
     * The signature of a model by QEMU's name for it, such as {@code EPYC-Milan} or {@code EPYC-v4}.
     *
     * @throws IllegalArgumentException if there is none of that name; the message lists all
     */
    public static VcpuSignature ofType(String name) {
        VcpuSignature signature = TYPES.get(name);
        if (signature == null) {
            throw new IllegalArgumentException(
                    "vcpu type must be one of " + String.join(", ", TYPES.keySet()) + ", found " + name);
        }
        return signature;
    }

    /** QEMU's EPYC models by name. Versions of a model differ in features, never in the signature. */
    public static Map<String, VcpuSignature> byType() {
        return TYPES;
    }

    private static SortedMap<String, VcpuSignature> types() {
        SortedMap<String, VcpuSignature> types = new TreeMap<>();
        add(types, "EPYC", 5, of(23, 1, 2));
        types.put("EPYC-IBPB", of(23, 1, 2));
        add(types, "EPYC-Rome", 5, of(23, 49, 0));
        add(types, "EPYC-Milan", 3, of(25, 1, 1));
        add(types, "EPYC-Genoa", 2, of(25, 17, 0));
        add(types, "EPYC-Turin", 1, of(26, 0, 0));
        return Collections.unmodifiableSortedMap(types);
    }

    private static void add(SortedMap<String, VcpuSignature> types, String name, int versions, VcpuSignature value) {
        types.put(name, value);
        for (int version = 1; version <= versions; version++) {
            types.put(name + "-v" + version, value);
        }
    }

    /** Such as {@code 0x800f12}. */
    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
