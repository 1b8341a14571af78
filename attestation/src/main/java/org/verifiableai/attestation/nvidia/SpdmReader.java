package org.verifiableai.attestation.nvidia;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * Reads little-endian fields in turn and refuses to read past its end. Offsets are 64-bit, and those in its exceptions
 * count from the start of the report also where the reader sees a part of it. Not thread-safe.
 */
final class SpdmReader {

    private final Bytes bytes;
    private final long end;
    private long at;

    SpdmReader(Bytes bytes) {
        this(bytes, 0, bytes.size());
    }

    private SpdmReader(Bytes bytes, long from, long end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    long offset() {
        return at;
    }

    long remaining() {
        return end - at;
    }

    boolean startsWith(Bytes head) {
        return head.size() <= remaining()
                && bytes.slice((int) at, (int) at + head.size()).equals(head);
    }

    int u8(String field) throws MalformedEvidenceException {
        return (int) unsigned(field, 1);
    }

    int u16(String field) throws MalformedEvidenceException {
        return (int) unsigned(field, 2);
    }

    long u24(String field) throws MalformedEvidenceException {
        return unsigned(field, 3);
    }

    /** Reads one byte that can have but one value. */
    void constant(String field, int value) throws MalformedEvidenceException {
        int found = u8(field);
        if (found != value) {
            throw new MalformedEvidenceException(
                    field, at - 1, String.format("0x%02x", value), String.format("0x%02x", found));
        }
    }

    Bytes take(String field, long length) throws MalformedEvidenceException {
        long from = advance(field, length);
        return bytes.slice((int) from, (int) at);
    }

    /** A reader of the next {@code length} bytes alone, which this reader skips. */
    SpdmReader part(String field, long length) throws MalformedEvidenceException {
        long from = advance(field, length);
        return new SpdmReader(bytes, from, at);
    }

    private long unsigned(String field, int size) throws MalformedEvidenceException {
        long from = advance(field, size);
        return LittleEndian.read(bytes, (int) from, size);
    }

    private long advance(String field, long length) throws MalformedEvidenceException {
        if (length > remaining()) {
            throw new MalformedEvidenceException(field, at, length + " bytes", remaining() + " bytes");
        }
        long from = at;
        at += length;
        return from;
    }
}
