package org.verifiableai.chain.registry;

/** The registry contract refuses a call, by one of its named errors. Repeating the call does not help. */
public final class ContractException extends ChainException {

    private static final long serialVersionUID = 1L;

    private final String error;

    ContractException(String error, String message) {
        super(message, false);
        this.error = error;
    }

    /** The name of the contract's error, such as {@code NotPublisher}. */
    public String error() {
        return error;
    }
}
