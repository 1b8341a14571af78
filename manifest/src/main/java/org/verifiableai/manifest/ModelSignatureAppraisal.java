package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.KEY_BINDING;
import static org.verifiableai.manifest.ManifestChecks.OMS;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.manifest.oms.OmsModel;
import org.verifiableai.manifest.oms.OmsPolicy;
import org.verifiableai.manifest.oms.OmsVerifier;

/**
 * Whether the OpenSSF signature beside the model is of the same files and by the same key. The manifest needs none; one that
 * says something else would mislead whoever reads it alone.
 */
final class ModelSignatureAppraisal {

    private static final OmsPolicy POLICY = policy();

    private ModelSignatureAppraisal() {}

    static void check(ManifestFolder folder, Provenance provenance, @Nullable VerificationKey key, Appraisal appraisal)
            throws IOException {
        try {
            Optional<Bytes> bundle = folder.modelSignature();
            if (bundle.isEmpty()) {
                appraisal.notApplicable(OMS, "there is no " + ManifestFolder.MODEL_SIGNATURE);
            } else if (key == null) {
                appraisal.block(OMS, KEY_BINDING);
            } else {
                check(bundle.get(), provenance, key, appraisal);
            }
        } catch (MalformedEvidenceException e) {
            appraisal.fail(OMS, String.valueOf(e.getMessage()));
        }
    }

    private static void check(Bytes bundle, Provenance provenance, VerificationKey key, Appraisal appraisal) {
        Verdict<OmsModel> verdict = OmsVerifier.ofKey(key).build().verify(provenance.adapter(), bundle, POLICY);
        Bytes expected = provenance.adapter().omsRoot();
        if (verdict instanceof Verdict.Accepted<OmsModel> accepted) {
            Bytes root = accepted.verified().value().root();
            appraisal.check(
                    OMS,
                    root.equals(expected),
                    () -> "by the manifest's key over the root " + root,
                    () -> ManifestFolder.MODEL_SIGNATURE + ": expected the root " + expected + ", found " + root);
        } else {
            appraisal.fail(
                    OMS,
                    ManifestFolder.MODEL_SIGNATURE + ": "
                            + verdict.failures().stream()
                                    .map(failure -> failure.id() + ": " + failure.detail())
                                    .collect(Collectors.joining("; ")));
        }
    }

    private static OmsPolicy policy() {
        OmsPolicy.Builder policy = OmsPolicy.builder().everyHiddenFileNamed();
        ModelFiles.EXCLUDED.forEach(policy::ignore);
        return policy.build();
    }
}
