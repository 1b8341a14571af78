package org.verifiableai.manifest.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.SteadyFile;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * What one file of training data is: the SHA-256 of the whole, and the Merkle tree over its records. Immutable.
 *
 * @param size in bytes
 * @param sha256 SHA-256 of the whole file, 32 bytes
 * @param tree the records
 */
public record DatasetDigest(long size, Bytes sha256, RecordTree tree) {

    private static final int BUFFER_SIZE = 1 << 20;

    /**
     * Checks sizes.
     *
     * @throws IllegalArgumentException if the size is not within 0 to 2^53-1, or if the digest is not 32 bytes
     */
    public DatasetDigest {
        if (size < 0 || size > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("size: expected 0 to 2^53-1, found " + size);
        }
        if (sha256.size() != 32) {
            throw new IllegalArgumentException("sha256: expected 32 bytes, found " + sha256.size());
        }
        Objects.requireNonNull(tree, "tree");
    }

    /** As {@link #read(Path, Leaves)}, with {@link Leaves#raw()}. */
    public static DatasetDigest read(Path file) throws MalformedEvidenceException, IOException {
        return read(file, Leaves.raw());
    }

    /**
     * Reads a file once. One mebibyte of it is in memory at a time, whatever its size and however long its records.
     *
     * @param file the data, a regular file; a link is not followed
     * @param leaves how records become leaves
     * @throws MalformedEvidenceException if the file is not a regular one or changed while it was read, or if it holds
     *     another number of records than the contributions say
     * @throws IOException if the file cannot be read
     */
    public static DatasetDigest read(Path file, Leaves leaves) throws MalformedEvidenceException, IOException {
        MerkleStack tree = new MerkleStack();
        SteadyFile read = scan(file, leaves, tree::push);
        long records = tree.count();
        return new DatasetDigest(read.size(), read.sha256(), new RecordTree(leaves.rule(), records, tree.takeRoot()));
    }

    /** Reads a file once and hands on the hash of each leaf, in an array that the next leaf overwrites. */
    static SteadyFile scan(Path file, Leaves leaves, LeafListener listener)
            throws MalformedEvidenceException, IOException {
        RecordReader reader = new RecordReader(LeafHashers.of(leaves), listener);
        String name = "data set " + file.getFileName();
        SteadyFile read = SteadyFile.read(file, name, ByteBuffer.allocate(BUFFER_SIZE), reader::chunk);
        long records = reader.end();
        if (leaves instanceof Leaves.Contributed contributed && contributed.records() != records) {
            throw JsonObject.wrong(
                    name, contributed.records() + " records, as the contributions say", Long.toString(records));
        }
        return read;
    }
}
