package org.verifiableai.attestation.nvidia;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The identifier under which NVIDIA's service keeps a reference integrity manifest. Immutable.
 *
 * <p>Identifiers are made from what a device's signature covers and never from what somebody says beside it. A manifest
 * does not state its own: that it came under this identifier proves nothing, so its version has to be compared with the
 * report's.
 *
 * @param text letters, digits, dots, hyphens and underscores, 128 at most, such as {@code NV_GPU_DRIVER_GH100_550.90.07};
 *     safe as a part of an address or a file's name
 */
public record RimId(String text) {

    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,127}");
    private static final String OLDEST_BLACKWELL = "GB100";

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code text} holds anything else or is too long
     */
    public RimId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "rim id must be of 1 to 128 letters, digits, dots, hyphens and underscores, found " + text);
        }
    }

    /**
     * The manifest of the driver that a GPU reports.
     *
     * @return empty for a switch, which has no driver, and where the report does not name its driver
     */
    public static Optional<RimId> driver(GpuReport report, GpuArchitecture architecture) {
        OpaqueData opaque = report.opaqueData();
        Optional<String> product = switch (architecture) {
            case HOPPER -> Optional.of("NV_GPU_DRIVER_GH100");
            // Reports of the first Blackwell firmware do not name the chip.
            case BLACKWELL ->
                Optional.of("NV_GPU_CC_DRIVER_" + stated(opaque.chipInfo()).orElse(OLDEST_BLACKWELL));
            case LS10 -> Optional.empty();
        };
        return joined(Stream.of(product, stated(opaque.driverVersion())));
    }

    /**
     * The manifest of the firmware image that a device reports.
     *
     * @return empty where the report of a GPU does not name its board and chip
     */
    public static Optional<RimId> vbios(GpuReport report, GpuArchitecture architecture) {
        OpaqueData opaque = report.opaqueData();
        Optional<String> version = Optional.of(opaque.vbiosVersion().replace(".", ""));
        return architecture.kind() == DeviceKind.SWITCH
                ? joined(Stream.of(Optional.of("NV_SWITCH_BIOS_5612_0002_890"), version))
                : joined(Stream.of(
                                Optional.of("NV_GPU_VBIOS"),
                                stated(opaque.project()),
                                stated(opaque.projectSku()),
                                stated(opaque.chipSku()),
                                version)
                        .map(part -> part.map(text -> text.toUpperCase(Locale.ROOT))));
    }

    private static Optional<String> stated(Optional<String> part) {
        return part.filter(text -> !text.isEmpty());
    }

    /** Nothing if a part is missing, and nothing if a report's text is too long for an identifier. */
    private static Optional<RimId> joined(Stream<Optional<String>> parts) {
        return parts.reduce((a, b) -> a.flatMap(head -> b.map(tail -> head + "_" + tail)))
                .flatMap(text -> text)
                .filter(text -> FORM.matcher(text).matches())
                .map(RimId::new);
    }

    /** The identifier alone. */
    @Override
    public String toString() {
        return text;
    }
}
