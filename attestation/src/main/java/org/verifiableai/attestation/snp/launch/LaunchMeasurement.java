package org.verifiableai.attestation.snp.launch;

import java.util.Optional;
import org.verifiableai.attestation.Bytes;

/**
 * How a virtual machine monitor builds a guest from its parts, one page after the other: firmware, then the sections of
 * the metadata in their order, then one VMSA for each virtual processor.
 */
final class LaunchMeasurement {

    private LaunchMeasurement() {}

    /** The measurement; {@code hashes} are empty without a kernel, and have a page of the firmware's to go to otherwise. */
    static Bytes of(
            MeasuredFirmware firmware,
            Vmm vmm,
            Optional<KernelHashes> hashes,
            int vcpus,
            VcpuSignature vcpu,
            long guestFeatures) {
        LaunchDigest digest = new LaunchDigest(firmware.pagesDigest());
        for (MetadataSection section : firmware.sections()) {
            add(digest, firmware, vmm, hashes, section);
        }
        if (vmm.isEc2()) {
            for (MetadataSection section : firmware.sections()) {
                if (section.type() == SectionType.CPUID) {
                    digest.cpuid(section.gpa());
                }
            }
        }
        if (firmware.svsmEntry().isPresent()) {
            digest.vmsa(Vmsa.svsm(firmware.svsmEntry().getAsLong(), vcpu), vcpus);
        } else {
            digest.vmsa(Vmsa.realMode(vmm, Vmsa.BSP_EIP, vcpu, guestFeatures), 1);
            long resetEip = firmware.resetEip().orElseThrow();
            digest.vmsa(Vmsa.realMode(vmm, resetEip, vcpu, guestFeatures), vcpus - 1);
        }
        return digest.value();
    }

    private static void add(
            LaunchDigest digest,
            MeasuredFirmware firmware,
            Vmm vmm,
            Optional<KernelHashes> hashes,
            MetadataSection section) {
        switch (section.type()) {
            case SEC_MEM -> {
                if (vmm == Vmm.GCE) {
                    digest.unmeasured(section.gpa(), section.size());
                } else {
                    digest.zero(section.gpa(), section.size());
                }
            }
            case SECRETS -> digest.secrets(section.gpa());
            case CPUID -> {
                // EC2 adds it after every other section.
                if (!vmm.isEc2()) {
                    digest.cpuid(section.gpa());
                }
            }
            case SVSM_CAA -> digest.zero(section.gpa(), section.size());
            case KERNEL_HASHES -> {
                if (hashes.isPresent()) {
                    long table = firmware.hashTableGpa().orElseThrow();
                    digest.normal(section.gpa(), hashes.get().page((int) (table - section.gpa())));
                } else {
                    digest.zero(section.gpa(), section.size());
                }
            }
        }
    }
}
