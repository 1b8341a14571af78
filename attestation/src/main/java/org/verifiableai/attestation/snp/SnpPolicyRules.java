package org.verifiableai.attestation.snp;

import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.Appraisal;

/** Compares the fields of a report with a policy, one check a demand. A demand that is not made is waived by name. */
final class SnpPolicyRules {

    private static final String NOT_DEMANDED = "the policy makes no such demand";

    private final SnpReport report;
    private final ProductLine line;
    private final SnpPolicy policy;

    SnpPolicyRules(SnpReport report, ProductLine line, SnpPolicy policy) {
        this.report = report;
        this.line = line;
        this.policy = policy;
    }

    void check(Appraisal appraisal) {
        GuestPolicy guest = report.policy();
        refused(appraisal, SnpChecks.GUEST_POLICY_DEBUG, guest.debugAllowed(), "debugging", policy.debugWaiver());
        refused(
                appraisal,
                SnpChecks.GUEST_POLICY_MIGRATION_AGENT,
                guest.migrateMaAllowed(),
                "a migration agent",
                policy.migrationAgentWaiver());
        checkAbi(appraisal, guest);
        checkSmt(appraisal, guest);
        appraisal.check(
                SnpChecks.VMPL,
                policy.vmpls().stream().anyMatch(vmpl -> vmpl == report.vmpl()),
                () -> "vmpl " + report.vmpl(),
                () -> "expected one of " + policy.vmpls() + ", found " + report.vmpl());
        checkMeasurement(appraisal);
        checkReportData(appraisal);
        checkHostData(appraisal);
        checkGuestSvn(appraisal);
        checkIdKey(appraisal);
        minimum(appraisal, SnpChecks.TCB_MINIMUM, "reported", report.reportedTcb(line), policy.minimumTcb());
        minimum(
                appraisal,
                SnpChecks.TCB_COMMITTED,
                "committed",
                report.committedTcb(line),
                policy.minimumCommittedTcb());
        minimum(appraisal, SnpChecks.TCB_LAUNCH, "launch", report.launchTcb(line), policy.minimumLaunchTcb());
    }

    private void refused(Appraisal appraisal, CheckId id, boolean allowed, String what, Optional<String> waiver) {
        if (allowed && waiver.isPresent()) {
            appraisal.waive(id, "the guest allows " + what + "; " + waiver.get());
            return;
        }
        appraisal.check(
                id,
                !allowed,
                () -> "the guest does not allow " + what,
                () -> "the guest allows " + what + ", guest policy " + report.policy());
    }

    private void checkAbi(Appraisal appraisal, GuestPolicy guest) {
        int major = policy.minimumAbiMajor();
        int minor = policy.minimumAbiMinor();
        if (major == 0 && minor == 0) {
            appraisal.waive(SnpChecks.GUEST_POLICY_ABI, NOT_DEMANDED);
            return;
        }
        String found = guest.abiMajor() + "." + guest.abiMinor();
        appraisal.check(
                SnpChecks.GUEST_POLICY_ABI,
                guest.abiMajor() > major || (guest.abiMajor() == major && guest.abiMinor() >= minor),
                () -> "the guest demands abi " + found,
                () -> "the guest demands abi " + found + ", below " + major + "." + minor);
    }

    private void checkSmt(Appraisal appraisal, GuestPolicy guest) {
        if (!policy.smtRefused()) {
            appraisal.waive(SnpChecks.GUEST_POLICY_SMT, NOT_DEMANDED);
            return;
        }
        refused(
                appraisal,
                SnpChecks.GUEST_POLICY_SMT,
                guest.smtAllowed(),
                "simultaneous multithreading",
                Optional.empty());
    }

    private void checkMeasurement(Appraisal appraisal) {
        Optional<String> waiver = policy.measurementWaiver();
        if (waiver.isPresent()) {
            appraisal.waive(SnpChecks.MEASUREMENT, report.measurement() + "; " + waiver.get());
            return;
        }
        appraisal.check(
                SnpChecks.MEASUREMENT,
                policy.measurements().contains(report.measurement()),
                () -> report.measurement().hex(),
                () -> "expected one of " + policy.measurements().size() + " allowed, found " + report.measurement());
    }

    private void checkReportData(Appraisal appraisal) {
        equal(
                appraisal,
                SnpChecks.REPORT_DATA,
                report.reportData(),
                policy.expectedReportData(),
                policy.freshnessWaiver().orElse(""));
    }

    private void checkHostData(Appraisal appraisal) {
        equal(appraisal, SnpChecks.HOST_DATA, report.hostData(), policy.hostData(), NOT_DEMANDED);
    }

    private void checkGuestSvn(Appraisal appraisal) {
        if (policy.minimumGuestSvn() == 0) {
            appraisal.waive(SnpChecks.GUEST_SVN, NOT_DEMANDED);
            return;
        }
        appraisal.check(
                SnpChecks.GUEST_SVN,
                report.guestSvn() >= policy.minimumGuestSvn(),
                () -> "guest svn " + report.guestSvn(),
                () -> "guest svn is " + report.guestSvn() + ", below " + policy.minimumGuestSvn());
    }

    /** ABI, ID block: an author key that is trusted vouches for the ID key, but only where AUTHOR_KEY_EN is set. */
    private void checkIdKey(Appraisal appraisal) {
        if (policy.trustedIdKeys().isEmpty() && policy.trustedAuthorKeys().isEmpty()) {
            appraisal.waive(SnpChecks.ID_KEY, NOT_DEMANDED);
            return;
        }
        boolean byAuthor =
                report.authorKeyEnabled() && policy.trustedAuthorKeys().contains(report.authorKeyDigest());
        boolean byId = policy.trustedIdKeys().contains(report.idKeyDigest());
        appraisal.check(
                SnpChecks.ID_KEY,
                byAuthor || byId,
                () -> byAuthor ? "author key " + report.authorKeyDigest() : "id key " + report.idKeyDigest(),
                () -> "neither id key " + report.idKeyDigest() + " nor author key "
                        + (report.authorKeyEnabled() ? report.authorKeyDigest() : "(not enabled)") + " is trusted");
    }

    private static void equal(Appraisal appraisal, CheckId id, Bytes found, Optional<Bytes> expected, String waiver) {
        if (expected.isEmpty()) {
            appraisal.waive(id, waiver);
            return;
        }
        appraisal.check(
                id, found.equals(expected.get()), found::hex, () -> "expected " + expected.get() + ", found " + found);
    }

    private static void minimum(
            Appraisal appraisal, CheckId id, String name, TcbVersion found, Optional<TcbVersion> minimum) {
        if (minimum.isEmpty()) {
            appraisal.waive(id, NOT_DEMANDED);
            return;
        }
        appraisal.check(
                id,
                found.atLeast(minimum.get()),
                () -> name + " tcb " + found + " reaches " + minimum.get(),
                () -> name + " tcb " + found + ": " + String.join("; ", found.below(minimum.get())));
    }
}
