package org.verifiableai.manifest.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/**
 * A tree cut into the fewest subtrees of which each lies inside or outside of a run of leaves, from left to right. There
 * are at most two on each side for each level, so at most four times 53.
 */
final class TreeCut {

    private TreeCut() {}

    /** The leaves of one subtree, from {@code from} to before {@code to}. */
    record Span(long from, long to, boolean inside) {}

    /** The cut around {@code length} leaves from {@code first} on, at least one and all within {@code records}. */
    static List<Span> around(long first, long length, long records) {
        List<Span> spans = new ArrayList<>();
        cut(0, records, first, first + length, spans);
        return spans;
    }

    /** How many hashes a proof of that run holds: those of the subtrees outside. */
    static int outside(long first, long length, long records) {
        return (int) around(first, length, records).stream()
                .filter(span -> !span.inside())
                .count();
    }

    /** The subtrees outside of one leaf, from its sibling up to the root's child (RFC 9162, section 2.1.3.1). */
    static List<Span> path(long index, long records) {
        Deque<Span> path = new ArrayDeque<>();
        long from = 0;
        long to = records;
        while (to - from > 1) {
            long middle = from + split(to - from);
            if (index < middle) {
                path.push(new Span(middle, to, false));
                to = middle;
            } else {
                path.push(new Span(from, middle, false));
                from = middle;
            }
        }
        return List.copyOf(path);
    }

    /** The root of a tree from the roots of all subtrees of its cut. */
    static Bytes root(long records, List<Span> spans, List<Bytes> hashes) {
        Deque<Span> restOfSpans = new ArrayDeque<>(spans);
        Deque<Bytes> restOfHashes = new ArrayDeque<>(hashes);
        return root(0, records, restOfSpans, restOfHashes);
    }

    // Both recursions halve a count below 2^53 each time.
    private static void cut(long from, long to, long first, long end, List<Span> spans) {
        boolean inside = first <= from && to <= end;
        if (inside || to <= first || end <= from) {
            spans.add(new Span(from, to, inside));
            return;
        }
        long middle = from + split(to - from);
        cut(from, middle, first, end, spans);
        cut(middle, to, first, end, spans);
    }

    private static Bytes root(long from, long to, Deque<Span> spans, Deque<Bytes> hashes) {
        Span next = spans.element();
        if (next.from() == from && next.to() == to) {
            spans.remove();
            return hashes.remove();
        }
        long middle = from + split(to - from);
        Bytes left = root(from, middle, spans, hashes);
        return MerkleStack.node(left, root(middle, to, spans, hashes));
    }

    /** RFC 9162, section 2.1.1: the largest power of two below {@code count}, which is at least 2. */
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }
}
