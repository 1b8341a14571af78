package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.Appraisal;

/** What a policy says of the job, held against what the statement says of it. */
final class JobAppraisal {

    private final Provenance provenance;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal;

    JobAppraisal(Provenance provenance, ProvenancePolicy policy, Appraisal appraisal) {
        this.provenance = provenance;
        this.policy = policy;
        this.appraisal = appraisal;
    }

    void check() {
        baseModel();
        dataSets();
        jobArchive();
        file(ManifestChecks.TOKENIZER, "tokenizer", provenance.job().tokenizer(), policy.tokenizers());
        file(ManifestChecks.CHAT_TEMPLATE, "chat template", provenance.job().chatTemplate(), policy.chatTemplates());
        hyperParameters();
        builder();
    }

    private void baseModel() {
        if (policy.baseModels().isEmpty()) {
            appraisal.waive(ManifestChecks.BASE_MODEL, policy.baseModelWaiver().orElseThrow());
            return;
        }
        BaseModel baseModel = provenance.job().baseModel();
        appraisal.check(
                ManifestChecks.BASE_MODEL,
                policy.baseModels().contains(baseModel.digest()),
                () -> baseModel.uri() + " with digest " + baseModel.digest(),
                () -> "base model: expected " + oneOf(policy.baseModels()) + ", found " + baseModel.digest());
    }

    private void dataSets() {
        if (policy.dataSets().isEmpty()) {
            appraisal.waive(ManifestChecks.DATA, policy.dataSetWaiver().orElseThrow());
            return;
        }
        List<String> defects = new ArrayList<>();
        for (DataSet set : provenance.job().dataSets()) {
            boolean accepted = policy.dataSets().contains(set.sha256())
                    || set.tree()
                            .filter(tree -> policy.dataSets().contains(tree.root()))
                            .isPresent();
            if (!accepted) {
                defects.add("data set " + set.name() + ": expected " + oneOf(policy.dataSets()) + ", found "
                        + set.sha256());
            }
        }
        appraisal.check(
                ManifestChecks.DATA,
                defects.isEmpty(),
                () -> provenance.job().dataSets().size() + " data sets, each accepted by its digest",
                () -> String.join("; ", defects));
    }

    /** An archive is code that the measurement does not cover, so that one which nobody accepted is refused. */
    private void jobArchive() {
        Optional<JobFile> archive = provenance.job().archive();
        Optional<String> waiver = policy.jobArchiveWaiver();
        if (waiver.isPresent()) {
            appraisal.waive(ManifestChecks.JOB_ARCHIVE, waiver.get());
        } else if (archive.isEmpty() && policy.jobArchives().isEmpty()) {
            appraisal.pass(ManifestChecks.JOB_ARCHIVE, "the job names no code but the guest's own");
        } else {
            checkFile(ManifestChecks.JOB_ARCHIVE, "job archive", archive, policy.jobArchives());
        }
    }

    private void file(CheckId check, String what, Optional<JobFile> file, Set<Bytes> accepted) {
        if (accepted.isEmpty()) {
            appraisal.notDemanded(check);
        } else {
            checkFile(check, what, file, accepted);
        }
    }

    private void checkFile(CheckId check, String what, Optional<JobFile> file, Set<Bytes> accepted) {
        String found = file.map(f -> f.name() + " with sha256 " + f.sha256()).orElse("none");
        appraisal.check(
                check,
                file.filter(f -> accepted.contains(f.sha256())).isPresent(),
                () -> found,
                () -> what + ": expected " + (accepted.isEmpty() ? "none" : oneOf(accepted)) + ", found " + found);
    }

    private void hyperParameters() {
        if (policy.hyperParameters().isEmpty()) {
            appraisal.notDemanded(ManifestChecks.HYPER_PARAMETERS);
            return;
        }
        SortedMap<String, String> found = provenance.job().hyperParameters();
        List<String> defects = new ArrayList<>();
        policy.hyperParameters()
                .forEach((name, demand) -> demand.defect(Optional.ofNullable(found.get(name)))
                        .ifPresent(defect -> defects.add(name + ": " + defect)));
        appraisal.check(
                ManifestChecks.HYPER_PARAMETERS,
                defects.isEmpty(),
                () -> String.join(", ", policy.hyperParameters().keySet()) + " as demanded",
                () -> String.join("; ", defects));
    }

    private void builder() {
        appraisal.check(
                ManifestChecks.BUILDER,
                policy.builders().contains(provenance.builder()),
                provenance::builder,
                () -> "builder: expected " + String.join(" or ", new TreeSet<>(policy.builders())) + ", found "
                        + provenance.builder());
    }

    private static String oneOf(Set<Bytes> digests) {
        return String.join(
                " or ", new TreeSet<>(digests.stream().map(Bytes::hex).toList()));
    }
}
