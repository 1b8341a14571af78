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

    /** VEK, ASK or ASVK, and the pinned ARK form a chain of signatures, names and authority flags. */
    public static final CheckId CHAIN = new CheckId("snp.chain");

    /** Every certificate of the chain is valid at the instant of the verifier's clock. */
    public static final CheckId VALIDITY = new CheckId("snp.validity");

    /** A current list of the ARK does not revoke the ASK or ASVK. VEKs are never revoked but outdated by their TCB. */
    public static final CheckId REVOCATION = new CheckId("snp.revocation");

    /** The VEK signed the first 672 bytes of the report. */
    public static final CheckId SIGNATURE = new CheckId("snp.signature");

    /** The TCB that the VEK's certificate names equals REPORTED_TCB. */
    public static final CheckId TCB_CERTIFICATE = new CheckId("snp.tcb.certificate");

    /** CHIP_ID is the chip of the VCEK's certificate. */
    public static final CheckId CHIP_ID = new CheckId("snp.chip-id");

    /** The guest cannot be debugged. */
    public static final CheckId GUEST_POLICY_DEBUG = new CheckId("snp.guest-policy.debug");

    /** No migration agent can be bound to the guest. */
    public static final CheckId GUEST_POLICY_MIGRATION_AGENT = new CheckId("snp.guest-policy.migration-agent");

    /** The guest demands at least this version of the ABI. */
    public static final CheckId GUEST_POLICY_ABI = new CheckId("snp.guest-policy.abi");

    /** The guest does not run with simultaneous multithreading. */
    public static final CheckId GUEST_POLICY_SMT = new CheckId("snp.guest-policy.smt");

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

    /** The ID key, or the author key behind it, is an expected one. */
    public static final CheckId ID_KEY = new CheckId("snp.id-key");

    /** REPORTED_TCB reaches its minimum in every component. */
    public static final CheckId TCB_MINIMUM = new CheckId("snp.tcb.minimum");

    /** COMMITTED_TCB reaches its minimum in every component. */
    public static final CheckId TCB_COMMITTED = new CheckId("snp.tcb.committed");

    /** LAUNCH_TCB reaches its minimum in every component. */
    public static final CheckId TCB_LAUNCH = new CheckId("snp.tcb.launch");

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
            GUEST_POLICY_DEBUG,
            GUEST_POLICY_MIGRATION_AGENT,
            GUEST_POLICY_ABI,
            GUEST_POLICY_SMT,
            VMPL,
            MEASUREMENT,
            REPORT_DATA,
            HOST_DATA,
            GUEST_SVN,
            ID_KEY,
            TCB_MINIMUM,
            TCB_COMMITTED,
            TCB_LAUNCH);

    private SnpChecks() {}
}
