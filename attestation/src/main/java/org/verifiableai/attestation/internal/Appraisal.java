package org.verifiableai.attestation.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;

/**
 * The record of one verification while it runs: each check is entered once, and the verdict follows from the entries.
 *
 * <p>A verdict is an acceptance only if at least one check passed, none failed, and every check that did not run was
 * waived by policy or does not apply. Not thread-safe: an appraisal lives inside one call of a verifier.
 */
public final class Appraisal {

    private static final int EXPECTED_CHECKS = 64;

    private final List<CheckResult> results = new ArrayList<>(EXPECTED_CHECKS);
    private final Set<CheckId> entered = new HashSet<>(2 * EXPECTED_CHECKS);
    private final SortedMap<String, String> facts = new TreeMap<>();
    private boolean acceptable = true;
    private boolean anyPassed;

    /** Enters a pass if {@code condition} holds and a failure otherwise, and returns {@code condition}. */
    public boolean check(CheckId id, boolean condition, Supplier<String> ifPassed, Supplier<String> ifFailed) {
        if (condition) {
            pass(id, ifPassed.get());
        } else {
            fail(id, ifFailed.get());
        }
        return condition;
    }

    /** Enters a check that ran and whose condition holds. */
    public void pass(CheckId id, String detail) {
        enter(id, Outcome.PASSED, detail);
        anyPassed = true;
    }

    /** Enters a check that ran and whose condition does not hold. */
    public void fail(CheckId id, String detail) {
        enter(id, Outcome.FAILED, detail);
        acceptable = false;
    }

    /**
     * Enters a check that ran, with a stable word for what it found.
     *
     * @param reason see {@link CheckResult#reason()}
     */
    public void check(CheckId id, boolean condition, String reason, String detail) {
        enter(new CheckResult(id, condition ? Outcome.PASSED : Outcome.FAILED, reason, detail));
        anyPassed |= condition;
        acceptable &= condition;
    }

    /** Enters a check that the policy told the verifier not to run; the verdict can still be an acceptance. */
    public void waive(CheckId id, String reason) {
        enter(id, Outcome.NOT_EVALUATED, "waived by policy: " + reason);
    }

    /** As {@link #waive(CheckId, String)}, with a stable word for what was found; see {@link CheckResult#reason()}. */
    public void waive(CheckId id, String found, String reason) {
        enter(new CheckResult(id, Outcome.NOT_EVALUATED, found, "waived by policy: " + reason));
    }

    /** Enters a check of which the policy asks nothing; the verdict can still be an acceptance. */
    public void notDemanded(CheckId id) {
        waive(id, CheckResult.NOT_DEMANDED, "the policy makes no such demand");
    }

    /** Enters a check that has nothing to look at in evidence of this kind; the verdict can still be an acceptance. */
    public void notApplicable(CheckId id, String reason) {
        enter(new CheckResult(id, Outcome.NOT_EVALUATED, CheckResult.NOT_APPLICABLE, "does not apply: " + reason));
    }

    /** Enters a check that could not run because {@code blocker} failed; the verdict is a rejection. */
    public void block(CheckId id, CheckId blocker) {
        enter(id, Outcome.NOT_EVALUATED, "could not run because " + blocker + " failed");
        acceptable = false;
    }

    /** Takes over every check of a verdict on one part of the whole: a rejection of the part rejects the whole. */
    public void include(Verdict<?> part) {
        include(part, Map.of());
    }

    /**
     * As {@link #include(Verdict)}, with other names for some checks.
     *
     * @param names the names of the whole, by those of the part
     */
    public void include(Verdict<?> part, Map<CheckId, CheckId> names) {
        for (CheckResult result : part.checks()) {
            CheckId name = names.getOrDefault(result.id(), result.id());
            enter(new CheckResult(name, result.outcome(), result.reason(), result.detail()));
            anyPassed |= result.outcome() == Outcome.PASSED;
        }
        if (part instanceof Verdict.Accepted<?> accepted) {
            facts.putAll(accepted.verified().facts());
        } else {
            acceptable = false;
        }
    }

    /** Notes something that the verdict establishes; it is dropped if the verdict is a rejection. */
    public void fact(String name, Object value) {
        facts.put(name, value.toString());
    }

    /** Whether nothing entered so far forbids an acceptance. */
    public boolean acceptable() {
        return acceptable && anyPassed;
    }

    /** Every check that was entered so far, in its order. */
    public List<CheckResult> results() {
        return List.copyOf(results);
    }

    /** The verdict that follows from the entries. {@code value} may be null only where a check has failed. */
    public <T> Verdict<T> verdict(@Nullable T value) {
        if (!acceptable()) {
            return new Verdict.Rejected<>(results);
        }
        return new Verdict.Accepted<>(new VerifiedValue<>(Objects.requireNonNull(value, "value"), facts), results);
    }

    private void enter(CheckId id, Outcome outcome, String detail) {
        enter(new CheckResult(id, outcome, detail));
    }

    private void enter(CheckResult result) {
        if (!entered.add(result.id())) {
            throw new IllegalStateException(result.id() + " was entered twice: a verifier runs each check once");
        }
        results.add(result);
    }
}
