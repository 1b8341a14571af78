package org.verifiableai.attestation.snp;

import java.util.Map;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;

/** Policies for tests of their forms. */
final class Policies {

    static final Bytes DIGEST = Bytes.fromHex("ab".repeat(48));
    static final Bytes OTHER_DIGEST = Bytes.fromHex("cd".repeat(48));

    private Policies() {}

    /** Every demand and every loosening that goes with them. */
    static SnpPolicy full() {
        return SnpPolicy.builder()
                .expectedReportData(Bytes.fromHex("01".repeat(64)))
                .measurement(OTHER_DIGEST, "release 1.2")
                .measurement(DIGEST)
                .launch(launch("trainer"))
                .launch(launch("another"))
                .useRevocationIfAvailable("r1")
                .productLine(ProductLine.TURIN)
                .allowVlek("r4")
                .allowedCsp("CN=cloud.example")
                .allowedCsp("CN=another.example")
                .allowMaskedChipId("r5")
                .allowedChip(Bytes.fromHex("0102030405060708"))
                .allowedChip(Bytes.fromHex("03".repeat(64)))
                .allowDebug("r2")
                .allowMigrationAgent("r3")
                .minimumAbi(1, 55)
                .refuseSmt()
                .refuseCxl()
                .requireGuestPolicy(GuestPolicy.Requirement.values())
                .refuseUnknownGuestPolicyBits()
                .requirePlatform(PlatformInfo.Feature.ECC_EN, PlatformInfo.Feature.ALIAS_CHECK_COMPLETE)
                .refusePlatform(PlatformInfo.Feature.SMT_EN)
                .refuseUnknownPlatformBits()
                .vmpls(Set.of(1, 2))
                .hostData(Bytes.fromHex("02".repeat(32)))
                .minimumGuestSvn(0xFFFF_FFFFL)
                .familyId(Bytes.fromHex("04".repeat(16)))
                .imageId(Bytes.fromHex("05".repeat(16)))
                .reportId(Bytes.fromHex("06".repeat(32)))
                .reportIdMa(Bytes.fromHex("07".repeat(32)))
                .requireIdBlock()
                .requireAuthorKey()
                .trustedIdKey(DIGEST)
                .trustedAuthorKey(DIGEST)
                .trustedAuthorKey(OTHER_DIGEST)
                .minimumTcb(ProductLine.TURIN, TcbVersion.ofTurin(1, 3, 2, 5, 97))
                .minimumTcb(ProductLine.MILAN, TcbVersion.of(4, 0, 24, 219))
                .minimumCommittedTcb(TcbVersion.of(3, 0, 8, 115))
                .minimumLaunchTcb(TcbVersion.of(3, 0, 8, 219))
                .minimumFirmware(new FirmwareVersion(1, 55, 40))
                .minimumCommittedFirmware(new FirmwareVersion(1, 55, 22))
                .refuseProvisionalFirmware()
                .requireLaunchMitigations(0x3F)
                .requireCurrentMitigations(0x8000_0000_0000_0000L)
                .build();
    }

    /** A launch with every part that one can have. */
    static LaunchConfiguration launch(String name) {
        try {
            return LaunchConfiguration.builder(name)
                    .vmm(Vmm.QEMU)
                    .firmware(MeasuredFirmware.fromJson("{\"pagesDigest\":\"" + DIGEST
                            + "\",\"sections\":[{\"type\":\"KERNEL_HASHES\",\"gpa\":8454144,\"size\":4096}],"
                            + "\"hashTableGpa\":\"0x810c00\",\"resetEip\":\"0x80b004\"}"))
                    .kernel(Bytes.utf8(name))
                    .initrd(Bytes.EMPTY)
                    .commandLine(CommandLineTemplate.parse("sda1={sda1}"), Map.of("sda1", Bytes.zeros(32)))
                    .vcpus(2)
                    .vcpu(VcpuSignature.ofType("EPYC-Turin"))
                    .guestFeatures(0x21)
                    .build();
        } catch (MalformedEvidenceException e) {
            throw new AssertionError(e);
        }
    }

    /** Every decision left open. */
    static SnpPolicy open() {
        return SnpPolicy.builder()
                .withoutFreshness("r1")
                .anyMeasurement("r2")
                .withoutRevocation("r3")
                .build();
    }
}
