package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;

/** Looks for a claim that revokes a manifest and is signed by a key that may do so: one of the policy's, or its own. */
final class RevocationAppraisal {

    private RevocationAppraisal() {}

    /**
     * Enters the check.
     *
     * @param further the lines after the manifest
     * @param own the manifest's key; null if it cannot be told
     */
    static void check(
            List<Bytes> further,
            Provenance provenance,
            @Nullable VerificationKey own,
            ProvenancePolicy policy,
            SignatureEngine engine,
            Appraisal appraisal) {
        List<VerificationKey> keys = new ArrayList<>();
        if (!policy.revokers().isEmpty()) {
            keys.addAll(ClaimVerifier.keys(engine, policy.revokers()));
        }
        if (own != null) {
            keys.add(own);
        }
        for (Bytes line : further) {
            if (Claim.read(line) instanceof Claim.Revoked claim
                    && claim.revocation().manifestDigest().equals(provenance.manifestDigest())) {
                Optional<Bytes> by = signer(claim.statement(), keys);
                if (by.isPresent()) {
                    appraisal.fail(
                            ManifestChecks.REVOCATION,
                            "manifest: expected one that is not revoked, found it revoked on "
                                    + claim.revocation().revokedOn() + " by the key " + by.get() + ": "
                                    + claim.revocation().reason());
                    return;
                }
            }
        }
        appraisal.pass(
                ManifestChecks.REVOCATION,
                "no revocation by one of " + keys.size() + " keys among " + further.size()
                        + " further claims, from which one could have been dropped");
    }

    // The hint is not authenticated, so a changed one must not hide a revocation: every key is tried.
    private static Optional<Bytes> signer(SignedStatement statement, List<VerificationKey> keys) {
        for (VerificationKey key : keys) {
            try {
                if (statement.isSignedBy(key)) {
                    return Optional.of(key.spki().sha256());
                }
            } catch (MalformedEvidenceException e) {
                // Not in the encoding of this key, so not by it.
            }
        }
        return Optional.empty();
    }
}
