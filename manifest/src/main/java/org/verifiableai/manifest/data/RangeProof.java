package org.verifiableai.manifest.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * A proof for records that follow each other, such as all of one contributor's. It is hardly larger than one for a single
 * record, but for salted records, whose salts it carries.
 *
 * @param opening what the proof adds to the records
 * @param first the place of the first record, counted from 0
 * @param length how many records there are, at least one
 * @param records how many records the tree has
 * @param path the roots of the largest subtrees outside of the range from left to right, exactly as many as there are
 */
public record RangeProof(Opening opening, long first, long length, long records, List<Bytes> path)
        implements DatasetProof {

    /**
     * Checks sizes.
     *
     * @throws IllegalArgumentException if the range is empty or not within the count, if the path is not of the length that
     *     goes with both, or if the opening is not for as many records
     */
    public RangeProof {
        Proofs.requirePlace(first, length, records);
        path = Proofs.requirePath(path, TreeCut.outside(first, length, records));
        Proofs.requireOpening(opening, length);
    }

    /**
     * Makes the proof for some records, in another pass over the file; memory grows with the logarithm of the count.
     *
     * @param file the data, which has to be as it was digested
     * @param leaves as they were when it was digested
     * @param digest what the file was then
     * @param first the place of the first record, counted from 0
     * @param length how many records, at least one
     * @throws IllegalArgumentException if there are no such records, if {@code leaves} are of another rule, or if the
     *     records are not all of one contributor or more than one salted proof can hold
     * @throws MalformedEvidenceException if the file is not what was digested
     * @throws IOException if the file cannot be read
     */
    public static RangeProof read(Path file, Leaves leaves, DatasetDigest digest, long first, long length)
            throws MalformedEvidenceException, IOException {
        long records = digest.tree().records();
        Proofs.requirePlace(first, length, records);
        Opening opening = Opening.of(leaves, first, length);
        List<TreeCut.Span> spans = TreeCut.around(first, length, records);
        List<Bytes> roots = Proofs.roots(file, leaves, digest, spans);
        List<Bytes> path = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            if (!spans.get(i).inside()) {
                path.add(roots.get(i));
            }
        }
        return new RangeProof(opening, first, length, records, path);
    }

    /** The root that follows from the subtrees within the range. */
    Bytes root(List<Bytes> inside) {
        List<TreeCut.Span> spans = TreeCut.around(first, length, records);
        Iterator<Bytes> within = inside.iterator();
        Iterator<Bytes> outside = path.iterator();
        List<Bytes> hashes = new ArrayList<>();
        for (TreeCut.Span span : spans) {
            hashes.add((span.inside() ? within : outside).next());
        }
        return TreeCut.root(records, spans, hashes);
    }
}
