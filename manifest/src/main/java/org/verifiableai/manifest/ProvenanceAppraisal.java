package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.CLOSING_ALL;
import static org.verifiableai.manifest.ManifestChecks.EVIDENCE;
import static org.verifiableai.manifest.ManifestChecks.FILES;
import static org.verifiableai.manifest.ManifestChecks.FORMAT;
import static org.verifiableai.manifest.ManifestChecks.GPU;
import static org.verifiableai.manifest.ManifestChecks.JOB_ALL;
import static org.verifiableai.manifest.ManifestChecks.KEY_BINDING;
import static org.verifiableai.manifest.ManifestChecks.LAUNCH;
import static org.verifiableai.manifest.ManifestChecks.NONCE;
import static org.verifiableai.manifest.ManifestChecks.OMS;
import static org.verifiableai.manifest.ManifestChecks.REVOCATION;
import static org.verifiableai.manifest.ManifestChecks.SIGNATURE;
import static org.verifiableai.manifest.ManifestChecks.STATEMENT;
import static org.verifiableai.manifest.ManifestChecks.WEIGHTS;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
import org.verifiableai.attestation.machine.MachineVerifier;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

/** One run of {@link ProvenanceVerifier}: the order of the checks, and what each part hands to the next. Not thread-safe. */
final class ProvenanceAppraisal {

    private final MachineVerifier machines;
    private final SnpVerifier snp;
    private final SignatureEngine signatureEngine;
    private final ManifestFolder folder;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal = new Appraisal();

    ProvenanceAppraisal(
            MachineVerifier machines,
            SnpVerifier snp,
            SignatureEngine signatureEngine,
            ManifestFolder folder,
            ProvenancePolicy policy) {
        this.machines = machines;
        this.snp = snp;
        this.signatureEngine = signatureEngine;
        this.folder = folder;
        this.policy = policy;
    }

    /** The lines of the file of claims, and the first of them. */
    private record Claims(SignedManifest manifest, List<Bytes> others) {}

    Verdict<Provenance> run() throws IOException {
        Claims claims = format();
        Provenance provenance = claims == null ? null : statement(claims.manifest());
        if (claims == null || provenance == null) {
            blockAll(claims == null ? FORMAT : STATEMENT);
            return appraisal.verdict(null);
        }
        ManifestEvidence evidence = evidence(provenance);
        VerificationKey key = null;
        if (evidence == null) {
            blockMachine(EVIDENCE);
            appraisal.block(SIGNATURE, EVIDENCE);
            appraisal.block(LAUNCH, EVIDENCE);
            closing(claims, provenance, null, null, EVIDENCE);
            RevocationAppraisal.check(claims.others(), provenance, null, policy, signatureEngine, appraisal);
        } else {
            SnpReport report = report(evidence);
            key = new KeyAppraisal(machines, signatureEngine, policy, appraisal).check(provenance, evidence, report);
            boolean signed = signature(claims.manifest(), evidence, key);
            if (signed) {
                LaunchAppraisal.check(provenance, policy, report, appraisal);
            } else {
                // What nobody signed is not worth the time that computing a measurement takes.
                appraisal.block(LAUNCH, SIGNATURE);
            }
            closing(claims, provenance, key, report, KEY_BINDING);
            RevocationAppraisal.check(claims.others(), provenance, key, policy, signatureEngine, appraisal);
        }
        if (files(provenance)) {
            WeightsAppraisal.check(folder, provenance, policy, appraisal);
        } else {
            appraisal.block(WEIGHTS, FILES);
        }
        ModelSignatureAppraisal.check(folder, provenance, key, appraisal);
        new JobAppraisal(provenance, policy, appraisal).check();
        facts(provenance);
        return appraisal.verdict(provenance);
    }

