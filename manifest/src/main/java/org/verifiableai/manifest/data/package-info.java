/**
 * Merkle trees over the records of training data (RFC 9162, section 2.1), and proofs about single records.
 *
 * <p>{@link org.verifiableai.manifest.data.DatasetDigest} reads a file once and gives its SHA-256 and the root of the tree;
 * a manifest states both. Whoever contributed a record later shows with an
 * {@link org.verifiableai.manifest.data.InclusionProof} of a few hundred bytes that it is one of those records, and
 * {@link org.verifiableai.manifest.data.DatasetVerifier} judges that.
 *
 * <p>What is shown is that a record was in the file that the job was given. It is not shown that training used it, how
 * often, or that it changed the model.
 */
@NullMarked
package org.verifiableai.manifest.data;

import org.jspecify.annotations.NullMarked;
