package org.verifiableai.manifest.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * An inclusion proof for one record (RFC 9162, section 2.1.3).
 *
 * @param opening what the proof adds to the record
 * @param index the record's place, counted from 0
 * @param records how many records the tree has
 * @param path the hashes from the record's sibling upwards, exactly as many as place and count ask for
 */
public record InclusionProof(Opening opening, long index, long records, List<Bytes> path) implements DatasetProof {

    /**
     * Checks sizes.
     *
     * @throws IllegalArgumentException if the index is not below the count, or the path not of the length that goes with
     *     both, or if the opening is not for one record
     */
    public InclusionProof {
        Proofs.requirePlace(index, 1, records);
        path = Proofs.requirePath(path, TreeCut.path(index, records).size());
        Proofs.requireOpening(opening, 1);
    }

    /**
     * Makes the proof for one record, in another pass over the file; memory grows with the logarithm of the count.
     *
     * @param file the data, which has to be as it was digested
     * @param leaves as they were when it was digested
     * @param digest what the file was then
     * @param index the record's place, counted from 0
     * @throws IllegalArgumentException if there is no such record, or if {@code leaves} are of another rule
     * @throws MalformedEvidenceException if the file is not what was digested
     * @throws IOException if the file cannot be read
     */
    public static InclusionProof read(Path file, Leaves leaves, DatasetDigest digest, long index)
            throws MalformedEvidenceException, IOException {
        long records = digest.tree().records();
        Proofs.requirePlace(index, 1, records);
        Opening opening = Opening.of(leaves, index, 1);
        List<TreeCut.Span> spans = TreeCut.around(index, 1, records);
        List<Bytes> roots = Proofs.roots(file, leaves, digest, spans);
        Map<TreeCut.Span, Bytes> bySpan = new HashMap<>();
        for (int i = 0; i < spans.size(); i++) {
            bySpan.put(spans.get(i), roots.get(i));
        }
        List<Bytes> path =
                TreeCut.path(index, records).stream().map(bySpan::get).toList();
        return new InclusionProof(opening, index, records, path);
    }

    @Override
    public long first() {
        return index;
    }

    @Override
    public long length() {
        return 1;
    }

    /** The root that follows from the hash of the record's leaf (RFC 9162, section 2.1.3.2). */
    Bytes root(Bytes leaf) {
        long place = index;
        long last = records - 1;
        Bytes root = leaf;
        for (Bytes hash : path) {
            if ((place & 1) != 0 || place == last) {
                root = MerkleStack.node(hash, root);
                // A subtree that is the last of its level without a sibling goes up as it is.
                int levels = place == 0 ? 0 : Long.numberOfTrailingZeros(place);
                place >>>= levels;
                last >>>= levels;
            } else {
                root = MerkleStack.node(root, hash);
            }
            place >>>= 1;
            last >>>= 1;
        }
        return root;
    }
}
