package org.verifiableai.attestation;

import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.internal.VerdictJson;

/**
 * What a verifier concluded, with every check that it knows and what came of each. Immutable.
 *
 * <p>An acceptance says that the evidence satisfies the policy. A rejection says that it does not, and names every check
 * that failed rather than the first. Neither says that the world could not be asked: that is an
 * {@link EvidenceUnavailableException}.
 *
 * @param <T> what was verified
 */
public sealed interface Verdict<T> {

    /** Every check, in the order in which the verifier ran them. */
    List<CheckResult> checks();

    /** Whether this is an acceptance. Prefer {@link #orElseThrow()}, which cannot be forgotten. */
    default boolean accepted() {
        return this instanceof Accepted;
    }

    /** The checks that failed; empty for an acceptance. */
    default List<CheckResult> failures() {
        return checks().stream().filter(c -> c.outcome() == Outcome.FAILED).toList();
    }

    /**
     * The verified value.
     *
     * @throws VerificationException if this is a rejection; the message names every check that failed
     */
    default Verified<T> orElseThrow() throws VerificationException {
        if (this instanceof Accepted<T> accepted) {
            return accepted.verified();
        }
        throw new VerificationException(checks());
    }

    /**
     * One JSON object: {@code accepted}, {@code checks} as objects of {@code id}, {@code outcome}, {@code reason} where
     * there is one, and {@code detail}, and {@code facts}, which is empty for a rejection.
     */
    default String toJson() {
        return VerdictJson.write(this);
    }

    /**
     * The evidence satisfies the policy.
     *
     * @param <T> what was verified
     * @param verified the value for the next stage
     * @param checks every check; those that did not run were waived by the policy
     */
    record Accepted<T>(Verified<T> verified, List<CheckResult> checks) implements Verdict<T> {

        /** Copies {@code checks}. */
        public Accepted {
            Objects.requireNonNull(verified, "verified");
            checks = List.copyOf(checks);
        }
    }

    /**
     * The evidence does not satisfy the policy.
     *
     * @param <T> what was to be verified
     * @param checks every check; those that did not run name the failed check that they needed
     */
    record Rejected<T>(List<CheckResult> checks) implements Verdict<T> {

        /** Copies {@code checks}. */
        public Rejected {
            checks = List.copyOf(checks);
        }
    }
}
