/**
 * Signed provenance: what a model was made from, by which job, on which machine, and how anybody checks that.
 *
 * <p>A training job starts with {@link org.verifiableai.manifest.ManifestSigner}, which makes a key inside the measured
 * guest and has the machine vouch for it before training begins; after training it signs the manifest. A relying party
 * uses {@link org.verifiableai.manifest.ProvenanceVerifier}, which ends in a
 * {@link org.verifiableai.attestation.Verdict} on {@link org.verifiableai.manifest.Provenance}.
 *
 * <p>Where the base model has a manifest too, {@link org.verifiableai.manifest.LineageVerifier} goes on to that and to the
 * ones before, and ends in a verdict on the whole {@link org.verifiableai.manifest.Lineage}.
 *
 * <p>The manifest is an in-toto Statement v1 with a SLSA provenance v1 predicate, written in the canonical form of
 * RFC 8785, signed as DSSE and carried in a sigstore bundle v0.3. Its identity is the SHA-256 of the statement, never
 * that of the envelope or the signature, since ECDSA signatures can be re-made by anybody.
 */
@NullMarked
package org.verifiableai.manifest;

import org.jspecify.annotations.NullMarked;
