package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import org.verifiableai.attestation.Bytes;

/** Writes the few DER elements (X.690) of which a request consists. */
final class DerWriter {

    private DerWriter() {}

    static Bytes element(int tag, Bytes... content) {
        Bytes joined = Bytes.EMPTY.concat(content);
        return Bytes.of((byte) tag).concat(length(joined.size()), joined);
    }

    static Bytes sequence(Bytes... content) {
        return element(Der.SEQUENCE, content);
    }

    static Bytes octets(Bytes content) {
        return element(Der.OCTET_STRING, content);
    }

    static Bytes integer(BigInteger value) {
        return element(Der.INTEGER, Bytes.of(value.toByteArray()));
    }

    static Bytes isTrue() {
        return element(Der.BOOLEAN, Bytes.of((byte) 0xFF));
    }

    /** An OBJECT IDENTIFIER from its dotted form. */
    static Bytes oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        Bytes content = arc(40 * Long.parseLong(arcs[0]) + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            content = content.concat(arc(Long.parseLong(arcs[i])));
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
        int sign = octets[0] == 0 ? 1 : 0;
        return Bytes.of((byte) (0x80 | (octets.length - sign))).concat(Bytes.of(octets, sign, octets.length - sign));
    }
}
