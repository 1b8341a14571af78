package org.verifiableai.attestation.snp.launch;

import org.verifiableai.attestation.Bytes;

/** Unsigned little-endian numbers within bytes. Callers have checked that they lie within. */
final class LittleEndian {

    private LittleEndian() {}

    static int u16(byte[] bytes, int offset) {
        return (int) read(bytes, offset, 2);
    }

    static long u32(byte[] bytes, int offset) {
        return read(bytes, offset, 4);
    }

    static void put16(byte[] bytes, int offset, int value) {
        write(bytes, offset, value, 2);
    }

    static void put32(byte[] bytes, int offset, long value) {
        write(bytes, offset, value, 4);
    }

    static void put64(byte[] bytes, int offset, long value) {
        write(bytes, offset, value, 8);
    }

    /** A GUID as firmware and hash tables hold it: its first three groups little-endian, its last two as printed. */
    static Bytes guid(String printed) {
        Bytes digits = Bytes.fromHex(printed.replace("-", ""));
        return digits.slice(0, 4)
                .reversed()
                .concat(digits.slice(4, 6).reversed(), digits.slice(6, 8).reversed(), digits.slice(8, 16));
    }

    private static long read(byte[] bytes, int offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[offset + i] & 0xFF);
        }
        return value;
    }

    private static void write(byte[] bytes, int offset, long value, int size) {
        for (int i = 0; i < size; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
