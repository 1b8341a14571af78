package org.verifiableai.attestation.snp.launch;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * A virtual machine monitor, by the state in which it hands a guest to the processor. A monitor that changes this state
 * gets a new name here, and old names keep their meaning.
 */
public enum Vmm {
    /** QEMU on KVM. */
    QEMU("qemu"),

    /** Amazon EC2 as it was until 2026: register RDX is zero in each virtual processor. */
    EC2_V1("ec2-v1"),

    /** Amazon EC2 as sev-snp-measure knows it since release 0.0.13 of May 2026: RDX is 0x600. */
    EC2_V2("ec2-v2"),

    /** Google Compute Engine. */
    GCE("gce");

    /** Amazon EC2 of today. */
    public static final Vmm EC2 = EC2_V2;

    private final String text;

    Vmm(String text) {
        this.text = text;
    }

    /**
     * The monitor of this name in any case; {@code ec2} is that of today.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Vmm parse(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("ec2")) {
            return EC2;
        }
        StringJoiner names = new StringJoiner(", ");
        for (Vmm vmm : values()) {
            if (vmm.text.equals(lower)) {
                return vmm;
            }
            names.add(vmm.text);
        }
        throw new IllegalArgumentException("vmm must be one of ec2, " + names + ", found " + name);
    }

    /** Whether the measurement depends on the model of the virtual processors; EC2 and GCE hide it. */
    public boolean showsVcpuModel() {
        return this == QEMU;
    }

    boolean isEc2() {
        return this == EC2_V1 || this == EC2_V2;
    }

    /** The name, such as {@code ec2-v2}. */
    @Override
    public String toString() {
        return text;
    }
}
