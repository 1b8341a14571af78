package org.verifiableai.attestation.snp;

import java.util.function.Supplier;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.Appraisal;

/** ABI, attestation report, PLATFORM_INFO: what the machine has on, which a policy may demand or refuse. */
final class PlatformRules {

    private PlatformRules() {}

    static void check(Appraisal appraisal, Demands demands, PlatformInfo platform) {
        for (PlatformInfo.Feature feature : PlatformInfo.Feature.values()) {
            boolean required = demands.requirePlatform.contains(feature);
            Supplier<String> found = () -> feature + (platform.has(feature) ? " is set" : " is not set");
            Rule.demanded(
                    appraisal,
                    id(feature),
                    required || demands.refusePlatform.contains(feature),
                    platform.has(feature) == required,
                    found,
                    () -> found.get() + ", platform info " + platform);
        }
        Rule.unknownBits(
                appraisal,
                SnpChecks.PLATFORM_INFO_UNKNOWN_BITS,
                "platform info",
                platform.raw(),
                platform.unknownBits(),
                demands.refuseUnknownPlatformBits);
    }

    private static CheckId id(PlatformInfo.Feature feature) {
        return switch (feature) {
            case SMT_EN -> SnpChecks.PLATFORM_INFO_SMT;
            case TSME_EN -> SnpChecks.PLATFORM_INFO_TSME;
            case ECC_EN -> SnpChecks.PLATFORM_INFO_ECC;
            case RAPL_DIS -> SnpChecks.PLATFORM_INFO_RAPL_DIS;
            case CIPHERTEXT_HIDING_DRAM_EN -> SnpChecks.PLATFORM_INFO_CIPHERTEXT_HIDING;
            case ALIAS_CHECK_COMPLETE -> SnpChecks.PLATFORM_INFO_ALIAS_CHECK;
            case IOMMU_WRITE_SAFE -> SnpChecks.PLATFORM_INFO_IOMMU_WRITE_SAFE;
            case TIO_EN -> SnpChecks.PLATFORM_INFO_TIO;
        };
    }
}
