package org.verifiableai.attestation.snp;

import java.util.List;
import org.verifiableai.attestation.CheckId;

/** The checks of an {@link SnpVerifier}, in the order in which it runs them. Paragraphs are those of AMD's ABI (56860). */
public final class SnpChecks {

    /** Report, certificates and lists have the form that their specifications give them. */
    public static final CheckId FORMAT = new CheckId("snp.format");

    /** The processor is of a known product line, and report, certificate and policy agree on it. */
    public static final CheckId PRODUCT = new CheckId("snp.product");

    /** SIGNING_KEY names a key, the certificate is of that kind, and policy allows the kind. */
    public static final CheckId SIGNING_KEY = new CheckId("snp.signing-key");

    /**
     * VEK, ASK or ASVK, and the pinned ARK form a chain of signatures, names and authority flags. A pinned ASK or ASVK
     * stands in for a certificate that did not come or does not read.
     */
    public static final CheckId CHAIN = new CheckId("snp.chain");

    /** Every certificate of the chain is valid at the instant of the verifier's clock. */
    public static final CheckId VALIDITY = new CheckId("snp.validity");

    /**
     * A current list of the ARK revokes neither the ASK or ASVK nor the ARK. VEKs are never revoked but outdated by their
     * TCB. {@link org.verifiableai.attestation.RevocationStatus} tells apart what was found; it is the result's reason.
     * AMD publishes a list for VCEKs and one for VLEKs, both of the ARK and alike in form: whichever came is gone by.
     */
    public static final CheckId REVOCATION = new CheckId("snp.revocation");

    /** The VEK signed the first 672 bytes of the report. */
    public static final CheckId SIGNATURE = new CheckId("snp.signature");

    /** The TCB that the VEK's certificate names equals REPORTED_TCB. */
    public static final CheckId TCB_CERTIFICATE = new CheckId("snp.tcb.certificate");

    /** CHIP_ID is the chip of the VCEK's certificate. */
    public static final CheckId CHIP_ID = new CheckId("snp.chip-id");

    /** CHIP_ID is an expected one. */
    public static final CheckId CHIP_ALLOWED = new CheckId("snp.chip-allowed");

    /** The provider that the VLEK's certificate names is an expected one. */
    public static final CheckId CSP_ID = new CheckId("snp.csp-id");

    /** The guest cannot be debugged. */
    public static final CheckId GUEST_POLICY_DEBUG = new CheckId("snp.guest-policy.debug");

    /** No migration agent can be bound to the guest. */
    public static final CheckId GUEST_POLICY_MIGRATION_AGENT = new CheckId("snp.guest-policy.migration-agent");

    /** The guest demands at least this version of the ABI. */
    public static final CheckId GUEST_POLICY_ABI = new CheckId("snp.guest-policy.abi");

    /** The guest does not run with simultaneous multithreading. */
    public static final CheckId GUEST_POLICY_SMT = new CheckId("snp.guest-policy.smt");

    /** No CXL devices may be populated. */
    public static final CheckId GUEST_POLICY_CXL = new CheckId("snp.guest-policy.cxl");

    /** The guest may run on one socket only. */
    public static final CheckId GUEST_POLICY_SINGLE_SOCKET = new CheckId("snp.guest-policy.single-socket");

    /** The guest requires memory encryption with AES-256 in XTS mode. */
    public static final CheckId GUEST_POLICY_MEM_AES_256_XTS = new CheckId("snp.guest-policy.mem-aes-256-xts");

    /** The guest requires running average power limiting to be off. */
    public static final CheckId GUEST_POLICY_RAPL_DIS = new CheckId("snp.guest-policy.rapl-dis");

    /** The guest requires ciphertext hiding. */
    public static final CheckId GUEST_POLICY_CIPHERTEXT_HIDING = new CheckId("snp.guest-policy.ciphertext-hiding");

    /** Pages of the guest may be neither swapped nor moved. */
    public static final CheckId GUEST_POLICY_PAGE_SWAP_DISABLE = new CheckId("snp.guest-policy.page-swap-disable");

    /** The guest's policy has no bit set that is unknown here. */
    public static final CheckId GUEST_POLICY_UNKNOWN_BITS = new CheckId("snp.guest-policy.unknown-bits");

    /** The machine has simultaneous multithreading on, or off, as demanded. */
    public static final CheckId PLATFORM_INFO_SMT = new CheckId("snp.platform-info.smt");

    /** The machine has transparent memory encryption on, or off, as demanded. */
    public static final CheckId PLATFORM_INFO_TSME = new CheckId("snp.platform-info.tsme");

    /** The machine's memory has error correction, or not, as demanded. */
    public static final CheckId PLATFORM_INFO_ECC = new CheckId("snp.platform-info.ecc");

    /** The machine has running average power limiting off, or not, as demanded. */
    public static final CheckId PLATFORM_INFO_RAPL_DIS = new CheckId("snp.platform-info.rapl-dis");

    /** The machine has ciphertext hiding on, or off, as demanded. */
    public static final CheckId PLATFORM_INFO_CIPHERTEXT_HIDING = new CheckId("snp.platform-info.ciphertext-hiding");

    /** The machine has found no memory aliases since reset, or not looked, as demanded. */
    public static final CheckId PLATFORM_INFO_ALIAS_CHECK = new CheckId("snp.platform-info.alias-check");

    /** The machine says IOMMU write safe, or not, as demanded. */
    public static final CheckId PLATFORM_INFO_IOMMU_WRITE_SAFE = new CheckId("snp.platform-info.iommu-write-safe");

