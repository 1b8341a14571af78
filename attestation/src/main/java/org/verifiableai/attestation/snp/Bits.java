package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;

/** Bits of a 64-bit field, in hex and by number. */
final class Bits {

    private Bits() {}

    static boolean isSet(long raw, int bit) {
        return ((raw >>> bit) & 1) != 0;
    }

    /** The bits from {@code first} on, in place. */
    static long from(long raw, int first) {
        return (raw >>> first) << first;
    }

    static String hex(long raw) {
        return "0x" + Long.toHexString(raw);
    }

    /** The number of each bit that is set, such as {@code bit 26}. */
    static List<String> numbers(long raw) {
        List<String> numbers = new ArrayList<>();
        for (long rest = raw; rest != 0; rest &= rest - 1) {
            numbers.add("bit " + Long.numberOfTrailingZeros(rest));
        }
        return numbers;
    }

    /** The field in hex, and behind it the numbers of those bits that have no name. */
    static String describe(long raw, long unknown) {
        return unknown == 0 ? hex(raw) : hex(raw) + " with unknown " + String.join(", ", numbers(unknown));
    }
}
