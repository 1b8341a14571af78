package org.verifiableai.attestation.nvidia;

/** Whether a unit of a GPU is on, as an opaque field of one byte states it. */
public enum UnitStatus {
    /** The byte is 0xaa. */
    ENABLED,
    /** The byte is 0x55. */
    DISABLED
}
