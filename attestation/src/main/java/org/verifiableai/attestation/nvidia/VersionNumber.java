package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version of numbers joined by dots, compared number by number: 550.9 comes before 550.90, and 550 equals 550.0. Immutable.
 *
 * @param text the version in upper case
 * @param numbers its numbers
 */
record VersionNumber(String text, List<Integer> numbers) implements Comparable<VersionNumber> {

    // Eight digits fit an int, and there is no version of more parts.
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,8}(\\.[0-9]{1,8}){0,7}");
    private static final Pattern HEX_PAIRS = Pattern.compile("[0-9A-Fa-f]{2}(\\.[0-9A-Fa-f]{2}){4}");

    VersionNumber {
        numbers = List.copyOf(numbers);
    }

    /** A driver's: decimal numbers, such as 550.90.07. */
    static Optional<VersionNumber> ofDriver(String text) {
        return DECIMAL.matcher(text).matches() ? Optional.of(of(text, 10)) : Optional.empty();
    }

    /** A firmware image's: five pairs of hex digits, such as 96.00.9F.00.01. */
    static Optional<VersionNumber> ofVbios(String text) {
        return HEX_PAIRS.matcher(text).matches() ? Optional.of(of(text, 16)) : Optional.empty();
    }

    private static VersionNumber of(String text, int radix) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            numbers.add(Integer.parseInt(part, radix));
        }
        return new VersionNumber(text.toUpperCase(Locale.ROOT), numbers);
    }

    /** Consistent with the numbers and not with the text: 550.0 and 550 are neither before the other. */
    @Override
    public int compareTo(VersionNumber other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = Integer.compare(at(i), other.at(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int at(int i) {
        return i < numbers.size() ? numbers.get(i) : 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
