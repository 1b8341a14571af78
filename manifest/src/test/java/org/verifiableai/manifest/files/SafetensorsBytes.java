package org.verifiableai.manifest.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.verifiableai.attestation.Bytes;

/** Files in the safetensors format, right and wrong. */
public final class SafetensorsBytes {

    private SafetensorsBytes() {}

    /** A file of one tensor. */
    public static Bytes sound() {
        return of("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", 8);
    }

    /** Any header, then so many zero bytes of data. */
    public static Bytes of(String header, int dataSize) {
        return of(Bytes.utf8(header), dataSize);
    }

    /** Any header, then so many zero bytes of data. */
    public static Bytes of(Bytes header, int dataSize) {
        return length(header.size()).concat(header, Bytes.zeros(dataSize));
    }

    /** The length field alone. */
    static Bytes length(long length) {
        return Bytes.of(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
    }
}