    /** The machine has SEV-TIO on, or off, as demanded. */
    public static final CheckId PLATFORM_INFO_TIO = new CheckId("snp.platform-info.tio");

    /** PLATFORM_INFO has no bit set that is unknown here. */
    public static final CheckId PLATFORM_INFO_UNKNOWN_BITS = new CheckId("snp.platform-info.unknown-bits");

    /** The report was asked for from an expected VMPL. */
    public static final CheckId VMPL = new CheckId("snp.vmpl");

    /** MEASUREMENT is an expected one. */
    public static final CheckId MEASUREMENT = new CheckId("snp.measurement");

    /** REPORT_DATA is the expected one; the only proof of freshness there is. */
    public static final CheckId REPORT_DATA = new CheckId("snp.report-data");

    /** HOST_DATA is the expected one. */
    public static final CheckId HOST_DATA = new CheckId("snp.host-data");

    /** GUEST_SVN reaches its minimum. */
    public static final CheckId GUEST_SVN = new CheckId("snp.guest-svn");

    /** FAMILY_ID is the expected one. */
    public static final CheckId FAMILY_ID = new CheckId("snp.family-id");

    /** IMAGE_ID is the expected one. */
    public static final CheckId IMAGE_ID = new CheckId("snp.image-id");

    /** REPORT_ID is the expected one: the guest is the one of an earlier report. */
    public static final CheckId REPORT_ID = new CheckId("snp.report-id");

    /** REPORT_ID_MA is the expected one. */
    public static final CheckId REPORT_ID_MA = new CheckId("snp.report-id-ma");

    /** The guest was launched under an ID block. */
    public static final CheckId ID_BLOCK = new CheckId("snp.id-block");

    /** The ID key, or the author key behind it, is an expected one. */
    public static final CheckId ID_KEY = new CheckId("snp.id-key");

    /** An author key signed the ID key, and an expected one where any is. */
    public static final CheckId AUTHOR_KEY = new CheckId("snp.author-key");

    /** REPORTED_TCB reaches its minimum in every component. */
    public static final CheckId TCB_MINIMUM = new CheckId("snp.tcb.minimum");

    /** COMMITTED_TCB reaches its minimum in every component. */
    public static final CheckId TCB_COMMITTED = new CheckId("snp.tcb.committed");

    /** LAUNCH_TCB reaches its minimum in every component. */
    public static final CheckId TCB_LAUNCH = new CheckId("snp.tcb.launch");

    /** The firmware that runs reaches its minimum version. */
    public static final CheckId FIRMWARE_CURRENT = new CheckId("snp.firmware.current");

    /** The firmware that is committed reaches its minimum version. */
    public static final CheckId FIRMWARE_COMMITTED = new CheckId("snp.firmware.committed");

    /** What runs is committed, and cannot be rolled back. */
    public static final CheckId FIRMWARE_PROVISIONAL = new CheckId("snp.firmware.provisional");

    /** LAUNCH_MIT_VECTOR has every demanded bit set. */
    public static final CheckId MITIGATIONS_LAUNCH = new CheckId("snp.mitigations.launch");

    /** CURRENT_MIT_VECTOR has every demanded bit set. */
    public static final CheckId MITIGATIONS_CURRENT = new CheckId("snp.mitigations.current");

    /** All of them, in order. Every verdict of an {@link SnpVerifier} has each. */
    public static final List<CheckId> ALL = List.of(
            FORMAT,
            PRODUCT,
            SIGNING_KEY,
            CHAIN,
            VALIDITY,
            REVOCATION,
            SIGNATURE,
            TCB_CERTIFICATE,
            CHIP_ID,
            CHIP_ALLOWED,
            CSP_ID,
            GUEST_POLICY_DEBUG,
            GUEST_POLICY_MIGRATION_AGENT,
            GUEST_POLICY_ABI,
            GUEST_POLICY_SMT,
            GUEST_POLICY_CXL,
            GUEST_POLICY_SINGLE_SOCKET,
            GUEST_POLICY_MEM_AES_256_XTS,
            GUEST_POLICY_RAPL_DIS,
            GUEST_POLICY_CIPHERTEXT_HIDING,
            GUEST_POLICY_PAGE_SWAP_DISABLE,
            GUEST_POLICY_UNKNOWN_BITS,
            PLATFORM_INFO_SMT,
            PLATFORM_INFO_TSME,
            PLATFORM_INFO_ECC,
            PLATFORM_INFO_RAPL_DIS,
            PLATFORM_INFO_CIPHERTEXT_HIDING,
            PLATFORM_INFO_ALIAS_CHECK,
            PLATFORM_INFO_IOMMU_WRITE_SAFE,
            PLATFORM_INFO_TIO,
            PLATFORM_INFO_UNKNOWN_BITS,
            VMPL,
            MEASUREMENT,
            REPORT_DATA,
            HOST_DATA,
            GUEST_SVN,
            FAMILY_ID,
            IMAGE_ID,
            REPORT_ID,
            REPORT_ID_MA,
            ID_BLOCK,
            ID_KEY,
            AUTHOR_KEY,
            TCB_MINIMUM,
            TCB_COMMITTED,
            TCB_LAUNCH,
            FIRMWARE_CURRENT,
            FIRMWARE_COMMITTED,
            FIRMWARE_PROVISIONAL,
            MITIGATIONS_LAUNCH,
            MITIGATIONS_CURRENT);

    private SnpChecks() {}
}
