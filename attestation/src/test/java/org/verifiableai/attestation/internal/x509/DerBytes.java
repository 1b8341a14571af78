package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.util.Arrays;
import org.verifiableai.attestation.Bytes;

/** Puts DER together element by element, right or wrong as a test wants it. */
public final class DerBytes {

    private DerBytes() {}

    public static Bytes element(int tag, Bytes... content) {
        Bytes joined = Bytes.EMPTY.concat(content);
        return Bytes.of((byte) tag).concat(length(joined.size()), joined);
    }

    public static Bytes sequence(Bytes... content) {
        return element(Der.SEQUENCE, content);
    }

    public static Bytes set(Bytes... content) {
        return element(Der.SET, content);
    }

    public static Bytes context(int number, Bytes... content) {
        return element(Der.context(number), content);
    }

    public static Bytes integer(long value) {
        return element(Der.INTEGER, Bytes.of(BigInteger.valueOf(value).toByteArray()));
    }

    public static Bytes bool(boolean value) {
        return element(Der.BOOLEAN, Bytes.of((byte) (value ? 0xFF : 0)));
    }

    public static Bytes nothing() {
        return element(Der.NULL);
    }

    public static Bytes octets(Bytes content) {
        return element(Der.OCTET_STRING, content);
    }

    /** A BIT STRING of whole bytes. */
    public static Bytes bits(Bytes content) {
        return element(Der.BIT_STRING, Bytes.zeros(1), content);
    }

    public static Bytes utf8(String text) {
        return element(0x0C, Bytes.utf8(text));
    }

    public static Bytes ia5(String text) {
        return element(0x16, Bytes.utf8(text));
    }

    public static Bytes utcTime(String text) {
        return element(0x17, Bytes.utf8(text));
    }

    public static Bytes generalizedTime(String text) {
        return element(0x18, Bytes.utf8(text));
    }

    public static Bytes oid(String dotted) {
        long[] arcs = Arrays.stream(dotted.split("\\.", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        Bytes content = arc(40 * arcs[0] + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            content = content.concat(arc(arcs[i]));
        }
        return element(Der.OID, content);
    }

    private static Bytes arc(long value) {
        Bytes encoded = Bytes.of((byte) (value & 0x7F));
        for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
            encoded = Bytes.of((byte) (0x80 | (rest & 0x7F))).concat(encoded);
        }
        return encoded;
    }

    private static Bytes length(int size) {
        if (size < 0x80) {
            return Bytes.of((byte) size);
        }
        byte[] octets = BigInteger.valueOf(size).toByteArray();
        Bytes magnitude = Bytes.of(octets).slice(octets[0] == 0 ? 1 : 0, octets.length);
        return Bytes.of((byte) (0x80 | magnitude.size())).concat(magnitude);
    }
}
