package org.verifiableai.manifest.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.Appraisal;

/**
 * Judges whether records stand in a data set. Immutable and thread-safe.
 *
 * <p>An acceptance says that the records, byte for byte, are those at the stated places of the file whose tree was given.
 * It does not say that training used them, once or at all, that they changed the model, or that they stand nowhere else;
 * nor that the tree is that of a model's training data, which is what the manifest says and
 * {@code ProvenanceVerifier} judges:
 *
 * <pre>{@code
 * Provenance provenance = provenanceVerifier.verify(modelFolder, policy).orElseThrow().value();
 * RecordTree tree = provenance.job().dataSets().get(0).tree().orElseThrow();
 * DatasetVerifier.against(tree, "manifest " + provenance.manifestDigest()).verify(proof, record).orElseThrow();
 * }</pre>
 */
public final class DatasetVerifier {

    private static final int BUFFER_SIZE = 1 << 16;

    private final RecordTree tree;
    private final String origin;

    private DatasetVerifier(RecordTree tree, String origin) {
        this.tree = tree;
        this.origin = origin;
    }

    /**
     * A verifier of proofs about one tree.
     *
     * @param tree the tree, which is trusted as it is given
     * @param origin where it is from, for the verdict, such as the digest of a manifest that was verified
     * @throws IllegalArgumentException if {@code origin} is blank
     */
    public static DatasetVerifier against(RecordTree tree, String origin) {
        if (origin.isBlank()) {
            throw new IllegalArgumentException("origin: expected where the root is from, found nothing");
        }
        return new DatasetVerifier(Objects.requireNonNull(tree, "tree"), origin);
    }

    /**
     * Judges a proof.
     *
     * @param proof as JSON, see {@link DatasetProof#parse}
     * @param records the records it is about, as they stand in the file: between LF, and with or without a final one. They
     *     are read as far as needed and not held; the stream is not closed.
     * @throws IOException if {@code records} cannot be read
     */
    public Verdict<ProvenRecords> verify(Bytes proof, InputStream records) throws IOException {
        Appraisal appraisal = new Appraisal();
        appraisal.waive(DatasetChecks.ROOT, "root and count are trusted as given by " + origin);
        DatasetProof read;
        try {
            read = DatasetProof.parse(proof);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(DatasetChecks.FORMAT, e.getMessage());
            appraisal.block(DatasetChecks.TREE, DatasetChecks.FORMAT);
            appraisal.block(DatasetChecks.RECORD, DatasetChecks.FORMAT);
            appraisal.block(DatasetChecks.INCLUSION, DatasetChecks.FORMAT);
            return appraisal.verdict(null);
        }
        String place = read.length() + " of " + read.records() + " records from " + read.first() + " on";
        appraisal.pass(DatasetChecks.FORMAT, place + ", " + read.path().size() + " hashes");
        checkTree(appraisal, read);
        checkRecords(appraisal, read, records);
        if (!appraisal.acceptable()) {
            return appraisal.verdict(null);
        }
        return appraisal.verdict(proven(appraisal, read));
    }

    private void checkTree(Appraisal appraisal, DatasetProof proof) {
        String expected = tree.records() + " records under " + tree.leaf().id();
        String found =
                proof.records() + " records under " + proof.opening().rule().id();
        appraisal.check(
                DatasetChecks.TREE,
                expected.equals(found),
                () -> found,
                () -> "expected a proof about " + expected + ", found one about " + found);
    }

    private void checkRecords(Appraisal appraisal, DatasetProof proof, InputStream in) throws IOException {
        SpanHasher leaves = new SpanHasher(Proofs.inside(proof));
        RecordReader reader = new RecordReader(LeafHashers.of(proof.opening()), leaves);
        long found = read(reader, in, proof.length());
        boolean asMany = appraisal.check(
                DatasetChecks.RECORD,
                found == proof.length(),
                () -> found + (found == 1 ? " record" : " records"),
                () -> "expected " + proof.length() + " between LF, found "
                        + (found > proof.length() ? "more" : Long.toString(found)));
        if (!asMany) {
            appraisal.block(DatasetChecks.INCLUSION, DatasetChecks.RECORD);
            return;
        }
        Bytes root = Proofs.root(proof, leaves.roots());
        appraisal.check(
                DatasetChecks.INCLUSION,
                root.equals(tree.root()),
                () -> "root " + root,
                () -> "expected root " + tree.root() + ", found " + root);
    }

    private ProvenRecords proven(Appraisal appraisal, DatasetProof proof) {
        Optional<String> contributor = proof.opening() instanceof Opening.Contributed contributed
                ? Optional.of(contributed.contributor())
                : Optional.empty();
        appraisal.fact("dataset.root", tree.root());
        appraisal.fact("dataset.leaf", tree.leaf().id());
        appraisal.fact("dataset.records", tree.records());
        appraisal.fact("dataset.first", proof.first());
        appraisal.fact("dataset.length", proof.length());
        contributor.ifPresent(name -> appraisal.fact("dataset.contributor", name));
        return new ProvenRecords(tree, proof.first(), proof.length(), contributor);
    }

    /** Reads no further than one record beyond what is asked for. */
    private static long read(RecordReader reader, InputStream in, long length) throws IOException {
        byte[] buffer = new byte[BUFFER_SIZE];
        while (reader.records() <= length) {
            int size = in.read(buffer);
            if (size < 0) {
                break;
            }
            reader.chunk(buffer, 0, size);
        }
        return reader.end();
    }
}
