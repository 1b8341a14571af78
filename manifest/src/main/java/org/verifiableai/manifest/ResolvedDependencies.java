package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.LeafRule;
import org.verifiableai.manifest.data.RecordTree;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * The resolvedDependencies of SLSA provenance v1: the base model with its files, the data sets, then job archive, tokenizer
 * and chat template. Entries that the job does not name are kept and ignored.
 */
final class ResolvedDependencies {

    /** The names of files of a job, by those of their parameters. */
    private static final Map<String, String> NAMES =
            Map.of(Job.ARCHIVE, "job-archive", Job.TOKENIZER, "tokenizer", Job.CHAT_TEMPLATE, "chat-template");

    /** Names that no data set may have. */
    static final Set<String> RESERVED = Set.of(Job.BASE_MODEL, "job-archive", "tokenizer", "chat-template");

    private static final int MAX_DEPENDENCIES = 10_000;

    private final String path;
    private final List<JsonObject> entries;

    private ResolvedDependencies(String path, List<JsonObject> entries) {
        this.path = path;
        this.entries = entries;
    }

    static ResolvedDependencies parse(JsonObject buildDefinition) throws MalformedEvidenceException {
        return new ResolvedDependencies(
                buildDefinition.path() + ".resolvedDependencies",
                buildDefinition.objects("resolvedDependencies", MAX_DEPENDENCIES));
    }

    static void write(Job job, ArrayNode into) {
        BaseModel baseModel = job.baseModel();
        ObjectNode base = into.addObject().put("name", Job.BASE_MODEL).put("uri", baseModel.uri());
        base.putObject("digest")
                .put("sha256", baseModel.files().omsRoot().hex())
                .put("dirHash1", baseModel.digest().hex());
        baseModel.commit().ifPresent(commit -> base.withObjectProperty("digest").put("gitCommit", commit));
        ArrayNode files = base.putObject("annotations").putArray("files");
        for (FileDigest file : baseModel.files().files()) {
            files.addObject()
                    .put("name", file.name())
                    .put("size", file.size())
                    .putObject("digest")
                    .put("sha256", file.sha256().hex());
        }
        for (DataSet set : job.dataSets()) {
            ObjectNode entry = into.addObject().put("name", set.name()).put("mediaType", set.mediaType());
            entry.putObject("digest").put("sha256", set.sha256().hex());
            ObjectNode annotations = entry.putObject("annotations").put("records", set.records());
            set.tree()
                    .ifPresent(tree -> annotations
                            .putObject("merkle")
                            .put("alg", RecordTree.ALGORITHM)
                            .put("leaf", tree.leaf().id())
                            .put("root", tree.root().hex()));
        }
        job.files().forEach((parameter, file) -> {
            ObjectNode entry = into.addObject().put("name", NAMES.get(parameter));
            entry.putObject("digest").put("sha256", file.sha256().hex());
            entry.putObject("annotations").put("file", file.name());
        });
    }

    /** Every file of the job is there, and is the one that the job names. */
    void requireFiles(Job job) throws MalformedEvidenceException {
        for (Map.Entry<String, JobFile> file : job.files().entrySet()) {
            JsonObject entry = only(Objects.requireNonNull(NAMES.get(file.getKey())));
            entry.object("digest")
                    .requireText("sha256", file.getValue().sha256().hex());
            entry.object("annotations").requireText("file", file.getValue().name());
        }
    }

    BaseModel baseModel() throws MalformedEvidenceException {
        JsonObject entry = only(Job.BASE_MODEL);
        List<FileDigest> files = new ArrayList<>();
        for (JsonObject file : entry.object("annotations").objects("files", FolderDigest.MAX_IN_MANIFEST)) {
            files.add(fileDigest(file, file.text("name"), file.natural("size")));
        }
        BaseModel baseModel;
        try {
            baseModel = new BaseModel(entry.text("uri"), new FolderDigest(files));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(entry.path(), "a base model", String.valueOf(e.getMessage()));
        }
        entry.object("digest").requireText("sha256", baseModel.files().omsRoot().hex());
        entry.object("digest").requireText("dirHash1", baseModel.digest().hex());
        // in-toto: of several digests every one that is understood has to agree. A manifest need not repeat the commit.
        if (entry.object("digest").has("gitCommit") && baseModel.commit().isPresent()) {
            entry.object("digest").requireText("gitCommit", baseModel.commit().get());
        }
        return baseModel;
    }

    DataSet dataSet(String name) throws MalformedEvidenceException {
        JsonObject entry = only(name);
        JsonObject annotations = entry.object("annotations");
        try {
            return new DataSet(
                    name,
                    entry.text("mediaType"),
                    entry.object("digest").sha256("sha256"),
                    annotations.natural("records"),
                    tree(annotations));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(entry.path(), "a data set", String.valueOf(e.getMessage()));
        }
    }

    // A tree of another construction is kept and ignored: no proof holds against a tree that is not there.
    private static Optional<RecordTree> tree(JsonObject annotations) throws MalformedEvidenceException {
        if (!annotations.has("merkle")) {
            return Optional.empty();
        }
        JsonObject merkle = annotations.object("merkle");
        Optional<LeafRule> leaf = LeafRule.of(merkle.text("leaf"));
        if (!merkle.text("alg").equals(RecordTree.ALGORITHM) || leaf.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RecordTree(leaf.get(), annotations.natural("records"), merkle.sha256("root")));
    }

    static FileDigest fileDigest(JsonObject entry, String name, long size) throws MalformedEvidenceException {
        try {
            return new FileDigest(name, size, entry.object("digest").sha256("sha256"));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(entry.path(), "a file of a model", String.valueOf(e.getMessage()));
        }
    }

    private JsonObject only(String name) throws MalformedEvidenceException {
        List<JsonObject> named = new ArrayList<>();
        for (JsonObject entry : entries) {
            if (entry.optionalText("name").filter(name::equals).isPresent()) {
                named.add(entry);
            }
        }
        if (named.size() != 1) {
            throw JsonObject.wrong(path, "one entry with the name " + name, named.size() + " entries");
        }
        return named.get(0);
    }
}
