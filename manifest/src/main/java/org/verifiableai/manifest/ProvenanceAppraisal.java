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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/** One run of {@link ProvenanceVerifier}. Not thread-safe. */
final class ProvenanceAppraisal {

    private final SnpVerifier snp;
    private final GpuVerifier gpu;
    private final SignatureEngine signatureEngine;
    private final ManifestFolder folder;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal = new Appraisal();

    ProvenanceAppraisal(
            SnpVerifier snp,
            GpuVerifier gpu,
            SignatureEngine signatureEngine,
            ManifestFolder folder,
            ProvenancePolicy policy) {
        this.snp = snp;
        this.gpu = gpu;
        this.signatureEngine = signatureEngine;
        this.folder = folder;
        this.policy = policy;
    }

    Verdict<Provenance> run() throws IOException, EvidenceUnavailableException {
        SignedManifest manifest = format();
        Provenance provenance = manifest == null ? null : statement(manifest);
        if (manifest == null || provenance == null) {
            blockAll(manifest == null ? FORMAT : STATEMENT);
            return appraisal.verdict(null);
        }
        MachineEvidence evidence = evidence(provenance);
        if (evidence == null) {
            SnpChecks.ALL.forEach(check -> block(EVIDENCE, check));
            block(EVIDENCE, KEY_BINDING, SIGNATURE);
        } else {
            machine(provenance, evidence);
            VerificationKey key = keyBinding(provenance, evidence);
            signature(manifest, evidence, key);
        }
        nonce(provenance);
        gpu(provenance, evidence);
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

    private @Nullable MachineEvidence evidence(Provenance provenance) throws IOException {
        try {
            MachineEvidence evidence = MachineEvidence.read(provenance, folder);
            appraisal.pass(EVIDENCE, provenance.evidence().size() + " pieces and the key, each with its digest");
            return evidence;
        } catch (MalformedEvidenceException e) {
            appraisal.fail(EVIDENCE, String.valueOf(e.getMessage()));
            return null;
        }
    }

    // The report's data are derived from everything that it has to vouch for, so a report for another key, challenge,
    // job or GPU fails snp.report-data.
    private void machine(Provenance provenance, MachineEvidence evidence) throws EvidenceUnavailableException {
        Bytes reportData = KeyBinding.reportData(
                evidence.spki(), nonceOf(provenance), provenance.job().canonical(), evidence.gpuBytes());
        appraisal.include(snp.verify(
                evidence.snp(),
                policy.snp().toBuilder().expectedReportData(reportData).build()));
    }

    private @Nullable VerificationKey keyBinding(Provenance provenance, MachineEvidence evidence) {
        VerificationKey key;
        SnpReport report;
        try {
            key = signatureEngine.key(evidence.spki());
        } catch (MalformedEvidenceException e) {
            appraisal.fail(KEY_BINDING, "key: " + e.getMessage());
            return null;
        }
        try {
            report = SnpReport.parse(evidence.snp().report());
        } catch (MalformedEvidenceException e) {
            appraisal.block(KEY_BINDING, SnpChecks.FORMAT);
            return key;
        }
        String algorithm = PublicKeys.algorithmName(key.algorithm());
        Bytes vouchedFor = report.reportData().slice(0, 32);
        KeyReference reference = provenance.key();
        if (!reference.profile().equals(KeyBinding.PROFILE)) {
            appraisal.fail(KEY_BINDING, "profile: expected " + KeyBinding.PROFILE + ", found " + reference.profile());
        } else if (algorithm.isEmpty() || !reference.algorithm().equals(algorithm)) {
            appraisal.fail(
                    KEY_BINDING,
                    "algorithm: expected that of the key, " + key.algorithm() + ", found " + reference.algorithm());
        } else {
            appraisal.check(
                    KEY_BINDING,
                    vouchedFor.equals(reference.fingerprint()),
                    () -> "the report vouches for the " + algorithm + " key " + reference.fingerprint(),
                    () -> "key: expected " + vouchedFor + ", which the report vouches for, found "
                            + reference.fingerprint());
        }
        return key;
    }

    private void signature(SignedManifest manifest, MachineEvidence evidence, @Nullable VerificationKey key) {
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

    private void nonce(Provenance provenance) {
        Optional<Bytes> expected = policy.nonce();
        if (expected.isEmpty()) {
            appraisal.waive(NONCE, policy.freshnessWaiver().orElseThrow());
            return;
        }
        appraisal.check(
                NONCE,
                provenance.job().nonce().equals(expected),
                () -> "the job was given the challenge " + expected.get(),
                () -> "challenge: expected " + expected.get() + ", found "
                        + provenance.job().nonce().map(Bytes::hex).orElse("none"));
    }

    private void gpu(Provenance provenance, @Nullable MachineEvidence evidence) {
        Optional<GpuPolicy> demands = policy.gpu();
        if (demands.isEmpty()) {
            appraisal.waive(GPU, policy.gpuWaiver().orElseThrow());
        } else if (evidence == null) {
            appraisal.block(GPU, EVIDENCE);
        } else if (evidence.gpu().isEmpty()) {
            appraisal.fail(GPU, "evidence: expected that of one GPU, found none");
        } else {
            Bytes nonce = KeyBinding.gpuNonce(evidence.spki(), nonceOf(provenance));
            appraisal.include(gpu.verify(evidence.gpu().get(), demands.get().withExpectedNonce(nonce)));
            appraisal.pass(GPU, "evidence of one GPU");
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
        block(blocker, EVIDENCE);
        SnpChecks.ALL.forEach(check -> block(blocker, check));
        block(blocker, KEY_BINDING, SIGNATURE, NONCE, GPU, FILES, BASE_MODEL);
    }

    private void block(CheckId blocker, CheckId... checks) {
        for (CheckId check : checks) {
            appraisal.block(check, blocker);
        }
    }

    private static Bytes nonceOf(Provenance provenance) {
        return provenance.job().nonce().orElse(Bytes.EMPTY);
    }
}
