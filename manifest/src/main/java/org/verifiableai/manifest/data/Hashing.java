package org.verifiableai.manifest.data;

import java.security.DigestException;
import java.security.MessageDigest;

/** Digests into a place that is there already. */
final class Hashing {

    /** The size of a SHA-256 in bytes. */
    static final int SIZE = 32;

    private Hashing() {}

    /** Writes the digest of what {@code sha256} was given to the first 32 bytes. */
    static void finish(MessageDigest sha256, byte[] into) {
        finish(sha256, into, 0);
    }

    /** Writes the digest of what {@code sha256} was given to the 32 bytes at {@code at}. */
    static void finish(MessageDigest sha256, byte[] into, int at) {
        try {
            sha256.digest(into, at, SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes are room for a SHA-256", e);
        }
    }
}
