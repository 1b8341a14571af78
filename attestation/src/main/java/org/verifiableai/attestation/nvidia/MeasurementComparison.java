package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;

/**
 * A report's measurements beside the reference values in force for them. Immutable.
 *
 * <p>A measurement matches if it equals any one of its reference values. Indices count from 0 as in manifests, and
 * measurements without a reference value are passed over. Nothing here is verified: what a match is worth is what the
 * signatures of report and manifests are worth. Nor do the measurements cover everything: those that a driver's manifest
 * speaks of relate to firmware and configuration, and a kernel driver that was changed can leave them as they are.
 */
public final class MeasurementComparison {

    // What block 36 measures depends on whether video decoder 0 is on.
    private static final int DECODER_INDEX = 35;

    private final SortedSet<Integer> matched;
    private final SortedSet<Integer> skipped;
    private final SortedSet<Integer> conflicts;
    private final List<Mismatch> mismatches;
    private final boolean decoderStatusMissing;

    /** Whose reference values they are. */
    public enum Source {
        /** The driver's manifest. */
        DRIVER,
        /** The firmware image's manifest. */
        VBIOS
    }

    /**
     * A measurement that is none of its reference values.
     *
     * @param index the index, counted from 0
     * @param source whose reference values they are
     * @param expected the values of which one must be found
     * @param found the measurement; empty if the report has none at this index
     */
    public record Mismatch(int index, Source source, List<Bytes> expected, Optional<Bytes> found) {

        /** Copies {@code expected}. */
        public Mismatch {
            expected = List.copyOf(expected);
        }
    }

    /** Reference values of one index. */
    private record Golden(Source source, List<Bytes> values) {}

    private MeasurementComparison(GpuReport report, SortedMap<Integer, Golden> golden, SortedSet<Integer> conflicts) {
        Optional<UnitStatus> decoder = report.opaqueData().nvdec0Status();
        SortedSet<Integer> equal = new TreeSet<>();
        SortedSet<Integer> off = new TreeSet<>();
        List<Mismatch> other = new ArrayList<>();
        golden.forEach((index, reference) -> {
            // Reports count from 1.
            Optional<Bytes> found = Optional.ofNullable(report.measurements().get(index + 1));
            if (index == DECODER_INDEX && decoder.equals(Optional.of(UnitStatus.DISABLED))) {
                off.add(index);
            } else if (found.isPresent() && reference.values().contains(found.get())) {
                equal.add(index);
            } else {
                other.add(new Mismatch(index, reference.source(), reference.values(), found));
            }
        });
        this.matched = Collections.unmodifiableSortedSet(equal);
        this.skipped = Collections.unmodifiableSortedSet(off);
        this.conflicts = Collections.unmodifiableSortedSet(conflicts);
        this.mismatches = List.copyOf(other);
        this.decoderStatusMissing = golden.containsKey(DECODER_INDEX) && decoder.isEmpty();
    }

    /**
     * Compares a report with what its manifests say.
     *
     * <p>That a GPU needs both manifests and a switch its firmware image's alone is for the caller to hold: measurements
     * of which only the missing one speaks are not compared. Index 35 is left out where the report says that video decoder
     * 0 is off, and is compared as any other where it says that it is on or does not say.
     *
     * @param report the report
     * @param driver the manifest of the driver that it names
     * @param vbios the manifest of the firmware image that it names
     */
    public static MeasurementComparison of(GpuReport report, Optional<Rim> driver, Rim vbios) {
        return of(report, driver, Optional.of(vbios));
    }

    /** As {@link #of(GpuReport, Optional, Rim)}, with what there is. */
    static MeasurementComparison of(GpuReport report, Optional<Rim> driver, Optional<Rim> vbios) {
        SortedMap<Integer, Golden> golden = new TreeMap<>();
        SortedSet<Integer> conflicts = new TreeSet<>();
        vbios.ifPresent(rim ->
                rim.referenceValues().forEach((index, values) -> golden.put(index, new Golden(Source.VBIOS, values))));
        driver.ifPresent(rim -> rim.referenceValues().forEach((index, values) -> {
            if (golden.put(index, new Golden(Source.DRIVER, values)) != null) {
                conflicts.add(index);
            }
        }));
        golden.keySet().removeAll(conflicts);
        return new MeasurementComparison(report, golden, conflicts);
    }

    /** The indices at which the report has one of the reference values. */
    public SortedSet<Integer> matched() {
        return matched;
    }

    /** The indices that were not compared, since the unit that is measured there is off: 35 or none. */
    public SortedSet<Integer> skipped() {
        return skipped;
    }

    /** The indices for which both manifests have values in force. None may; they are not compared. */
    public SortedSet<Integer> conflicts() {
        return conflicts;
    }

    /** The measurements that are none of their reference values, by index. */
    public List<Mismatch> mismatches() {
        return mismatches;
    }

    /**
     * Whether index 35 was compared although the report does not say whether the unit that is measured there is on. Not a
     * failure by itself; NVIDIA's tools refuse such a report, or never look.
     */
    public boolean decoderStatusMissing() {
        return decoderStatusMissing;
    }

    /** Whether at least one measurement matches, and there is neither a mismatch nor a conflict. */
    public boolean success() {
        return !matched.isEmpty() && mismatches.isEmpty() && conflicts.isEmpty();
    }

    @Override
    public String toString() {
        return "MeasurementComparison[matched=" + matched + " skipped=" + skipped + " conflicts=" + conflicts
                + " mismatches=" + mismatches.stream().map(Mismatch::index).toList() + "]";
    }
}
