package org.verifiableai.manifest.data;

import java.util.Objects;
import java.util.Optional;

/**
 * Records that stand in a tree.
 *
 * @param tree the tree, as whoever asked trusts it
 * @param first the place of the first record, counted from 0
 * @param length how many records there are
 * @param contributor who contributed them, as whoever put the file together wrote down; empty where the leaf rule does not
 *     say
 */
public record ProvenRecords(RecordTree tree, long first, long length, Optional<String> contributor) {

    /**
     * Checks the place.
     *
     * @throws IllegalArgumentException if the records are not within the tree
     */
    public ProvenRecords {
        Proofs.requirePlace(first, length, tree.records());
        Objects.requireNonNull(contributor, "contributor");
    }
}
