package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.BASE_MODEL;
import static org.verifiableai.manifest.ManifestChecks.EVIDENCE;
import static org.verifiableai.manifest.ManifestChecks.FILES;
import static org.verifiableai.manifest.ManifestChecks.FORMAT;
import static org.verifiableai.manifest.ManifestChecks.GPU;
import static org.verifiableai.manifest.ManifestChecks.KEY_BINDING;
import static org.verifiableai.manifest.ManifestChecks.NONCE;
import static org.verifiableai.manifest.ManifestChecks.SIGNATURE;
import static org.verifiableai.manifest.ManifestChecks.STATEMENT;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.machine.MachineChecks;
import org.verifiableai.attestation.machine.MachineEvidence;
import org.verifiableai.attestation.machine.MachineVerifier;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

/** One run of {@link ProvenanceVerifier}. Not thread-safe. */
final class ProvenanceAppraisal {

    private final MachineVerifier machines;
    private final SignatureEngine signatureEngine;
    private final ManifestFolder folder;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal = new Appraisal();

    ProvenanceAppraisal(
            MachineVerifier machines, SignatureEngine signatureEngine, ManifestFolder folder, ProvenancePolicy policy) {
        this.machines = machines;
        this.signatureEngine = signatureEngine;
        this.folder = folder;
        this.policy = policy;
    }

    Verdict<Provenance> run() throws IOException {
        SignedManifest manifest = format();
        Provenance provenance = manifest == null ? null : statement(manifest);
        if (manifest == null || provenance == null) {
            blockAll(manifest == null ? FORMAT : STATEMENT);
            return appraisal.verdict(null);
        }
        ManifestEvidence evidence = evidence(provenance);
        if (evidence == null) {
            blockMachine(EVIDENCE);
            appraisal.block(SIGNATURE, EVIDENCE);
        } else {
            VerificationKey key = machine(provenance, evidence);
            signature(manifest, evidence, key);
        }
        files(provenance);
        baseModel(provenance);
        facts(provenance);
        return appraisal.verdict(provenance);
    }

