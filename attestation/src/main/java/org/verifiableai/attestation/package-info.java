/**
 * The vocabulary that every verifier of this SDK shares: bytes are parsed into evidence, evidence is appraised under a
 * policy, and an appraisal ends in a {@link org.verifiableai.attestation.Verdict}.
 *
 * <p>The words are those of RFC 9334: <em>evidence</em> is what a machine says of itself, <em>endorsements</em> are what
 * its maker says of it, <em>reference values</em> are what the relying party expects.
 *
 * <p>There are three error channels and no more. A caller's mistake is an {@link java.lang.IllegalArgumentException}.
 * Bad evidence is a {@link org.verifiableai.attestation.MalformedEvidenceException} from a parser or a
 * {@link org.verifiableai.attestation.Verdict.Rejected} from a verifier. A world that does not answer is an
 * {@link org.verifiableai.attestation.EvidenceUnavailableException}.
 */
@NullMarked
package org.verifiableai.attestation;

import org.jspecify.annotations.NullMarked;
