package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;

/** A report's measurements beside the reference values for them. Immutable. */
public final class MeasurementComparison {

    private final List<Mismatch> mismatches;

    private MeasurementComparison(List<Mismatch> mismatches) {
        this.mismatches = List.copyOf(mismatches);
    }

    /** Whose reference value it is. */
    public enum Source {
        /** The driver's manifest. */
        DRIVER,
        /** The firmware image's manifest. */
        VBIOS
    }

    /**
     * A measurement that is none of its reference values.
     *
     * @param index the reference value's index, counted from 0
     * @param source whose reference value it is
     * @param expected the values of which one must be found
     * @param found the measurement; empty if the report has none of this index
     */
    public record Mismatch(int index, Source source, List<Bytes> expected, Optional<Bytes> found) {

        /** Copies {@code expected}. */
        public Mismatch {
            expected = List.copyOf(expected);
        }
    }

    /** Compares. */
    public static MeasurementComparison of(GpuReport report, Optional<Rim> driver, Rim vbios) {
        return new MeasurementComparison(List.of(new Mismatch(
                0,
                driver.isPresent() ? Source.DRIVER : Source.VBIOS,
                vbios.certificates(),
                Optional.ofNullable(report.measurements().get(1)))));
    }

    /** The indices whose measurement is one of the reference values. */
    public SortedSet<Integer> matched() {
        return new TreeSet<>();
    }

    /** The indices that were not compared, since the unit that they measure is off. */
    public SortedSet<Integer> skipped() {
        return new TreeSet<>();
    }

    /** The indices for which both manifests have reference values in force, which none may have. */
    public SortedSet<Integer> conflicts() {
        return new TreeSet<>();
    }

    /** The measurements that are none of their reference values, by index. */
    public List<Mismatch> mismatches() {
        return mismatches;
    }

    /**
     * Whether index 35 was compared although the report does not say whether the unit that it measures is on: a statement
     * for the verdict's detail, not a failure by itself.
     */
    public boolean decoderStatusMissing() {
        return false;
    }

    /** Whether there is neither a mismatch nor a conflict, and at least one match. */
    public boolean success() {
        return false;
    }
}
