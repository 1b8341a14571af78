package org.verifiableai.attestation.nvidia;

/** What kind of device signed a report. The two kinds fill some opaque fields differently. */
public enum DeviceKind {
    /** A GPU. */
    GPU,
    /** An NVSwitch. */
    SWITCH
}
