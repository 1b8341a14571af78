package org.verifiableai.manifest;

import java.util.Objects;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * Signs claims about manifests with a key of their author's, which is never the machine's. Immutable and thread-safe.
 *
 * <pre>{@code
 * Evaluation evaluation = Evaluation.of(provenance).evaluator("lab").suite("mmlu 1.0").dataSet(sha256)
 *         .metric("accuracy", new BigDecimal("0.713")).evaluatedOn(Instant.now()).build();
 * new ManifestFolder(model).append(ClaimSigner.with(key).sign(evaluation));
 * }</pre>
 */
public final class ClaimSigner {

    private final SigningKey key;

    private ClaimSigner(SigningKey key) {
        this.key = Objects.requireNonNull(key, "key");
    }

    /** Signs with {@code key}. */
    public static ClaimSigner with(SigningKey key) {
        return new ClaimSigner(key);
    }

    /** Signs what was measured. */
    public Claim.Evaluated sign(Evaluation evaluation) {
        return new Claim.Evaluated(evaluation, SignedStatement.sign(evaluation.payload(), key));
    }

    /** Signs a revocation. */
    public Claim.Revoked sign(ManifestRevocation revocation) {
        return new Claim.Revoked(revocation, SignedStatement.sign(revocation.payload(), key));
    }
}
