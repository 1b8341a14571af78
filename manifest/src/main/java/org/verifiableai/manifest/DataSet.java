package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.DatasetDigest;
import org.verifiableai.manifest.data.Leaves;
import org.verifiableai.manifest.data.RecordTree;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * One file of training data. That it is in a manifest says that the job was given it, not how often a record was used.
 *
 * @param name by which the job calls it: 1 to 128 letters, digits, {@code . _ / -}
 * @param mediaType such as {@code application/jsonl}
 * @param sha256 SHA-256 of the whole file, 32 bytes
 * @param records how many records it holds
 * @param tree the Merkle tree over the records, against which {@link org.verifiableai.manifest.data.DatasetVerifier}
 *     judges a contributor's proof; empty in manifests of before there was one, and where this version does not know how
 *     it is made
 */
public record DataSet(String name, String mediaType, Bytes sha256, long records, Optional<RecordTree> tree) {

    /** The media type of one JSON value per line. */
    public static final String JSONL = "application/jsonl";

    // Both are shown to people, so they are of plain characters.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,64}");

    /**
     * Checks form and range.
     *
     * @throws IllegalArgumentException if the name is not one, if the digest is not 32 bytes, if the count is negative, or
     *     if the tree has another one
     */
    public DataSet {
        requireForm("data set name", NAME, name);
        if (ResolvedDependencies.RESERVED.contains(name)) {
            throw new IllegalArgumentException("data set name: " + name + " is the name of another dependency");
        }
        requireForm("media type of " + name, MEDIA_TYPE, mediaType);
        if (sha256.size() != 32) {
            throw new IllegalArgumentException("sha256 of " + name + ": expected 32 bytes, found " + sha256.size());
        }
        if (records < 0 || records > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("records of " + name + ": expected 0 to 2^53-1, found " + records);
        }
        if (tree.isPresent() && tree.get().records() != records) {
            throw new IllegalArgumentException("tree of " + name + ": expected " + records + " records, found "
                    + tree.get().records());
        }
    }

    /** A data set of whose records no tree is known. */
    public DataSet(String name, String mediaType, Bytes sha256, long records) {
        this(name, mediaType, sha256, records, Optional.empty());
    }

    /** As {@link #readJsonl(String, Path, Leaves)}, with {@link Leaves#raw()}. */
    public static DataSet readJsonl(String name, Path file) throws MalformedEvidenceException, IOException {
        return readJsonl(name, file, Leaves.raw());
    }

    /**
     * Reads a file of one JSON value per line, once. Records are what stands between LF; one final LF ends the last
     * record and starts none; blank lines count.
     *
     * @param name by which the job calls it
     * @param file the data, a regular file
     * @param leaves how records become leaves of the tree
     * @throws MalformedEvidenceException if the file is not a regular one or changed while it was read, or if it holds
     *     another number of records than the contributions say
     * @throws IOException if the file cannot be read
     */
    public static DataSet readJsonl(String name, Path file, Leaves leaves)
            throws MalformedEvidenceException, IOException {
        DatasetDigest read = DatasetDigest.read(file, leaves);
        return new DataSet(name, JSONL, read.sha256(), read.tree().records(), Optional.of(read.tree()));
    }

    private static void requireForm(String what, Pattern form, String found) {
        if (!form.matcher(found).matches()) {
            throw new IllegalArgumentException(what + ": expected the form " + form + ", found " + found);
        }
    }
}
