package org.verifiableai.attestation.snp.launch;

import java.util.Optional;

/** What a section of the SEV metadata asks the virtual machine monitor to put into guest memory before launch. */
public enum SectionType {
    /** Memory that the firmware uses before it can accept any: zero pages, on GCE unmeasured ones. */
    SEC_MEM(0x01),
    /** The page that the AMD firmware fills with the guest's secrets. */
    SECRETS(0x02),
    /** The page that the AMD firmware checks CPUID values in. */
    CPUID(0x03),
    /** The calling area of an SVSM: zero pages. */
    SVSM_CAA(0x04),
    /** The page with the hashes of kernel, initial RAM disk and command line; zero pages without a kernel. */
    KERNEL_HASHES(0x10);

    private final int code;

    SectionType(int code) {
        this.code = code;
    }

    /** The number of the type in the metadata. */
    public int code() {
        return code;
    }

    /** Whether a launch has but one section of it. */
    boolean single() {
        return this == SECRETS || this == CPUID || this == KERNEL_HASHES;
    }

    /** Whether it is one page, of which the AMD firmware makes what the guest reads. */
    boolean onePage() {
        return this == SECRETS || this == CPUID;
    }

    static Optional<SectionType> of(long code) {
        for (SectionType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
