package org.verifiableai.manifest.files;

import java.util.Optional;

/** What the elements of a tensor in a safetensors file are, by the name that the format gives them. */
public enum SafetensorsDtype {
    /** A truth value in one byte. */
    BOOL(8),
    /** Four bits of floating point. */
    F4(4),
    /** Six bits of floating point, two of them exponent. */
    F6_E2M3(6),
    /** Six bits of floating point, three of them exponent. */
    F6_E3M2(6),
    /** An unsigned byte. */
    U8(8),
    /** A signed byte. */
    I8(8),
    /** Eight bits of floating point, five of them exponent. */
    F8_E5M2(8),
    /** Eight bits of floating point, four of them exponent. */
    F8_E4M3(8),
    /** Eight bits of exponent alone, a scale. */
    F8_E8M0(8),
    /** Eight bits of floating point, four of them exponent, without a negative zero. */
    F8_E4M3FNUZ(8),
    /** Eight bits of floating point, five of them exponent, without a negative zero. */
    F8_E5M2FNUZ(8),
    /** A signed integer of 16 bits. */
    I16(16),
    /** An unsigned integer of 16 bits. */
    U16(16),
    /** IEEE 754 binary16. */
    F16(16),
    /** The upper half of a binary32. */
    BF16(16),
    /** A signed integer of 32 bits. */
    I32(32),
    /** An unsigned integer of 32 bits. */
    U32(32),
    /** IEEE 754 binary32. */
    F32(32),
    /** A complex number of two binary32. */
    C64(64),
    /** IEEE 754 binary64. */
    F64(64),
    /** A signed integer of 64 bits. */
    I64(64),
    /** An unsigned integer of 64 bits. */
    U64(64);

    private final int bits;

    SafetensorsDtype(int bits) {
        this.bits = bits;
    }

    /** The size of one element in bits; elements below a byte lie packed. */
    public int bits() {
        return bits;
    }

    /** The type of that name, spelled as in the format, or none. */
    static Optional<SafetensorsDtype> named(String name) {
        try {
            return Optional.of(valueOf(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
