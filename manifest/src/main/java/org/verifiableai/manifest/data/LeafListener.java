package org.verifiableai.manifest.data;

/** Is given the leaves of a tree from left to right. */
@FunctionalInterface
interface LeafListener {

    /** Takes the next leaf's hash, 32 bytes in an array that the next leaf overwrites. */
    void leaf(byte[] hash);
}
