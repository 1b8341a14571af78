package org.verifiableai.attestation.snp;

/** Why certificates do not form a chain. */
final class BrokenChainException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenChainException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
