package org.verifiableai.manifest.data;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * The Merkle tree over the records of a file, by its root. It commits to every record, their order and their number
 * (the number only together with {@code records}: a root alone does not say how many leaves it has).
 *
 * @param leaf how a record becomes a leaf
 * @param records how many there are
 * @param root the Merkle tree hash of RFC 9162, section 2.1.1, 32 bytes; SHA-256 of nothing where there is no record
 */
public record RecordTree(LeafRule leaf, long records, Bytes root) {

    /** The name of the tree's construction in manifests and proofs. */
    public static final String ALGORITHM = "rfc9162-sha256";

    private static final Bytes EMPTY_ROOT = Bytes.EMPTY.sha256();

    /**
     * Checks sizes.
     *
     * @throws IllegalArgumentException if the count is not within 0 to 2^53-1, if the root is not 32 bytes, or if it is
     *     not that of an empty tree where the count is 0
     */
    public RecordTree {
        Objects.requireNonNull(leaf, "leaf");
        if (records < 0 || records > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("records: expected 0 to 2^53-1, found " + records);
        }
        if (root.size() != 32) {
            throw new IllegalArgumentException("merkle root: expected 32 bytes, found " + root.size());
        }
        if (records == 0 && !root.equals(EMPTY_ROOT)) {
            throw new IllegalArgumentException(
                    "merkle root: expected " + EMPTY_ROOT + " for no records, found " + root);
        }
    }
}
