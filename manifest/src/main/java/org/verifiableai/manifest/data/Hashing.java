package org.verifiableai.manifest.data;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;
import org.verifiableai.attestation.Bytes;

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

    /** A copy of {@code hashes}, of which there are at most {@code max} and each has 32 bytes. */
    static List<Bytes> requireHashes(String what, List<Bytes> hashes, int max) {
        if (hashes.size() > max) {
            throw new IllegalArgumentException(what + ": expected at most " + max + ", found " + hashes.size());
        }
        for (Bytes hash : hashes) {
            if (hash.size() != SIZE) {
                throw new IllegalArgumentException(
                        what + ": expected " + SIZE + " bytes each, found " + hash.size() + " bytes");
            }
        }
        return List.copyOf(hashes);
    }
}
