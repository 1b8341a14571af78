package org.verifiableai.attestation.internal.x509;

import java.util.Locale;
import java.util.Optional;

/** Whether a responder answers at all (OCSPResponseStatus; RFC 6960, section 4.2.1). Nobody signs it. */
public enum OcspResponseStatus {
    /** There is an answer. */
    SUCCESSFUL(0),
    /** The responder could not read the question. */
    MALFORMED_REQUEST(1),
    /** The responder is out of order. */
    INTERNAL_ERROR(2),
    /** The responder cannot answer now. */
    TRY_LATER(3),
    /** The responder wants the question signed. */
    SIG_REQUIRED(5),
    /** The responder does not answer this client, or not about this certificate. */
    UNAUTHORIZED(6);

    private final int number;

    OcspResponseStatus(int number) {
        this.number = number;
    }

    static Optional<OcspResponseStatus> ofNumber(int number) {
        for (OcspResponseStatus status : values()) {
            if (status.number == number) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Whether the same question may find an answer later. */
    public boolean retryable() {
        return this == TRY_LATER || this == INTERNAL_ERROR;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
