package org.verifiableai.attestation;

import java.util.Objects;
import java.util.regex.Pattern;
import org.verifiableai.attestation.internal.Untrusted;

/**
 * One check and what came of it.
 *
 * @param id which check
 * @param outcome what came of it
 * @param reason a stable word for which of several things was found, where outcome alone does not say, such as those of
 *     {@link RevocationStatus}: lower-case words joined by hyphens; empty otherwise
 * @param detail one line for a person: what was found, and for a failure what was expected. Untrusted text in it is
 *     escaped and limited in length.
 */
public record CheckResult(CheckId id, Outcome outcome, String reason, String detail) {

    /** The {@link #reason()} of a check that did not run since the policy asks nothing of what it looks at. */
    public static final String NOT_DEMANDED = "not-demanded";

    /** The {@link #reason()} of a check that did not run since the evidence has nothing that it could look at. */
    public static final String NOT_APPLICABLE = "not-applicable";

    private static final int MAX_DETAIL = 1000;
    private static final Pattern REASON = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    /**
     * Escapes {@code detail}: no control characters, and no more than a thousand characters.
     *
     * @throws IllegalArgumentException if {@code reason} is not of its form
     */
    public CheckResult {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(outcome, "outcome");
        // The one word that most verdicts have many times over needs no matching.
        if (!reason.isEmpty()
                && !reason.equals(NOT_DEMANDED)
                && !REASON.matcher(reason).matches()) {
            throw new IllegalArgumentException("reason must be lower-case words joined by hyphens, found " + reason);
        }
        detail = Untrusted.line(detail, MAX_DETAIL);
    }

    /** A result whose outcome says it all. */
    public CheckResult(CheckId id, Outcome outcome, String detail) {
        this(id, outcome, "", detail);
    }

    @Override
    public String toString() {
        return outcome + " " + id + (reason.isEmpty() ? "" : " (" + reason + ")") + ": " + detail;
    }
}
