package org.verifiableai.attestation.snp;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the SNP firmware, such as 1.55.40. Versions are ordered by major, then minor, then build. Unlike a
 * {@link TcbVersion} it says nothing about security by itself: a later build of an older line can have fixes that an
 * earlier build of a newer line has not.
 *
 * @param major its first number, 0 to 255
 * @param minor its second number, 0 to 255
 * @param build its third number, 0 to 255
 */
public record FirmwareVersion(int major, int minor, int build) implements Comparable<FirmwareVersion> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
    private static final int MAX = 255;
    private static final Comparator<FirmwareVersion> ORDER = Comparator.comparingInt(FirmwareVersion::major)
            .thenComparingInt(FirmwareVersion::minor)
            .thenComparingInt(FirmwareVersion::build);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is not of 0 to 255
     */
    public FirmwareVersion {
        for (int number : new int[] {major, minor, build}) {
            if (number < 0 || number > MAX) {
                throw new IllegalArgumentException(
                        "firmware version must be of 0.0.0 to 255.255.255, found " + major + "." + minor + "." + build);
            }
        }
    }

    /**
     * Reads the form of {@link #toString()}.
     *
     * @throws IllegalArgumentException if {@code text} is not of the form
     */
    public static FirmwareVersion parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("firmware version must be of the form 1.55.40, found " + text);
        }
        return new FirmwareVersion(
                Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
    }

    /** Whether this is {@code minimum} or later. */
    public boolean atLeast(FirmwareVersion minimum) {
        return compareTo(minimum) >= 0;
    }

    @Override
    public int compareTo(FirmwareVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + build;
    }
}
