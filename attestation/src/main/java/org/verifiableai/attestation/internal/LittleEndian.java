package org.verifiableai.attestation.internal;

import org.verifiableai.attestation.Bytes;

/** Numbers with the least significant byte first, as machines write them. Callers have checked that they lie within. */
public final class LittleEndian {

    private LittleEndian() {}

    /** The {@code size} bytes from {@code offset}, at most 8, as an unsigned number. */
    public static long read(Bytes raw, int offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | raw.unsigned(offset + i);
        }
        return value;
    }

    /** The 2 bytes from {@code offset}, unsigned. */
    public static int u16(byte[] raw, int offset) {
        return (raw[offset] & 0xFF) | (raw[offset + 1] & 0xFF) << 8;
    }

    /** The 4 bytes from {@code offset}, unsigned. */
    public static long u32(byte[] raw, int offset) {
        return u16(raw, offset) | (long) u16(raw, offset + 2) << 16;
    }

    /** The low 32 bits, 4 bytes. */
    public static Bytes u32(long value) {
        return bytes(value, Integer.BYTES);
    }

    /** All 64 bits, 8 bytes. */
    public static Bytes u64(long value) {
        return bytes(value, Long.BYTES);
    }

    /** Writes the low 16 bits at {@code offset}. */
    public static void put16(byte[] raw, int offset, int value) {
        put(raw, offset, value, Short.BYTES);
    }

    /** Writes the low 32 bits at {@code offset}. */
    public static void put32(byte[] raw, int offset, long value) {
        put(raw, offset, value, Integer.BYTES);
    }

    /** Writes all 64 bits at {@code offset}. */
    public static void put64(byte[] raw, int offset, long value) {
        put(raw, offset, value, Long.BYTES);
    }

    /** A GUID as firmware tables hold it: its first three groups little-endian, its last two as printed. */
    public static Bytes guid(String printed) {
        Bytes digits = Bytes.fromHex(printed.replace("-", ""));
        return digits.slice(0, 4)
                .reversed()
                .concat(digits.slice(4, 6).reversed(), digits.slice(6, 8).reversed(), digits.slice(8, 16));
    }

    private static Bytes bytes(long value, int size) {
        byte[] raw = new byte[size];
        put(raw, 0, value, size);
        return Bytes.of(raw);
    }

    private static void put(byte[] raw, int offset, long value, int size) {
        for (int i = 0; i < size; i++) {
            raw[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
