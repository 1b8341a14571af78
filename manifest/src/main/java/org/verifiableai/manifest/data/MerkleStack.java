package org.verifiableai.manifest.data;

import java.security.MessageDigest;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Digests;

/**
 * The Merkle tree hash of RFC 9162, section 2.1.1, over leaves that come one by one: only the roots of the complete
 * subtrees to the left are kept, one for each bit of the count. Nothing is allocated for a leaf. Not thread-safe.
 */
final class MerkleStack {

    private static final byte NODE = 1;

    private final MessageDigest sha256 = Digests.sha256();
    private final byte[] hashes = new byte[(Long.SIZE + 1) * Hashing.SIZE];
    private int depth;
    private long count;

    /** Adds a leaf by its hash, the first 32 bytes of {@code leaf}. */
    void push(byte[] leaf) {
        System.arraycopy(leaf, 0, hashes, depth * Hashing.SIZE, Hashing.SIZE);
        depth++;
        // Two subtrees of one size become one of twice the size, as often as a carry runs through the count.
        for (long carry = count; (carry & 1) != 0; carry >>>= 1) {
            join();
        }
        count++;
    }

    long count() {
        return count;
    }

    /** The root over the leaves so far; the stack starts again from none. */
    Bytes takeRoot() {
        Bytes root;
        if (count == 0) {
            root = Bytes.EMPTY.sha256();
        } else {
            // What is not a power of two hangs together from the right: the split is at the largest power below.
            while (depth > 1) {
                join();
            }
            root = Bytes.of(hashes, 0, Hashing.SIZE);
        }
        depth = 0;
        count = 0;
        return root;
    }

    /** SHA-256(01 || left || right). */
    static Bytes node(Bytes left, Bytes right) {
        return Bytes.of(NODE).concat(left, right).sha256();
    }

    private void join() {
        depth--;
        int left = (depth - 1) * Hashing.SIZE;
        sha256.update(NODE);
        sha256.update(hashes, left, 2 * Hashing.SIZE);
        Hashing.finish(sha256, hashes, left);
    }
}
