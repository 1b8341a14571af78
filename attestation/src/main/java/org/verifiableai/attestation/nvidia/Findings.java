package org.verifiableai.attestation.nvidia;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.internal.Appraisal;

/** What came of each check of one device, entered once each. Not thread-safe: it belongs to the device's appraisal. */
final class Findings {

    private final Map<CheckId, Finding> entries = new LinkedHashMap<>();

    /** What can come of a check of one device. */
    enum Kind {
        FAILED,
        BLOCKED,
        WAIVED,
        PASSED,
        NOT_APPLICABLE
    }

    /**
     * One entry.
     *
     * @param reason see {@link CheckResult#reason()}
     * @param blocker the check without which this one could not run; null unless it is blocked
     */
    record Finding(
            CheckId id,
            Kind kind,
            String reason,
            String detail,
            @Nullable CheckId blocker) {

        void enter(Appraisal appraisal) {
            switch (kind) {
                case FAILED -> appraisal.check(id, false, reason, detail);
                case PASSED -> appraisal.check(id, true, reason, detail);
                case WAIVED -> appraisal.waive(id, reason, detail);
                case NOT_APPLICABLE -> appraisal.notApplicable(id, detail);
                case BLOCKED -> appraisal.block(id, blocker == null ? id : blocker);
            }
        }
    }

    boolean check(CheckId id, boolean condition, Supplier<String> ifPassed, Supplier<String> ifFailed) {
        check(id, condition, "", condition ? ifPassed.get() : ifFailed.get());
        return condition;
    }

    void check(CheckId id, boolean condition, String reason, String detail) {
        enter(new Finding(id, condition ? Kind.PASSED : Kind.FAILED, reason, detail, null));
    }

    void pass(CheckId id, String detail) {
        check(id, true, "", detail);
    }

    void fail(CheckId id, String detail) {
        check(id, false, "", detail);
    }

    void waive(CheckId id, String reason) {
        waive(id, "", reason);
    }

    void waive(CheckId id, String found, String reason) {
        enter(new Finding(id, Kind.WAIVED, found, reason, null));
    }

    void notDemanded(CheckId id) {
        waive(id, CheckResult.NOT_DEMANDED, "the policy makes no such demand");
    }

    void notApplicable(CheckId id, String reason) {
        enter(new Finding(id, Kind.NOT_APPLICABLE, CheckResult.NOT_APPLICABLE, reason, null));
    }

    void block(CheckId id, CheckId blocker) {
        enter(new Finding(id, Kind.BLOCKED, "", "", blocker));
    }

    /** Whether a check was entered and passed. */
    boolean passed(CheckId id) {
        return Optional.ofNullable(entries.get(id))
                .filter(finding -> finding.kind() == Kind.PASSED)
                .isPresent();
    }

    /** What came of a check that was entered. */
    Finding of(CheckId id) {
        Finding finding = entries.get(id);
        if (finding == null) {
            throw new IllegalStateException(id + " was not entered: a verifier runs each check once");
        }
        return finding;
    }

    /** Every check of a device, in its order. */
    List<CheckResult> results() {
        Appraisal appraisal = new Appraisal();
        GpuChecks.OF_A_DEVICE.forEach(id -> of(id).enter(appraisal));
        return appraisal.results();
    }

    private void enter(Finding finding) {
        if (entries.put(finding.id(), finding) != null) {
            throw new IllegalStateException(finding.id() + " was entered twice: a verifier runs each check once");
        }
    }
}
