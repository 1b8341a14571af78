package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

/**
 * Appraises evaluations and revocations. Immutable and thread-safe.
 *
 * <p>An acceptance proves that the holder of a trusted key made the claim about this manifest. It does not prove that what
 * he says is true, and nothing here judges the manifest itself: that is {@link ProvenanceVerifier}'s.
 */
public final class ClaimVerifier {

    private final SignatureEngine engine;

    private ClaimVerifier(SignatureEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /** A verifier on {@link SignatureEngine#standard()}. */
    public static ClaimVerifier standard() {
        return new ClaimVerifier(SignatureEngine.standard());
    }

    /** A verifier on another engine. */
    public static ClaimVerifier using(SignatureEngine engine) {
        return new ClaimVerifier(engine);
    }

    /**
     * Appraises an evaluation.
     *
     * @param claim the claim
     * @param provenance what it should be about
     * @param signers the keys that are trusted for evaluations, each a DER SubjectPublicKeyInfo
     * @throws IllegalArgumentException if {@code signers} is empty or holds something else
     */
    public Verdict<Evaluation> verify(Claim.Evaluated claim, Provenance provenance, Collection<Bytes> signers) {
        Appraisal appraisal = new Appraisal();
        ModelReference expected = ModelReference.to(provenance);
        ModelReference found = claim.evaluation().model();
        appraisal.check(
                ClaimChecks.SUBJECT,
                found.equals(expected),
                () -> "model " + found.modelDigest() + " with manifest " + found.manifestDigest(),
                () -> "subject: expected " + expected + ", found " + found);
        signature(appraisal, claim.statement(), keys(engine, signers));
        appraisal.fact("claim.evaluator", claim.evaluation().evaluator());
        appraisal.fact("claim.suite", claim.evaluation().suite());
        appraisal.fact("claim.evaluated-at", claim.evaluation().evaluatedOn());
        return appraisal.verdict(claim.evaluation());
    }

    /**
     * Appraises a revocation.
     *
     * @param claim the claim
     * @param provenance what it should be about
     * @param signers the keys that are trusted for revocations, each a DER SubjectPublicKeyInfo
     * @throws IllegalArgumentException if {@code signers} is empty or holds something else
     */
    public Verdict<ManifestRevocation> verify(Claim.Revoked claim, Provenance provenance, Collection<Bytes> signers) {
        Appraisal appraisal = new Appraisal();
        Bytes expected = provenance.manifestDigest();
        Bytes found = claim.revocation().manifestDigest();
        appraisal.check(
                ClaimChecks.SUBJECT,
                found.equals(expected),
                () -> "manifest " + found,
                () -> "subject: expected the manifest " + expected + ", found " + found);
        signature(appraisal, claim.statement(), keys(engine, signers));
        appraisal.fact("claim.reason", claim.revocation().reason());
        appraisal.fact("claim.revoked-at", claim.revocation().revokedOn());
        return appraisal.verdict(claim.revocation());
    }

    private static void signature(Appraisal appraisal, SignedStatement statement, List<VerificationKey> trusted) {
        VerificationKey key = named(statement.hint(), trusted);
        if (key == null) {
            List<String> hints =
                    trusted.stream().map(k -> PublicKeys.hint(k.spki())).toList();
            appraisal.fail(
                    ClaimChecks.SIGNER,
                    "hint: expected that of a trusted key, " + hints + ", found " + statement.hint());
            appraisal.block(ClaimChecks.SIGNATURE, ClaimChecks.SIGNER);
            return;
        }
        Bytes fingerprint = key.spki().sha256();
        appraisal.pass(ClaimChecks.SIGNER, "the trusted key " + fingerprint);
        appraisal.fact("claim.key", fingerprint);
        try {
            appraisal.check(
                    ClaimChecks.SIGNATURE,
                    statement.isSignedBy(key),
                    () -> key.algorithm() + " by the key " + fingerprint,
                    () -> "signature: expected one by the key " + fingerprint + " over this payload, found another");
        } catch (MalformedEvidenceException e) {
            appraisal.fail(ClaimChecks.SIGNATURE, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable VerificationKey named(String hint, List<VerificationKey> keys) {
        for (VerificationKey key : keys) {
            if (PublicKeys.hint(key.spki()).equals(hint)) {
                return key;
            }
        }
        return null;
    }

    /** Reads keys that a caller names. */
    static List<VerificationKey> keys(SignatureEngine engine, Collection<Bytes> spkis) {
        if (spkis.isEmpty()) {
            throw new IllegalArgumentException("signers: expected at least one key, found none");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (Bytes spki : spkis) {
            try {
                keys.add(engine.key(spki));
            } catch (MalformedEvidenceException e) {
                throw new IllegalArgumentException("signer: " + e.getMessage(), e);
            }
        }
        return keys;
    }
}
