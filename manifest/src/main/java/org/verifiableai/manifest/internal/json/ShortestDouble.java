package org.verifiableai.manifest.internal.json;

import java.math.BigInteger;

/**
 * Writes a double as ECMAScript does (ECMA-262, Number::toString with radix 10; RFC 8785, section 3.2.2.3): the fewest
 * digits that read back as the same double, and of those the nearest to it. {@code Double.toString} of Java 17 does not
 * always find them.
 *
 * <p>The digits are found as R. Giulietti describes in "The Schubfach way to render doubles": a double stands for every
 * real number that rounds to it; among the multiples of the largest power of ten that is not wider than this interval at
 * most two neighbours of the double have to be tried, and among the multiples of ten times that power at most two more.
 */
final class ShortestDouble {

    private static final int FRACTION_BITS = 52;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final int MIN_EXPONENT = -1074;

    /** Decimal point positions between which ECMAScript writes no exponent. */
    private static final int MAX_PLAIN_POINT = 21;

    private static final int MIN_PLAIN_POINT = -6;

    private ShortestDouble() {}

    /** Appends {@code value}, which is finite. Both zeros are {@code 0}. */
    static void append(double value, StringBuilder out) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " is no JSON number");
        }
        if (value == 0) {
            out.append('0');
            return;
        }
        if (value < 0) {
            out.append('-');
        }
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & (HIDDEN_BIT - 1);
        int biased = (int) (bits >>> FRACTION_BITS) & 0x7FF;
        // value = significand * 2^exponent
        if (biased == 0) {
            append(fraction, MIN_EXPONENT, out);
        } else {
            append(HIDDEN_BIT | fraction, MIN_EXPONENT + biased - 1, out);
        }
    }

    private static void append(long significand, int exponent, StringBuilder out) {
        // At a power of two the next double below is only half as far away.
        boolean even = (significand & 1) == 0;
        boolean narrowBelow = significand == HIDDEN_BIT && exponent > MIN_EXPONENT;
        int power = narrowBelow ? floorLog10ThreeQuartersPow2(exponent) : floorLog10Pow2(exponent);

        // In units of a quarter of 10^power, rounded to odd so that comparisons with whole units come out exactly: the
        // value, and the ends of its interval.
        Scale scale = new Scale(power, exponent);
        long value = scale.quarters(significand << 2);
        long low = scale.quarters((significand << 2) - (narrowBelow ? 1 : 2));
        long high = scale.quarters((significand << 2) + 2);
        // Ties round to even: the ends belong to the interval of an even significand only.
        long lowest = even ? low : low + 1;
        long highest = even ? high : high - 1;

        long below = value >> 2;
        if (below >= 10) {
            long tensBelow = below / 10 * 10;
            boolean belowFits = lowest <= 4 * tensBelow;
            boolean aboveFits = 4 * (tensBelow + 10) <= highest;
            if (belowFits != aboveFits) {
                write(belowFits ? tensBelow : tensBelow + 10, power, out);
                return;
            }
        }
        boolean belowFits = lowest <= 4 * below;
        boolean aboveFits = 4 * (below + 1) <= highest;
        if (belowFits == aboveFits) {
            // Both fit (one always does): the nearer, and of two as near the even one.
            long beyondMiddle = value - (4 * below + 2);
            belowFits = beyondMiddle < 0 || (beyondMiddle == 0 && (below & 1) == 0);
        }
        write(belowFits ? below : below + 1, power, out);
    }

    /** Writes {@code digits * 10^power} in the layout of ECMAScript. */
    private static void write(long digits, int power, StringBuilder out) {
        while (digits % 10 == 0) {
            digits /= 10;
            power++;
        }
        String text = Long.toString(digits);
        int count = text.length();
        int point = count + power;
        if (count <= point && point <= MAX_PLAIN_POINT) {
            out.append(text).append("0".repeat(point - count));
        } else if (0 < point && point <= MAX_PLAIN_POINT) {
            out.append(text, 0, point).append('.').append(text, point, count);
        } else if (MIN_PLAIN_POINT < point && point <= 0) {
            out.append("0.").append("0".repeat(-point)).append(text);
        } else {
            out.append(text.charAt(0));
            if (count > 1) {
                out.append('.').append(text, 1, count);
            }
            out.append(point > 0 ? "e+" : "e-").append(Math.abs(point - 1));
        }
    }

    // Fixed-point logarithms, exact for every exponent of a double: log10(2) and log10(3/4) times 2^41, log2(10) times
    // 2^38.
    private static int floorLog10Pow2(int exponent) {
        return (int) ((exponent * 661_971_961_083L) >> 41);
    }

    private static int floorLog10ThreeQuartersPow2(int exponent) {
        return (int) ((exponent * 661_971_961_083L - 274_743_187_321L) >> 41);
    }

    private static int floorLog2Pow10(int power) {
        return (int) ((power * 913_124_641_741L) >> 38);
    }

    /** Multiplies by 2^exponent / 10^power, for one pair of both. */
    private static final class Scale {

        private final long high;
        private final long low;
        private final int shift;

        Scale(int power, int exponent) {
            this.high = Powers.HIGH[power - Powers.MIN];
            this.low = Powers.LOW[power - Powers.MIN];
            this.shift = exponent + floorLog2Pow10(-power) + 2;
        }

        /**
         * The whole part of {@code factor * 2^exponent / 10^power}; where a fraction is left, its last bit is set. The
         * product has 126 + 63 bits, of which those below the lowest 63 of the table's precision cannot matter.
         */
        long quarters(long factor) {
            long shifted = factor << shift;
            long middle = ((high * shifted) >>> 1) + Math.multiplyHigh(low, shifted);
            long whole = Math.multiplyHigh(high, shifted) + (middle >>> 63);
            return (middle & Long.MAX_VALUE) == 0 ? whole : whole | 1;
        }
    }

    /** 10^-power as 126-bit numbers rounded up, in two halves of 63 bits, for every power that a double needs. */
    private static final class Powers {

        static final int MIN = -324;
        static final int MAX = 292;
        static final long[] HIGH = new long[MAX - MIN + 1];
        static final long[] LOW = new long[MAX - MIN + 1];

        static {
            for (int power = MIN; power <= MAX; power++) {
                // 10^-power * 2^scale lies between 2^125 and 2^126.
                int scale = 125 - floorLog2Pow10(-power);
                BigInteger ten = BigInteger.TEN.pow(Math.abs(power));
                BigInteger floor;
                if (power > 0) {
                    floor = BigInteger.ONE.shiftLeft(scale).divide(ten);
                } else {
                    floor = ten.shiftLeft(scale);
                }
                BigInteger above = floor.add(BigInteger.ONE);
                HIGH[power - MIN] = above.shiftRight(63).longValueExact();
                LOW[power - MIN] = above.longValue() & Long.MAX_VALUE;
            }
        }

        private Powers() {}
    }
}
