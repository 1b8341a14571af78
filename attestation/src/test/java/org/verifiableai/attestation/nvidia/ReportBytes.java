package org.verifiableai.attestation.nvidia;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.verifiableai.attestation.Bytes;

/** Puts a report together byte by byte, with nothing between a test and a defect. */
final class ReportBytes {

    static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    static final Bytes SIGNATURE = Bytes.fromHex("5c".repeat(96));

    String request = "11e001ff" + NONCE.hex() + "00";
    String responseHead = "11600000";
    int blocks = 2;
    Bytes record = block(1, 1, Bytes.fromHex("01".repeat(48))).concat(block(2, 1, Bytes.fromHex("02".repeat(48))));
    long recordLength = -1;
    int opaqueLength = -1;
    Bytes tail = Bytes.EMPTY;
    final Map<Integer, Bytes> fields = new LinkedHashMap<>();
    Bytes extraOpaque = Bytes.EMPTY;

    ReportBytes() {
        fields.put(6, Bytes.fromHex("009f009601000000"));
        fields.put(17, Bytes.utf8("1010\0"));
        fields.put(3, Bytes.utf8("550.90.07\0"));
        fields.put(11, Bytes.fromHex("55"));
    }

    static Bytes block(int index, int specification, Bytes value) {
        return block(index, specification, value.size() + 3, value.size(), value);
    }

    static Bytes block(int index, int specification, int size, int valueSize, Bytes value) {
        return Bytes.of((byte) index, (byte) specification)
                .concat(u16(size), Bytes.of((byte) 1), u16(valueSize), value);
    }

    static Bytes field(int type, Bytes data) {
        return u16(type).concat(u16(data.size()), data);
    }

    static Bytes u16(int value) {
        return Bytes.of((byte) value, (byte) (value >> 8));
    }

    Bytes signed() {
        ByteArrayOutputStream opaque = new ByteArrayOutputStream();
        fields.forEach((type, data) -> opaque.writeBytes(field(type, data).toByteArray()));
        opaque.writeBytes(extraOpaque.toByteArray());
        long length = recordLength < 0 ? record.size() : recordLength;
        return Bytes.fromHex(request + responseHead)
                .concat(
                        Bytes.of((byte) blocks, (byte) length, (byte) (length >> 8), (byte) (length >> 16)),
                        record,
                        Bytes.fromHex("b2".repeat(32)),
                        u16(opaqueLength < 0 ? opaque.size() : opaqueLength),
                        Bytes.of(opaque.toByteArray()));
    }

    Bytes build() {
        return signed().concat(SIGNATURE, tail);
    }
}
