package org.verifiableai.attestation;

import java.util.Locale;
import java.util.Optional;

/**
 * What a check of revocation found. It is the {@link CheckResult#reason()} of such a check, so that a caller can tell a
 * certificate that was withdrawn from an answer that could not be had.
 */
public enum RevocationStatus {
    /** A current answer of the authority does not name the certificates, or calls them good. */
    GOOD,
    /**
     * The authority has suspended one of the certificates, and may yet lift or complete that (reason certificateHold, RFC
     * 5280, section 5.3.1).
     */
    HELD,
    /** The authority has withdrawn one of the certificates. */
    REVOKED,
    /** A current answer of the authority says that it does not know one of the certificates, or never issued it. */
    UNKNOWN,
    /** The authority's answers are genuine, and none of them is current: ask it again. */
    STALE,
    /** There is no answer of the authority: get one. */
    UNAVAILABLE,
    /** What claims to be the authority's answer is not signed by it. */
    BAD_SIGNATURE;

    private final String reason;

    RevocationStatus() {
        reason = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The stable word for this status, such as {@code bad-signature}. */
    public String reason() {
        return reason;
    }

    /** The status that {@code result} found; empty if it is no check of revocation or did not run. */
    public static Optional<RevocationStatus> of(CheckResult result) {
        for (RevocationStatus status : values()) {
            if (status.reason.equals(result.reason())) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