    private @Nullable SignedManifest format() throws IOException {
        try {
            SignedManifest manifest = folder.manifest();
            appraisal.pass(
                    FORMAT,
                    "a bundle with one signature over " + manifest.payload().size() + " bytes");
            return manifest;
        } catch (MalformedEvidenceException e) {
            appraisal.fail(FORMAT, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable Provenance statement(SignedManifest manifest) {
        try {
            Provenance provenance = manifest.provenance();
            appraisal.pass(STATEMENT, "provenance of build type " + Provenance.BUILD_TYPE);
            return provenance;
        } catch (MalformedEvidenceException e) {
            appraisal.fail(STATEMENT, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable ManifestEvidence evidence(Provenance provenance) throws IOException {
        try {
            ManifestEvidence evidence = ManifestEvidence.read(provenance, folder);
            appraisal.pass(EVIDENCE, provenance.evidence().size() + " pieces and the key, each with its digest");
            return evidence;
        } catch (MalformedEvidenceException e) {
            appraisal.fail(EVIDENCE, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Judges the machine, by the manifest's names for what both know. Returns the manifest's key if it is one. */
    private @Nullable VerificationKey machine(Provenance provenance, ManifestEvidence evidence) {
        Map<CheckId, CheckId> names = new HashMap<>(Map.of(MachineChecks.CHALLENGE, NONCE, MachineChecks.GPU, GPU));
        VerificationKey key = null;
        String defect;
        try {
            key = signatureEngine.key(evidence.spki());
            defect = keyDefect(provenance.key(), key);
        } catch (MalformedEvidenceException e) {
            defect = "key: " + e.getMessage();
        }
        if (defect == null) {
            names.put(MachineChecks.KEY, KEY_BINDING);
        } else {
            appraisal.fail(KEY_BINDING, defect);
        }
        Bytes challenge = provenance.job().nonce().orElse(Bytes.EMPTY);
        appraisal.include(
                machines.verify(
                        new MachineEvidence(
                                evidence.spki(),
                                challenge,
                                provenance.job().canonical(),
                                evidence.snp(),
                                evidence.gpuBytes(),
                                evidence.collateral()),
                        policy.machine()),
                names);
        return key;
    }

    private static @Nullable String keyDefect(KeyReference reference, VerificationKey key) {
        String algorithm = PublicKeys.algorithmName(key.algorithm());
        if (!reference.profile().equals(KeyBinding.PROFILE)) {
            return "profile: expected " + KeyBinding.PROFILE + ", found " + reference.profile();
        }
        if (algorithm.isEmpty() || !reference.algorithm().equals(algorithm)) {
            return "algorithm: expected that of the key, " + key.algorithm() + ", found " + reference.algorithm();
        }
        return null;
    }

    private void signature(SignedManifest manifest, ManifestEvidence evidence, @Nullable VerificationKey key) {
        if (key == null) {
            appraisal.block(SIGNATURE, KEY_BINDING);
            return;
        }
        String hint = PublicKeys.hint(evidence.spki());
        try {
            if (!manifest.hint().equals(hint)) {
                appraisal.fail(SIGNATURE, "hint: expected that of the key, " + hint + ", found " + manifest.hint());
                return;
            }
            appraisal.check(
                    SIGNATURE,
                    manifest.isSignedBy(key),
                    () -> key.algorithm() + " by the key " + KeyBinding.fingerprint(evidence.spki()),
                    () -> "signature: expected one by the key " + KeyBinding.fingerprint(evidence.spki())
                            + " over this payload, found another");
        } catch (MalformedEvidenceException e) {
            appraisal.fail(SIGNATURE, String.valueOf(e.getMessage()));
        }
    }

    private void files(Provenance provenance) throws IOException {
        try {
            FolderDigest found = folder.adapter();
            Optional<String> difference = FolderComparison.difference(provenance.adapter(), found);
            appraisal.check(
                    FILES,
                    difference.isEmpty(),
                    () -> found.files().size() + " files, model digest " + found.dirHash1(),
                    difference::orElseThrow);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(FILES, String.valueOf(e.getMessage()));
        }
    }

    private void baseModel(Provenance provenance) {
        BaseModel baseModel = provenance.job().baseModel();
        Set<Bytes> accepted = policy.baseModels();
        if (accepted.isEmpty()) {
            appraisal.waive(BASE_MODEL, policy.baseModelWaiver().orElseThrow());
            return;
        }
        appraisal.check(
                BASE_MODEL,
                accepted.contains(baseModel.digest()),
                () -> baseModel.uri() + " with digest " + baseModel.digest(),
                () -> "base model: expected one of " + accepted + ", found " + baseModel.digest());
    }

    private void facts(Provenance provenance) {
        Job job = provenance.job();
        appraisal.fact("manifest.model", provenance.modelDigest());
        appraisal.fact("manifest.digest", provenance.manifestDigest());
        appraisal.fact("manifest.key", provenance.key().fingerprint());
        appraisal.fact("manifest.base-model", job.baseModel().uri());
        appraisal.fact("manifest.base-model-digest", job.baseModel().digest());
        for (DataSet set : job.dataSets()) {
            appraisal.fact("manifest.data." + set.name(), set.sha256());
        }
        job.nonce().ifPresent(nonce -> appraisal.fact("manifest.nonce", nonce));
        appraisal.fact("manifest.started-at", provenance.startedOn());
        appraisal.fact("manifest.finished-at", provenance.finishedOn());
    }

    private void blockAll(CheckId blocker) {
        if (!blocker.equals(STATEMENT)) {
            appraisal.block(STATEMENT, blocker);
        }
        appraisal.block(EVIDENCE, blocker);
        blockMachine(blocker);
        for (CheckId check : List.of(SIGNATURE, FILES, BASE_MODEL)) {
            appraisal.block(check, blocker);
        }
    }

    private void blockMachine(CheckId blocker) {
        SnpChecks.ALL.forEach(check -> appraisal.block(check, blocker));
        for (CheckId check : List.of(KEY_BINDING, NONCE, GPU, MachineChecks.CC_MODE)) {
            appraisal.block(check, blocker);
        }
        if (policy.gpu().isPresent()) {
            GpuChecks.ALL.forEach(check -> appraisal.block(check, blocker));
        }
    }
}
