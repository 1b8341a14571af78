package org.verifiableai.attestation.nvidia;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Families of devices, by the names that NVIDIA's tools give them. */
public enum GpuArchitecture {
    /** Hopper GPUs, such as GH100. */
    HOPPER(DeviceKind.GPU, "GH1[0-9]{2} .*", "GH1[0-9]{2}"),
    /** Blackwell GPUs, such as GB100. */
    BLACKWELL(DeviceKind.GPU, "GB[12][0-9]{2} .*", "GB[12][0-9]{2}"),
    /** NVSwitch of the third generation. */
    LS10(DeviceKind.SWITCH, "LS_10 .*", "LS10");

    private final DeviceKind kind;
    private final Pattern commonName;
    private final Pattern product;

    GpuArchitecture(DeviceKind kind, String commonName, String product) {
        this.kind = kind;
        this.commonName = Pattern.compile(commonName);
        this.product = Pattern.compile(product);
    }

    /** Whether its devices are GPUs or switches. */
    public DeviceKind kind() {
        return kind;
    }

    /** The architecture of a device by the common name of its identity certificate, such as {@code GH100 A01 GSP BROM}. */
    static Optional<GpuArchitecture> ofCommonName(String name) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.commonName.matcher(name).matches())
                .findFirst();
    }

    /** Whether a manifest of this product, such as {@code GH100}, is of devices of this architecture. */
    boolean isProduct(String name) {
        return product.matcher(name).matches();
    }

    /** The architecture of exactly this name. */
    static Optional<GpuArchitecture> ofName(String name) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.name().equals(name))
                .findFirst();
    }
}
