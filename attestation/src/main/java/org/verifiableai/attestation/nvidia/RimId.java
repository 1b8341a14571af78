package org.verifiableai.attestation.nvidia;

import java.util.Objects;

/**
 * The identifier under which NVIDIA's service keeps a reference integrity manifest. Immutable.
 *
 * @param text the identifier, such as {@code NV_GPU_DRIVER_GH100_550.90.07}
 */
public record RimId(String text) {

    /** Checks that there is a text. */
    public RimId {
        Objects.requireNonNull(text, "text");
    }

    /** The driver's manifest. */
    public static RimId driver(GpuReport report, GpuArchitecture architecture) {
        return new RimId(report + " " + architecture);
    }

    /** The firmware image's manifest. */
    public static RimId vbios(GpuReport report, GpuArchitecture architecture) {
        return new RimId(report + " " + architecture);
    }

    @Override
    public String toString() {
        return text;
    }
}
