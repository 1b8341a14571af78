package org.verifiableai.manifest.oms;

import org.verifiableai.attestation.Bytes;

/**
 * One entry of a statement: a file, or a part of one.
 *
 * @param path of the file
 * @param start offset of the first byte; 0 for a whole file
 * @param end offset after the last byte; -1 for a whole file
 * @param sha256 of the bytes between
 */
record Resource(String path, long start, long end, Bytes sha256) {

    private static final int WHOLE = -1;

    static Resource ofFile(String path, Bytes sha256) {
        return new Resource(path, 0, WHOLE, sha256);
    }

    boolean isWhole() {
        return end == WHOLE;
    }

    /** How the statement calls it. A path may hold colons, and the last two are not its own. */
    String name() {
        return isWhole() ? path : path + ":" + start + ":" + end;
    }
}
