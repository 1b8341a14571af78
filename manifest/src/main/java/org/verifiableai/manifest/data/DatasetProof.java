package org.verifiableai.manifest.data;

import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Shows that records stand at certain places of a {@link RecordTree}, to somebody who has the records and trusts the
 * tree's root and count. It holds hashes of other records: see {@link LeafRule} for what those give away.
 *
 * <p>A value of this type has the form of a proof; {@link DatasetVerifier} judges whether it is one.
 */
public sealed interface DatasetProof permits InclusionProof, RangeProof {

    /** What the proof adds to the records. */
    Opening opening();

    /** The place of the first record, counted from 0. */
    long first();

    /** How many records it is about, at least one. */
    long length();

    /** How many records the tree has. */
    long records();

    /** The roots of subtrees that the records are not in, 32 bytes each. */
    List<Bytes> path();

    /**
     * Reads a proof: strict JSON of at most 1 MiB, of the form that {@link #toJson()} writes, with no other members.
     *
     * @throws MalformedEvidenceException if {@code json} is anything else: also if the path has not the one length that
     *     goes with place and count
     */
    static DatasetProof parse(Bytes json) throws MalformedEvidenceException {
        return ProofJson.parse(json);
    }

    /**
     * The proof as one JSON object in canonical form (RFC 8785), without a line end. Hashes stand one behind the other,
     * in base64.
     */
    default Bytes toJson() {
        return ProofJson.write(this);
    }
}
