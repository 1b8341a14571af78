package org.verifiableai.examples.vai;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.nvidia.DeviceResult;
import org.verifiableai.attestation.nvidia.MeasurementComparison;

/** One device on one line. */
final class GpuLine {

    private GpuLine() {}

    static String of(DeviceResult device) {
        List<String> words = new ArrayList<>();
        words.add(device.name());
        words.add(device.architecture().map(Enum::name).orElse("of no known architecture"));
        device.driverVersion().ifPresent(driver -> words.add("driver " + driver));
        device.vbiosVersion().ifPresent(vbios -> words.add("vbios " + vbios));
        device.mode().ifPresent(mode -> words.add(mode.name()));
        device.ueid().ifPresent(ueid -> words.add("ueid " + ueid));
        words.add(device.measurements().map(GpuLine::measurements).orElse("measurements not compared"));
        return String.join("  ", words);
    }

    private static String measurements(MeasurementComparison comparison) {
        return "measurements " + comparison.matched().size() + " matched, "
                + comparison.mismatches().size() + " mismatched, "
                + comparison.skipped().size() + " skipped";
    }
}
