package org.verifiableai.attestation.nvidia.token;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A version of numbers with dots between them, such as {@code 550.90.07}; missing numbers count as zero. */
record DottedVersion(String text) implements Comparable<DottedVersion> {

    private static final Pattern FORM = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9}){0,7}");

    static Optional<DottedVersion> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new DottedVersion(text)) : Optional.empty();
    }

    @Override
    public int compareTo(DottedVersion other) {
        int[] left = numbers();
        int[] right = other.numbers();
        int length = Math.max(left.length, right.length);
        return Arrays.compare(Arrays.copyOf(left, length), Arrays.copyOf(right, length));
    }

    private int[] numbers() {
        return Pattern.compile("\\.")
                .splitAsStream(text)
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
