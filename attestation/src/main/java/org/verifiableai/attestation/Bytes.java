package org.verifiableai.attestation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.verifiableai.attestation.internal.Digests;

/**
 * An immutable string of bytes. Records hold these in place of arrays, so that equality and immutability are what a
 * reader expects.
 *
 * <p>Equality takes the same time wherever two strings of one length differ. {@link #toString()} is lower-case hex, whole
 * and never shortened.
 */
public final class Bytes {

    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final HexFormat HEX = HexFormat.of();
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final byte[] value;

    private Bytes(byte[] owned) {
        this.value = owned;
    }

    /** A copy of {@code value}. */
    public static Bytes of(byte... value) {
        return value.length == 0 ? EMPTY : new Bytes(value.clone());
    }

    /** A copy of {@code length} bytes of {@code value} from {@code offset}. */
    public static Bytes of(byte[] value, int offset, int length) {
        if (offset < 0 || length < 0 || length > value.length - offset) {
            throw new IllegalArgumentException(
                    "offset " + offset + " and length " + length + " do not lie within " + value.length + " bytes");
        }
        return new Bytes(Arrays.copyOfRange(value, offset, offset + length));
    }

    /** The UTF-8 bytes of {@code text}. */
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads hex digits of either case, without a prefix.
     *
     * @throws IllegalArgumentException if {@code hex} is of odd length or holds anything else
     */
    public static Bytes fromHex(String hex) {
        return new Bytes(HEX.parseHex(hex));
    }

    /** {@code length} zero bytes. */
    public static Bytes zeros(int length) {
        return new Bytes(new byte[length]);
    }

    /** The number of bytes. */
    public int size() {
        return value.length;
    }

    /** Whether there are no bytes. */
    public boolean isEmpty() {
        return value.length == 0;
    }

    /** Whether every byte is zero; true of {@link #EMPTY}. */
    public boolean isZero() {
        int any = 0;
        for (byte b : value) {
            any |= b;
        }
        return any == 0;
    }

    /** The byte at {@code index}, signed as Java has it. */
    public byte get(int index) {
        return value[index];
    }

    /** The byte at {@code index} as 0 to 255. */
    public int unsigned(int index) {
        return value[index] & 0xFF;
    }

    /** The bytes from {@code from}, inclusive, to {@code to}, exclusive. */
    public Bytes slice(int from, int to) {
        return of(value, from, to - from);
    }

    /** These bytes followed by {@code others} in turn. */
    public Bytes concat(Bytes... others) {
        int size = value.length;
        for (Bytes other : others) {
            size = Math.addExact(size, other.value.length);
        }
        byte[] joined = Arrays.copyOf(value, size);
        int at = value.length;
        for (Bytes other : others) {
            System.arraycopy(other.value, 0, joined, at, other.value.length);
            at += other.value.length;
        }
        return new Bytes(joined);
    }

    /** These bytes in the opposite order: little-endian to big-endian and back. */
    public Bytes reversed() {
        byte[] reversed = new byte[value.length];
        for (int i = 0; i < value.length; i++) {
            reversed[i] = value[value.length - 1 - i];
        }
        return new Bytes(reversed);
    }

    /** SHA-256 (FIPS 180-4) over these bytes, 32 bytes. */
    public Bytes sha256() {
        return new Bytes(Digests.sha256().digest(value));
    }

    /** SHA-384 (FIPS 180-4) over these bytes, 48 bytes. */
    public Bytes sha384() {
        return new Bytes(Digests.sha384().digest(value));
    }

    /** A fresh array that the caller owns. */
    public byte[] toByteArray() {
        return value.clone();
    }

    /** Lower-case hex, two digits a byte. */
    public String hex() {
        return HEX.formatHex(value);
    }

    /** Base64 with the standard alphabet and padding (RFC 4648, section 4). */
    public String base64() {
        return Base64.getEncoder().encodeToString(value);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Bytes that && sameBytes(value, that.value));
    }

    /** Eight bytes at a time, and always all of them. */
    private static boolean sameBytes(byte[] a, byte[] b) {
        if (a.length != b.length) {
            return false;
        }
        long difference = 0;
        int i = 0;
        for (; i <= a.length - Long.BYTES; i += Long.BYTES) {
            difference |= (long) LONGS.get(a, i) ^ (long) LONGS.get(b, i);
        }
        for (; i < a.length; i++) {
            difference |= a[i] ^ b[i];
        }
        return difference == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    /** Lower-case hex, whole. */
    @Override
    public String toString() {
        return hex();
    }
}
