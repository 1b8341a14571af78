package org.verifiableai.chain.registry;

/**
 * A chain did not do what was asked: it could not be reached, answered with an error, or ran a transaction that failed.
 * Whether a write took effect is then unknown unless the message says so; every write of this package may be repeated.
 */
public class ChainException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    ChainException(String message, boolean retryable) {
        super(message);
        this.retryable = retryable;
    }

    ChainException(String message, boolean retryable, Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later without any change by the caller. */
    public boolean retryable() {
        return retryable;
    }
}
