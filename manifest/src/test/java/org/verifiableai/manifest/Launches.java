package org.verifiableai.manifest;

import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.SoftwareFirmware;

/** Launch configurations that tests start from. */
final class Launches {

    private static final LaunchConfiguration SAMPLE = of("trainer 7", 2);
    private static final LaunchConfiguration OTHER = of("trainer 7", 4);

    private Launches() {}

    static LaunchConfiguration sample() {
        return SAMPLE;
    }

    /** The same with more processors, and so of another measurement. */
    static LaunchConfiguration other() {
        return OTHER;
    }

    private static LaunchConfiguration of(String name, int vcpus) {
        try {
            return LaunchConfiguration.builder(name)
                    .vmm(Vmm.QEMU)
                    .firmware(MeasuredFirmware.of(
                            FirmwareImage.parse(SoftwareFirmware.ovmf().image())))
                    .kernel(Bytes.utf8("a kernel"))
                    .initrd(Bytes.utf8("an initial RAM disk"))
                    .commandLine(
                            CommandLineTemplate.parse("root=/dev/sda1 ro sda1_shasum={sda1}"),
                            Map.of("sda1", Bytes.utf8("a disk").sha256()))
                    .vcpus(vcpus)
                    .vcpu(VcpuSignature.ofType("EPYC-Genoa"))
                    .build();
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }
}
