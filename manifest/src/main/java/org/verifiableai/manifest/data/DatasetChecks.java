package org.verifiableai.manifest.data;

import org.verifiableai.attestation.CheckId;

/** The checks of {@link DatasetVerifier}, by their stable names, in the order in which a verdict lists them. */
public final class DatasetChecks {

    /** Root and count of the tree are trusted: never evaluated here, and its detail says where they are from. */
    public static final CheckId ROOT = new CheckId("dataset.root");

    /** The proof has the form of one, and its path the length that goes with place and count. */
    public static final CheckId FORMAT = new CheckId("dataset.format");

    /** The proof is about a tree of the same leaf rule and the same number of records. */
    public static final CheckId TREE = new CheckId("dataset.tree");

    /** As many records were shown as the proof is about. */
    public static final CheckId RECORD = new CheckId("dataset.record");

    /** The root that follows from records and proof is that of the tree. */
    public static final CheckId INCLUSION = new CheckId("dataset.inclusion");

    private DatasetChecks() {}
}
