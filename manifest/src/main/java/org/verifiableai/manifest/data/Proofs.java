package org.verifiableai.manifest.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.SteadyFile;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** What both kinds of proof have in common. */
final class Proofs {

    private Proofs() {}

    static void requirePlace(long first, long length, long records) {
        if (records < 1 || records > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("records: expected 1 to 2^53-1, found " + records);
        }
        // Written so that no sum can overflow.
        if (first < 0 || first >= records || length < 1 || length > records - first) {
            throw new IllegalArgumentException(
                    "place: expected records within 0 to " + records + ", found " + length + " from " + first + " on");
        }
    }

    static List<Bytes> requirePath(List<Bytes> path, int length) {
        if (path.size() != length) {
            throw new IllegalArgumentException("path: expected " + length + " hashes, found " + path.size());
        }
        return Hashing.requireHashes("path", path, length);
    }

    static void requireOpening(Opening opening, long length) {
        if (opening instanceof Opening.Salted salted && salted.salts().size() != length) {
            throw new IllegalArgumentException(
                    "salts: expected " + length + ", found " + salted.salts().size());
        }
    }

    /** The largest subtrees that hold the proof's records and nothing else. */
    static List<TreeCut.Span> inside(DatasetProof proof) {
        return TreeCut.around(proof.first(), proof.length(), proof.records()).stream()
                .filter(TreeCut.Span::inside)
                .toList();
    }

    /** The root that follows from a proof and the roots of those subtrees. */
    static Bytes root(DatasetProof proof, List<Bytes> inside) {
        if (proof instanceof RangeProof range) {
            return range.root(inside);
        }
        // There is no third kind: the family is closed.
        return ((InclusionProof) proof).root(inside.get(0));
    }

    /** The roots of all subtrees of a cut, from a file that has to be as it was digested. */
    static List<Bytes> roots(Path file, Leaves leaves, DatasetDigest digest, List<TreeCut.Span> spans)
            throws MalformedEvidenceException, IOException {
        if (leaves.rule() != digest.tree().leaf()) {
            throw new IllegalArgumentException("leaves: expected "
                    + digest.tree().leaf().id() + ", found " + leaves.rule().id());
        }
        SpanHasher hasher = new SpanHasher(spans);
        SteadyFile read = DatasetDigest.scan(file, leaves, hasher);
        String name = "data set " + file.getFileName();
        if (!read.sha256().equals(digest.sha256())) {
            throw JsonObject.wrong(
                    name, "sha256 " + digest.sha256(), read.sha256().hex());
        }
        // The same bytes have another root only under another secret, or with other contributors.
        List<Bytes> roots = hasher.roots();
        boolean sameCount = roots.size() == spans.size();
        if (!sameCount
                || !TreeCut.root(digest.tree().records(), spans, roots)
                        .equals(digest.tree().root())) {
            throw JsonObject.wrong(
                    name, "leaves with the root " + digest.tree().root(), sameCount ? "others" : "another number");
        }
        return roots;
    }
}
