package org.verifiableai.attestation;

import java.util.List;
import java.util.stream.Collectors;

/** Evidence was rejected and the caller asked for the verified value all the same. */
public final class VerificationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<CheckResult> checks;

    VerificationException(List<CheckResult> checks) {
        super(checks.stream()
                .filter(c -> c.outcome() == Outcome.FAILED)
                .map(c -> c.id() + ": " + c.detail())
                .collect(Collectors.joining("; ", "rejected: ", "")));
        this.checks = List.copyOf(checks);
    }

    /** Every check of the rejection; empty after Java serialisation. */
    public List<CheckResult> checks() {
        return checks == null ? List.of() : checks;
    }
}
