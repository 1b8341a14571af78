package org.verifiableai.manifest.data;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/** The roots of subtrees that follow each other, from their leaves. Leaves beyond the last are left alone. */
final class SpanHasher implements LeafListener {

    private final List<TreeCut.Span> spans;
    private final List<Bytes> roots = new ArrayList<>();
    private final MerkleStack stack = new MerkleStack();

    SpanHasher(List<TreeCut.Span> spans) {
        this.spans = spans;
    }

    @Override
    public void leaf(byte[] hash) {
        if (roots.size() == spans.size()) {
            return;
        }
        stack.push(hash);
        TreeCut.Span span = spans.get(roots.size());
        if (stack.count() == span.to() - span.from()) {
            roots.add(stack.takeRoot());
        }
    }

    /** The roots so far, one for each subtree whose leaves have all been seen. */
    List<Bytes> roots() {
        return roots;
    }
}