    private @Nullable Claims format() throws IOException {
        try {
            List<Bytes> lines = folder.lines();
            ClaimReader.requireLine(lines.get(0));
            SignedManifest manifest = SignedManifest.parse(lines.get(0));
            appraisal.pass(
                    FORMAT,
                    "a bundle with one signature over " + manifest.payload().size() + " bytes");
            return new Claims(manifest, lines.subList(1, lines.size()));
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

    private static @Nullable SnpReport report(ManifestEvidence evidence) {
        try {
            return SnpReport.parse(evidence.snp().report());
        } catch (MalformedEvidenceException e) {
            return null; // as snp.format says
        }
    }

    private boolean signature(SignedManifest manifest, ManifestEvidence evidence, @Nullable VerificationKey key) {
        if (key == null) {
            appraisal.block(SIGNATURE, KEY_BINDING);
            return false;
        }
        String hint = PublicKeys.hint(evidence.spki());
        if (!manifest.hint().equals(hint)) {
            appraisal.fail(SIGNATURE, "hint: expected that of the key, " + hint + ", found " + manifest.hint());
            return false;
        }
        try {
            return appraisal.check(
                    SIGNATURE,
                    manifest.isSignedBy(key),
                    () -> key.algorithm() + " by the key " + KeyBinding.fingerprint(evidence.spki()),
                    () -> "signature: expected one by the key " + KeyBinding.fingerprint(evidence.spki())
                            + " over this payload, found another");
        } catch (MalformedEvidenceException e) {
            appraisal.fail(SIGNATURE, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void closing(
            Claims claims,
            Provenance provenance,
            @Nullable VerificationKey key,
            @Nullable SnpReport report,
            CheckId blocker)
            throws IOException {
        ClosingAppraisal closing = new ClosingAppraisal(snp, folder, policy, appraisal);
        if (closing.waived()) {
            return;
        }
        if (key == null) {
            CLOSING_ALL.forEach(check -> appraisal.block(check, blocker));
            return;
        }
        closing.check(provenance.manifestDigest(), claims.others(), key, report);
    }

    private boolean files(Provenance provenance) throws IOException {
        try {
            FolderDigest found = folder.adapter();
            Optional<String> difference = FolderComparison.difference(provenance.adapter(), found);
            return appraisal.check(
                    FILES,
                    difference.isEmpty(),
                    () -> found.files().size() + " files, model digest " + found.dirHash1(),
                    difference::orElseThrow);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(FILES, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void facts(Provenance provenance) {
        Job job = provenance.job();
        appraisal.fact("manifest.model", provenance.modelDigest());
        appraisal.fact("manifest.digest", provenance.manifestDigest());
        appraisal.fact("manifest.key", provenance.key().fingerprint());
        appraisal.fact("manifest.builder", provenance.builder());
        appraisal.fact("manifest.base-model", job.baseModel().uri());
        appraisal.fact("manifest.base-model-digest", job.baseModel().digest());
        for (DataSet set : job.dataSets()) {
            appraisal.fact("manifest.data." + set.name(), set.sha256());
        }
        job.nonce().ifPresent(nonce -> appraisal.fact("manifest.nonce", nonce));
        job.block().ifPresent(block -> appraisal.fact("manifest.not-before", block));
        job.archive().ifPresent(archive -> appraisal.fact("manifest.job-archive", archive.sha256()));
        appraisal.fact("manifest.started-at", provenance.startedOn());
        appraisal.fact("manifest.finished-at", provenance.finishedOn());
    }

    private void blockAll(CheckId blocker) {
        if (!blocker.equals(STATEMENT)) {
            appraisal.block(STATEMENT, blocker);
        }
        appraisal.block(EVIDENCE, blocker);
        blockMachine(blocker);
        appraisal.block(SIGNATURE, blocker);
        appraisal.block(LAUNCH, blocker);
        CLOSING_ALL.forEach(check -> appraisal.block(check, blocker));
        appraisal.block(REVOCATION, blocker);
        appraisal.block(FILES, blocker);
        appraisal.block(WEIGHTS, blocker);
        appraisal.block(OMS, blocker);
        JOB_ALL.forEach(check -> appraisal.block(check, blocker));
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
