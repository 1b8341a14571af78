package org.verifiableai.attestation.snp;

import org.verifiableai.attestation.Bytes;

/** Integers as AMD's structures have them: least significant byte first. */
final class LittleEndian {

    private LittleEndian() {}

    /** The {@code size} bytes from {@code offset}, at most 8, as an unsigned number. */
    static long read(Bytes raw, int offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | raw.unsigned(offset + i);
        }
        return value;
    }

    /** The low 32 bits, 4 bytes. */
    static Bytes u32(long value) {
        return write(value, Integer.BYTES);
    }

    /** All 64 bits, 8 bytes. */
    static Bytes u64(long value) {
        return write(value, Long.BYTES);
    }

    private static Bytes write(long value, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return Bytes.of(bytes);
    }
}
