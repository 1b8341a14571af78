package org.verifiableai.manifest;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a policy demands of one hyper-parameter. Values are compared as {@link Job#hyperParameters()} gives them: numbers in
 * decimal, switches as {@code true} or {@code false}, lists as JSON. Immutable.
 *
 * @param accepted the values that will do; empty if they are not counted up
 * @param minimum the smallest number that will do; empty if none is named
 * @param maximum the largest number that will do; empty if none is named
 * @param absent whether the job must not name the parameter at all
 */
public record HyperParameterDemand(
        SortedSet<String> accepted, Optional<BigDecimal> minimum, Optional<BigDecimal> maximum, boolean absent) {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,200}(\\.[0-9]{1,200})?");

    /**
     * Copies.
     *
     * @throws IllegalArgumentException if values and a range come together, if the range is empty, or if an absent parameter
     *     is to have a value
     */
    public HyperParameterDemand {
        accepted = Collections.unmodifiableSortedSet(new TreeSet<>(accepted));
        boolean range = minimum.isPresent() || maximum.isPresent();
        if ((accepted.isEmpty() ? 0 : 1) + (range ? 1 : 0) + (absent ? 1 : 0) > 1) {
            throw new IllegalArgumentException(
                    "hyper-parameter demand must be values, a range or absence, found several");
        }
        if (minimum.isPresent() && maximum.isPresent() && minimum.get().compareTo(maximum.get()) > 0) {
            throw new IllegalArgumentException("hyper-parameter demand must be a range from low to high, found "
                    + minimum.get().toPlainString() + " to " + maximum.get().toPlainString());
        }
    }

    /**
     * One of these values.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static HyperParameterDemand oneOf(String... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("hyper-parameter demand must name at least 1 value, found 0");
        }
        return new HyperParameterDemand(new TreeSet<>(Set.of(values)), Optional.empty(), Optional.empty(), false);
    }

    /** A number from {@code minimum} to {@code maximum}, both included. */
    public static HyperParameterDemand between(BigDecimal minimum, BigDecimal maximum) {
        return new HyperParameterDemand(
                Collections.emptySortedSet(), Optional.of(minimum), Optional.of(maximum), false);
    }

    /** Any value, but one. */
    public static HyperParameterDemand present() {
        return new HyperParameterDemand(Collections.emptySortedSet(), Optional.empty(), Optional.empty(), false);
    }

    /** No such parameter. */
    public static HyperParameterDemand refused() {
        return new HyperParameterDemand(Collections.emptySortedSet(), Optional.empty(), Optional.empty(), true);
    }

    /** Says why {@code value} will not do; empty if it will. */
    Optional<String> defect(Optional<String> value) {
        if (absent) {
            return value.map(found -> "expected none, found " + found);
        }
        if (value.isEmpty()) {
            return Optional.of("expected a value, found none");
        }
        String found = value.get();
        if (!accepted.isEmpty()) {
            return accepted.contains(found)
                    ? Optional.empty()
                    : Optional.of("expected " + String.join(" or ", accepted) + ", found " + found);
        }
        if (minimum.isEmpty() && maximum.isEmpty()) {
            return Optional.empty();
        }
        if (!NUMBER.matcher(found).matches()) {
            return Optional.of("expected a number, found " + found);
        }
        BigDecimal number = new BigDecimal(found);
        boolean within = minimum.filter(low -> number.compareTo(low) < 0).isEmpty()
                && maximum.filter(high -> number.compareTo(high) > 0).isEmpty();
        return within
                ? Optional.empty()
                : Optional.of("expected "
                        + minimum.map(low -> "at least " + low.toPlainString()).orElse("any number")
                        + maximum.map(high -> ", at most " + high.toPlainString())
                                .orElse("") + ", found " + found);
    }
}
