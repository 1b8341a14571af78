package org.verifiableai.attestation;

import java.util.Objects;
import org.verifiableai.attestation.internal.Untrusted;

/**
 * One check and what came of it.
 *
 * @param id which check
 * @param outcome what came of it
 * @param detail one line for a person: what was found, and for a failure what was expected. Untrusted text in it is
 *     escaped and limited in length.
 */
public record CheckResult(CheckId id, Outcome outcome, String detail) {

    private static final int MAX_DETAIL = 1000;

    /** Escapes {@code detail}: no control characters, and no more than a thousand characters. */
    public CheckResult {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(outcome, "outcome");
        detail = Untrusted.line(detail, MAX_DETAIL);
    }

    @Override
    public String toString() {
        return outcome + " " + id + ": " + detail;
    }
}
