package org.verifiableai.manifest.data;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/** RFC 9162, section 2.1, word by word: slow, recursive, with every leaf in memory. */
final class MerkleDefinition {

    private MerkleDefinition() {}

    static Bytes root(List<Bytes> leaves) {
        if (leaves.isEmpty()) {
            return Bytes.EMPTY.sha256();
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int k = split(leaves.size());
        return node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    /** Section 2.1.3.1. */
    static List<Bytes> path(int index, List<Bytes> leaves) {
        if (leaves.size() == 1) {
            return new ArrayList<>();
        }
        int k = split(leaves.size());
        List<Bytes> left = leaves.subList(0, k);
        List<Bytes> right = leaves.subList(k, leaves.size());
        List<Bytes> path = index < k ? path(index, left) : path(index - k, right);
        path.add(root(index < k ? right : left));
        return path;
    }

    static Bytes node(Bytes left, Bytes right) {
        return Bytes.of((byte) 1).concat(left, right).sha256();
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }
}
