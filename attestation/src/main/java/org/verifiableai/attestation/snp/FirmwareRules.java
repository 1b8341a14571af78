package org.verifiableai.attestation.snp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.Appraisal;

/** How recent the machine's firmware is: TCB versions by component, versions, what is committed, and mitigations. */
final class FirmwareRules {

    private final Appraisal appraisal;
    private final Demands demands;
    private final SnpReport report;
    private final ProductLine line;

    FirmwareRules(Appraisal appraisal, Demands demands, SnpReport report, ProductLine line) {
        this.appraisal = appraisal;
        this.demands = demands;
        this.report = report;
        this.line = line;
    }

    void check() {
        tcb(SnpChecks.TCB_MINIMUM, "reported", report.reportedTcb(line), demands.minimumTcb);
        tcb(SnpChecks.TCB_COMMITTED, "committed", report.committedTcb(line), demands.minimumCommittedTcb);
        tcb(SnpChecks.TCB_LAUNCH, "launch", report.launchTcb(line), demands.minimumLaunchTcb);
        version(SnpChecks.FIRMWARE_CURRENT, "current", report.currentVersion(), demands.minimumFirmware);
        version(SnpChecks.FIRMWARE_COMMITTED, "committed", report.committedVersion(), demands.minimumCommittedFirmware);
        checkProvisional();
        mitigations(
                SnpChecks.MITIGATIONS_LAUNCH,
                "launch",
                report.launchMitigationVector(),
                demands.requireLaunchMitigations);
        mitigations(
                SnpChecks.MITIGATIONS_CURRENT,
                "current",
                report.currentMitigationVector(),
                demands.requireCurrentMitigations);
    }

    private void tcb(CheckId id, String name, TcbVersion found, @Nullable TcbMinimum minimums) {
        if (minimums == null) {
            appraisal.notDemanded(id);
            return;
        }
        Optional<TcbVersion> minimum = minimums.forLine(line);
        if (minimum.isEmpty()) {
            appraisal.fail(
                    id,
                    "the policy has a minimum for " + minimums.byLine().keySet() + " and none for " + line + ", " + name
                            + " tcb " + found);
            return;
        }
        appraisal.check(
                id,
                found.atLeast(minimum.get()),
                () -> name + " tcb " + found + " reaches " + minimum.get(),
                () -> name + " tcb " + found + ": " + String.join("; ", found.below(minimum.get())));
    }

    private void version(CheckId id, String name, FirmwareVersion found, @Nullable FirmwareVersion minimum) {
        Rule.demanded(
                appraisal,
                id,
                minimum != null,
                minimum != null && found.atLeast(minimum),
                () -> name + " firmware " + found,
                () -> name + " firmware is " + found + ", below " + minimum);
    }

    /** ABI, SNP_COMMIT: until then the host may go back to what COMMITTED_TCB and the committed version say. */
    private void checkProvisional() {
        TcbVersion current = report.currentTcb(line);
        TcbVersion committed = report.committedTcb(line);
        boolean provisional =
                !committed.atLeast(current) || !report.committedVersion().atLeast(report.currentVersion());
        if (!provisional) {
            appraisal.pass(SnpChecks.FIRMWARE_PROVISIONAL, "all that runs is committed");
            return;
        }
        String found = "firmware " + report.currentVersion() + " with tcb " + current + " runs, "
                + report.committedVersion() + " with tcb " + committed + " is committed";
        if (demands.refuseProvisionalFirmware) {
            appraisal.fail(SnpChecks.FIRMWARE_PROVISIONAL, found);
        } else {
            appraisal.waive(SnpChecks.FIRMWARE_PROVISIONAL, found + "; the policy does not refuse it");
        }
    }

    /** A vector is a superset of what is demanded. One that is absent is not zero, and says nothing. */
    private void mitigations(CheckId id, String name, Optional<Long> found, long demanded) {
        if (demanded == 0) {
            appraisal.notDemanded(id);
            return;
        }
        if (found.isEmpty()) {
            appraisal.fail(
                    id,
                    "expected " + name + " mitigations " + Bits.hex(demanded) + ", but reports of version "
                            + report.version() + " do not say");
            return;
        }
        long missing = demanded & ~found.get();
        appraisal.check(
                id,
                missing == 0,
                () -> name + " mitigations " + Bits.hex(found.get()) + " have " + Bits.hex(demanded),
                () -> name + " mitigations " + Bits.hex(found.get()) + " lack "
                        + String.join(", ", Bits.numbers(missing)));
    }
}
