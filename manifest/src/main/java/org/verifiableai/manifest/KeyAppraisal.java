package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.GPU;
import static org.verifiableai.manifest.ManifestChecks.KEY_BINDING;
import static org.verifiableai.manifest.ManifestChecks.NONCE;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.machine.MachineChecks;
import org.verifiableai.attestation.machine.MachineEvidence;
import org.verifiableai.attestation.machine.MachinePolicy;
import org.verifiableai.attestation.machine.MachineVerifier;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

/** Judges the machine and its key, by the manifest's names for what both know. */
final class KeyAppraisal {

    private final MachineVerifier machines;
    private final SignatureEngine signatureEngine;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal;

    KeyAppraisal(
            MachineVerifier machines, SignatureEngine signatureEngine, ProvenancePolicy policy, Appraisal appraisal) {
        this.machines = machines;
        this.signatureEngine = signatureEngine;
        this.policy = policy;
        this.appraisal = appraisal;
    }

    /** Returns the manifest's key if it is one. */
    @Nullable
    VerificationKey check(Provenance provenance, ManifestEvidence evidence, @Nullable SnpReport report) {
        Map<CheckId, CheckId> names = new HashMap<>(Map.of(MachineChecks.GPU, GPU));
        VerificationKey key = null;
        String defect;
        try {
            key = signatureEngine.key(evidence.spki());
            defect = defect(provenance.key(), key, report);
        } catch (MalformedEvidenceException e) {
            defect = "key: " + e.getMessage();
        }
        if (defect == null) {
            names.put(MachineChecks.KEY, KEY_BINDING);
        } else {
            appraisal.fail(KEY_BINDING, defect);
        }
        MachinePolicy demands = demands(provenance.job(), names);
        appraisal.include(
                machines.verify(
                        new MachineEvidence(
                                evidence.spki(),
                                provenance.job().challenge(),
                                provenance.job().canonical(),
                                evidence.snp(),
                                evidence.gpuBytes(),
                                evidence.collateral()),
                        demands),
                names);
        return key;
    }

    /** What the machine has to satisfy. A job on a block that will do is held to that block's hash as its challenge. */
    private MachinePolicy demands(Job job, Map<CheckId, CheckId> names) {
        if (policy.blocks().isEmpty()) {
            names.put(MachineChecks.CHALLENGE, NONCE);
            return policy.machine();
        }
        Optional<MachinePolicy> held = job.block().flatMap(policy::machine);
        if (held.isPresent()) {
            names.put(MachineChecks.CHALLENGE, NONCE);
            return held.get();
        }
        appraisal.fail(
                NONCE,
                "block: expected one of " + policy.blocks().size() + " that the policy names, found "
                        + job.block()
                                .map(block -> block + " with hash " + block.hash())
                                .orElse("none"));
        return policy.machine();
    }

    private static @Nullable String defect(KeyReference reference, VerificationKey key, @Nullable SnpReport report) {
        String algorithm = PublicKeys.algorithmName(key.algorithm());
        if (algorithm.isEmpty() || !reference.algorithm().equals(algorithm)) {
            return "algorithm: expected that of the key, " + key.algorithm() + ", found " + reference.algorithm();
        }
        boolean legacy = report != null && KeyBinding.isLegacy(report.reportData());
        String profile = legacy ? KeyBinding.LEGACY_PROFILE : KeyBinding.PROFILE;
        if (!reference.profile().equals(profile)) {
            return "profile: expected that of the report, " + profile + ", found " + reference.profile();
        }
        return null;
    }
}
