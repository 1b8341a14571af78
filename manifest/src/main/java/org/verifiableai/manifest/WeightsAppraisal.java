package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.WEIGHTS;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.manifest.files.FolderDigest;

/**
 * Whether the adapter's files are such that loading them loads weights and runs no code. They are the statement's files:
 * that was checked before.
 */
final class WeightsAppraisal {

    private WeightsAppraisal() {}

    static void check(ManifestFolder folder, Provenance provenance, ProvenancePolicy policy, Appraisal appraisal)
            throws IOException {
        if (policy.weightsWaiver().isPresent()) {
            appraisal.waive(WEIGHTS, policy.weightsWaiver().get());
            return;
        }
        FolderDigest adapter = provenance.adapter();
        String baseModel = provenance.job().baseModel().uri();
        AdapterFiles files = AdapterFiles.inspect(folder.path(), adapter, baseModel);
        List<String> defects = new ArrayList<>(files.summary().stream().toList());
        long weights = adapter.files().stream()
                .filter(file -> CodeFiles.extension(file.name()).equals("safetensors"))
                .count();
        if (weights == 0) {
            defects.add("adapter: expected at least 1 safetensors file, found none");
        }
        if (adapter.files().stream().noneMatch(file -> file.name().equals(ModelConfig.ADAPTER))) {
            defects.add("adapter: expected " + ModelConfig.ADAPTER + ", found none");
        }
        appraisal.check(
                WEIGHTS,
                defects.isEmpty(),
                () -> String.join(
                        "; ",
                        concat(weights + " files of weights, and none that runs code when loaded", files.notes())),
                () -> String.join("; ", defects));
    }

    private static List<String> concat(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }
}
