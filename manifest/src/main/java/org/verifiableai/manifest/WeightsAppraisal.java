package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.WEIGHTS;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * Whether the adapter's files are such that loading them loads weights and runs no code. They are the statement's files:
 * that was checked before.
 */
final class WeightsAppraisal {

    private static final String CONFIG = "adapter_config.json";
    private static final String SAFETENSORS = "safetensors";
    private static final int MAX_CONFIG = 1 << 20;

    // What Python's loaders unpickle, import or hand to the system's loader.
    private static final Set<String> CODE = Set.of(
            "bin", "pt", "pth", "pkl", "pickle", "ckpt", "joblib", "dill", "npy", "npz", "py", "pyc", "pyd", "so",
            "dll", "dylib", "sh", "bat", "exe", "jar", "class", "h5", "keras", "msgpack");

    private final ManifestFolder folder;
    private final Provenance provenance;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal;
    private final List<String> defects = new ArrayList<>();
    private int tensors;

    WeightsAppraisal(ManifestFolder folder, Provenance provenance, ProvenancePolicy policy, Appraisal appraisal) {
        this.folder = folder;
        this.provenance = provenance;
        this.policy = policy;
        this.appraisal = appraisal;
    }

    void check() throws IOException {
        if (policy.weightsWaiver().isPresent()) {
            appraisal.waive(WEIGHTS, policy.weightsWaiver().get());
            return;
        }
        int weights = 0;
        for (FileDigest file : provenance.adapter().files()) {
            String kind = kind(file.name());
            if (CODE.contains(kind)) {
                defects.add(file.name() + ": expected weights without code, found a file of kind " + kind);
            } else if (kind.equals(SAFETENSORS)) {
                weights++;
                header(file);
            }
        }
        if (weights == 0) {
            defects.add("adapter: expected a file of kind " + SAFETENSORS + ", found none");
        }
        config();
        int found = weights;
        appraisal.check(
                WEIGHTS,
                defects.isEmpty(),
                () -> tensors + " tensors in " + found + " files, for the base model that the statement names",
                () -> String.join("; ", defects));
    }

    private void header(FileDigest file) throws IOException {
        try {
            tensors += SafetensorsCheck.tensors(folder.path().resolve(file.name()), file);
        } catch (MalformedEvidenceException e) {
            defects.add(file.name() + ": " + e.getMessage());
        }
    }

    /** PEFT loads what this file says: it names the model that the weights belong to, and can name code to import. */
    private void config() throws IOException {
        try {
            Bytes content = folder.file(CONFIG, MAX_CONFIG);
            JsonObject config = JsonObject.of(CONFIG, StrictJson.parse(CONFIG, content, MAX_CONFIG));
            String baseModel = config.text("base_model_name_or_path");
            if (!names(baseModel, provenance.job().baseModel())) {
                throw config.wrongMember(
                        "base_model_name_or_path",
                        "a name of " + provenance.job().baseModel().uri(),
                        baseModel);
            }
            requireCommit(config);
            for (String member : new String[] {"auto_mapping", "trust_remote_code", "auto_map"}) {
                JsonNode value = config.node().path(member);
                boolean off = value.isMissingNode() || value.isNull() || (value.isBoolean() && !value.booleanValue());
                if (!off) {
                    throw config.wrongMember(member, "none, since it makes the loader import code", "one");
                }
            }
        } catch (MalformedEvidenceException e) {
            defects.add(String.valueOf(e.getMessage()));
        }
    }

    private void requireCommit(JsonObject config) throws MalformedEvidenceException {
        String commit = provenance.job().baseModel().commit().orElse("");
        if (config.has("revision")
                && !commit.isEmpty()
                && !config.text("revision").equals(commit)) {
            throw config.wrongMember("revision", "the commit of the statement, " + commit, config.text("revision"));
        }
    }

    /**
     * Whether {@code text} can mean this model: its URI, its name on Hugging Face, or a path whose last part is the model's
     * name, its commit (as in their cache), or for other URIs a part of the URI's path.
     */
    private static boolean names(String text, BaseModel model) {
        if (text.equals(model.uri()) || model.repository().filter(text::equals).isPresent()) {
            return true;
        }
        String last = text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
        if (last.isEmpty()) {
            return false;
        }
        if (model.repository().isPresent()) {
            String repository = model.repository().get();
            // Somebody else's repository may have the same last part; a path of a disk is none of theirs.
            boolean elsewhere = text.indexOf('/') == text.lastIndexOf('/') && text.indexOf('/') > 0;
            return !elsewhere
                    && (last.equals(repository.substring(repository.indexOf('/') + 1))
                            || model.commit().filter(last::equals).isPresent());
        }
        return List.of(model.uri().split("[/?#]", -1)).contains(last);
    }

    private static String kind(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
