package org.verifiableai.attestation.snp;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.Appraisal;

/** ABI, guest policy: "allowed" bits loosen, and a policy may refuse them; "required" ones tighten, and it may demand them. */
final class GuestPolicyRules {

    private GuestPolicyRules() {}

    static void check(Appraisal appraisal, Demands demands, GuestPolicy guest) {
        String debugging = "debugging";
        refused(appraisal, SnpChecks.GUEST_POLICY_DEBUG, guest, guest.debugAllowed(), debugging, demands.allowDebug);
        refused(
                appraisal,
                SnpChecks.GUEST_POLICY_MIGRATION_AGENT,
                guest,
                guest.migrateMaAllowed(),
                "a migration agent",
                demands.allowMigrationAgent);
        checkAbi(appraisal, demands, guest);
        String smt = "simultaneous multithreading";
        if (demands.refuseSmt) {
            refused(appraisal, SnpChecks.GUEST_POLICY_SMT, guest, guest.smtAllowed(), smt, null);
        } else {
            appraisal.notDemanded(SnpChecks.GUEST_POLICY_SMT);
        }
        if (demands.refuseCxl) {
            refused(appraisal, SnpChecks.GUEST_POLICY_CXL, guest, guest.cxlAllowed(), "CXL devices", null);
        } else {
            appraisal.notDemanded(SnpChecks.GUEST_POLICY_CXL);
        }
        for (GuestPolicy.Requirement requirement : GuestPolicy.Requirement.values()) {
            Rule.demanded(
                    appraisal,
                    id(requirement),
                    demands.requireGuestPolicy.contains(requirement),
                    guest.requires(requirement),
                    () -> "the guest requires " + requirement,
                    () -> "the guest does not require " + requirement + ", guest policy " + guest);
        }
        Rule.unknownBits(
                appraisal,
                SnpChecks.GUEST_POLICY_UNKNOWN_BITS,
                "guest policy",
                guest.raw(),
                guest.unknownBits(),
                demands.refuseUnknownGuestPolicyBits);
    }

    private static void refused(
            Appraisal appraisal, CheckId id, GuestPolicy guest, boolean allowed, String what, @Nullable String waiver) {
        if (allowed && waiver != null) {
            appraisal.waive(id, "the guest allows " + what + "; " + waiver);
            return;
        }
        appraisal.check(
                id,
                !allowed,
                () -> "the guest does not allow " + what,
                () -> "the guest allows " + what + ", guest policy " + guest);
    }

    private static void checkAbi(Appraisal appraisal, Demands demands, GuestPolicy guest) {
        int major = demands.minimumAbiMajor;
        int minor = demands.minimumAbiMinor;
        Supplier<String> found = () -> "the guest demands abi " + guest.abiMajor() + "." + guest.abiMinor();
        Rule.demanded(
                appraisal,
                SnpChecks.GUEST_POLICY_ABI,
                major != 0 || minor != 0,
                guest.abiMajor() > major || (guest.abiMajor() == major && guest.abiMinor() >= minor),
                found,
                () -> found.get() + ", below " + major + "." + minor);
    }

    private static CheckId id(GuestPolicy.Requirement requirement) {
        return switch (requirement) {
            case SINGLE_SOCKET -> SnpChecks.GUEST_POLICY_SINGLE_SOCKET;
            case MEM_AES_256_XTS -> SnpChecks.GUEST_POLICY_MEM_AES_256_XTS;
            case RAPL_DIS -> SnpChecks.GUEST_POLICY_RAPL_DIS;
            case CIPHERTEXT_HIDING -> SnpChecks.GUEST_POLICY_CIPHERTEXT_HIDING;
            case PAGE_SWAP_DISABLE -> SnpChecks.GUEST_POLICY_PAGE_SWAP_DISABLE;
        };
    }
}
