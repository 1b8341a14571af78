package org.verifiableai.attestation;

/**
 * Something that a verification needs could not be had: a key service is down, a device is missing, the network is
 * forbidden. It is neither an acceptance nor a rejection, and nobody may cache it as either.
 */
public final class EvidenceUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /**
     * Says what could not be had.
     *
     * @param message what was needed and from where
     * @param retryable whether the same call may succeed later without any change by the caller
     */
    public EvidenceUnavailableException(String message, boolean retryable) {
        super(message);
        this.retryable = retryable;
    }

    /**
     * Says what could not be had and why.
     *
     * @param message what was needed and from where
     * @param retryable whether the same call may succeed later without any change by the caller
     * @param cause what went wrong underneath
     */
    public EvidenceUnavailableException(String message, boolean retryable, Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later without any change by the caller. */
    public boolean retryable() {
        return retryable;
    }
}
