package org.verifiableai.manifest.data;

import java.security.MessageDigest;
import org.verifiableai.attestation.internal.Digests;

/** Makes the leaf of one record after the other, from bytes that pass by. Not thread-safe. */
interface LeafHasher {

    /** RFC 9162, section 2.1.1: what a leaf's hash begins with, so that no leaf is a node. */
    byte LEAF = 0;

    /** Starts a record. */
    void begin(long index);

    /** Takes the record's next bytes. */
    void update(byte[] bytes, int from, int length);

    /** Ends the record and writes the hash of its leaf, 32 bytes. */
    void end(byte[] leaf);

    /** Leaves whose entry is a prefix, then the record: {@link LeafRule#JSONL_RAW} and {@link LeafRule#SALTED}. */
    static LeafHasher ofRecords(Prefix prefix) {
        MessageDigest sha256 = Digests.sha256();
        return new LeafHasher() {
            @Override
            public void begin(long index) {
                sha256.update(LEAF);
                prefix.add(index, sha256);
            }

            @Override
            public void update(byte[] bytes, int from, int length) {
                sha256.update(bytes, from, length);
            }

            @Override
            public void end(byte[] leaf) {
                Hashing.finish(sha256, leaf);
            }
        };
    }

    /** Leaves whose entry is a prefix, then the record's SHA-256: {@link LeafRule#CONTRIBUTOR}. */
    static LeafHasher ofDigests(Prefix prefix) {
        MessageDigest record = Digests.sha256();
        LeafHasher entry = ofRecords(prefix);
        return new LeafHasher() {
            @Override
            public void begin(long index) {
                entry.begin(index);
            }

            @Override
            public void update(byte[] bytes, int from, int length) {
                record.update(bytes, from, length);
            }

            @Override
            public void end(byte[] leaf) {
                Hashing.finish(record, leaf);
                entry.update(leaf, 0, leaf.length);
                entry.end(leaf);
            }
        };
    }

    /** What stands before a record in its entry. */
    @FunctionalInterface
    interface Prefix {

        void add(long index, MessageDigest entry);

        static Prefix none() {
            return (index, entry) -> {};
        }
    }
}
