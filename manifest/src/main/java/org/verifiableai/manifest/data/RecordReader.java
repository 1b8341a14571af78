package org.verifiableai.manifest.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Cuts what streams by into records and hashes each as it passes: no record is ever held, whatever its length, and
 * nothing is allocated for one. Not thread-safe.
 */
final class RecordReader {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = LOW_BITS * '\n';

    private final LeafHasher hasher;
    private final LeafListener listener;
    private final byte[] leaf = new byte[Hashing.SIZE];
    private boolean open;
    private long records;

    /** A reader at the start of the data. */
    RecordReader(LeafHasher hasher, LeafListener listener) {
        this.hasher = hasher;
        this.listener = listener;
    }

    /** Takes the next bytes, from an array. */
    void chunk(ByteBuffer chunk) {
        chunk(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.arrayOffset() + chunk.limit());
    }

    void chunk(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to) {
            if (!open) {
                hasher.begin(records);
                open = true;
            }
            int end = lineFeed(bytes, start, to);
            hasher.update(bytes, start, end - start);
            if (end < to) {
                close();
            }
            start = end + 1;
        }
    }

    /** Ends the data, and says how many records there were. */
    long end() {
        // A final LF has ended the last record already, and started none.
        if (open) {
            close();
        }
        return records;
    }

    /** How many records have ended so far. */
    long records() {
        return records;
    }

    private void close() {
        hasher.end(leaf);
        records++;
        open = false;
        listener.leaf(leaf);
    }

    /** Where the next LF stands, or {@code to}. */
    private static int lineFeed(byte[] bytes, int from, int to) {
        int at = from;
        // Eight bytes at a time: a byte of the difference is zero exactly where there is an LF, and the lowest high bit
        // that this sum leaves set is that of the first zero byte.
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long difference = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
            long found = (difference - LOW_BITS) & ~difference & HIGH_BITS;
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }
}
