package org.verifiableai.attestation.machine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The confidential-computing mode of a GPU, as the driver tells the guest. No report of a GPU states it, so that it is as
 * true as the guest's software is honest: {@link CcStatement} says how the guest states it.
 */
public enum CcMode {
    /** Confidential computing is on. */
    ON,
    /** Protected PCIe: several GPUs work as one, and confidential computing as such is off. */
    PPCIE,
    /** Confidential computing is on with its debugging interfaces open: nothing is confidential. */
    DEVTOOLS,
    /** Confidential computing is off. */
    OFF;

    private final String word;

    CcMode() {
        this.word = name().toLowerCase(Locale.ROOT);
    }

    /** The word for this mode in JSON, such as {@code devtools}. */
    String word() {
        return word;
    }

    /** Whether what runs on the GPU is kept from the host. */
    boolean isConfidential() {
        return this == ON || this == PPCIE;
    }

    static Optional<CcMode> ofWord(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word.equals(word)).findFirst();
    }
}
