package org.verifiableai.attestation.nvidia;

import java.util.Arrays;
import java.util.Optional;

/** The confidential-computing mode that a GPU states in opaque field 36. */
public enum FeatureFlag {
    /** Single-GPU passthrough. */
    SPT(0),
    /** Multi-GPU passthrough. */
    MPT(1),
    /** Protected PCIe: several GPUs and NVSwitches whose own links are not encrypted. */
    PPCIE(2);

    private final int value;

    FeatureFlag(int value) {
        this.value = value;
    }

    static Optional<FeatureFlag> of(int value) {
        return Arrays.stream(values()).filter(flag -> flag.value == value).findFirst();
    }
}
