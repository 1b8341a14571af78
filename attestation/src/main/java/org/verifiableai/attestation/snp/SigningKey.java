package org.verifiableai.attestation.snp;

/** Which key of the processor signed a report: SIGNING_KEY of KEY_INFO. */
public enum SigningKey {
    /** The versioned chip endorsement key, derived from the chip's secrets and its TCB. */
    VCEK,
    /** The versioned loaded endorsement key, which AMD gave to a cloud provider. It names a provider and no chip. */
    VLEK,
    /** No key: the report is not signed. */
    NONE,
    /** A value that the ABI reserves. */
    RESERVED;

    private static final int MASK = 0b111;

    static SigningKey ofKeyInfo(long keyInfo) {
        return switch ((int) (keyInfo >>> 2) & MASK) {
            case 0 -> VCEK;
            case 1 -> VLEK;
            case 7 -> NONE;
            default -> RESERVED;
        };
    }
}
