package org.verifiableai.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.files.SafetensorsHeader;
import org.verifiableai.manifest.files.SafetensorsTensor;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * Whether the files of a model can be loaded without running code, and say what the manifest says. Digests cannot tell:
 * they hold for a pickle too.
 *
 * <ul>
 *   <li>Every {@code *.safetensors} has a valid header, to the last byte of the file.
 *   <li>No file is of a kind that {@link CodeFiles} refuses.
 *   <li>No {@code *config.json} has a loader fetch or import code ({@link ModelConfig}).
 *   <li>An {@code adapter_config.json} has its {@code adapter_model.safetensors} beside it, without which a loader looks
 *       for a pickle or at the hub, and does not contradict the manifest's base model ({@link BaseModelName}).
 *   <li>A {@code *.index.json} names shards that are there and hold the tensors it says.
 * </ul>
 *
 * <p>Configurations are compared with the digest that was taken before, so that what is judged is what was hashed. Of
 * other files only the beginning is read again, and only their size is compared: whoever can write to the folder between
 * the hash and this check can show it another header, as he can to whoever loads the model after both.
 *
 * @param defects one line each, subject first; none where all is well
 * @param notes what was not compared, and why that is no defect
 */
record AdapterFiles(List<String> defects, List<String> notes) {

    private static final int MAX_CONFIG = 4 << 20;

    /** An index has a line for each tensor. */
    private static final int MAX_INDEX = 16 << 20;

    private static final int MAX_INDEXES = 64;
    private static final int MAX_NAMED = 5;
    private static final String SAFETENSORS = "safetensors";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final Set<String> UNCHECKED = Set.of("gguf", "ggml", "onnx", "tflite", "msgpack", "mlmodel", "ot");

    AdapterFiles {
        defects = List.copyOf(defects);
        notes = List.copyOf(notes);
    }

    /**
     * Inspects a model.
     *
     * @param folder where it lies
     * @param files all of its files, already hashed
     * @param baseModel the URI of the base model that the manifest names
     * @throws IOException if a file cannot be read
     */
    static AdapterFiles inspect(Path folder, FolderDigest files, String baseModel) throws IOException {
        Inspection inspection = new Inspection(folder, files, new BaseModelName(baseModel));
        for (FileDigest file : files.files()) {
            try {
                inspection.file(file);
            } catch (MalformedEvidenceException e) {
                inspection.defects.add(
                        e.field().startsWith(file.name()) ? e.getMessage() : file.name() + ": " + e.getMessage());
            }
        }
        return new AdapterFiles(inspection.defects, inspection.notes);
    }

    /** The first defects on one line, or nothing where there are none. */
    Optional<String> summary() {
        if (defects.isEmpty()) {
            return Optional.empty();
        }
        String named = String.join("; ", defects.subList(0, Math.min(MAX_NAMED, defects.size())));
        int more = defects.size() - MAX_NAMED;
        return Optional.of(more > 0 ? named + "; and " + more + " more" : named);
    }

    /** One run. Not thread-safe. */
    private static final class Inspection {

        private final Path folder;
        private final Map<String, FileDigest> files;
        private final BaseModelName base;
        private final List<String> defects = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private int indexes;

        Inspection(Path folder, FolderDigest files, BaseModelName base) {
            this.folder = folder;
            this.files = files.files().stream().collect(Collectors.toMap(FileDigest::name, file -> file));
            this.base = base;
        }

        void file(FileDigest file) throws MalformedEvidenceException, IOException {
            String name = file.name();
            String extension = CodeFiles.extension(name);
            Optional<String> code = CodeFiles.byName(name);
            if (code.isPresent()) {
                throw JsonObject.wrong(name, "no " + code.get(), "the name of one");
            }
            if (extension.equals(SAFETENSORS)) {
                header(file);
                return;
            }
            Optional<String> hidden = CodeFiles.byContent(read(file, CodeFiles.HEAD_SIZE));
            if (hidden.isPresent()) {
                throw JsonObject.wrong(name, "no " + hidden.get(), "the first bytes of one");
            }
            if (UNCHECKED.contains(extension)) {
                notes.add(name + " is of a format that is not checked");
            }
            // A loader on a file system without case opens these under any.
            String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            if (last.equals(ModelConfig.ADAPTER)) {
                add(ModelConfig.readAdapter(name, content(file, MAX_CONFIG), base));
                String weights = sibling(name, WEIGHTS);
                if (!files.containsKey(weights)) {
                    defects.add(weights + ": expected the weights beside " + ModelConfig.ADAPTER + ", found none");
                }
            } else if (last.endsWith("config.json")) {
                add(ModelConfig.read(name, content(file, MAX_CONFIG)));
            } else if (last.endsWith(".index.json")) {
                index(file);
            }
        }

        private void add(ModelConfig config) {
            defects.addAll(config.defects());
            notes.addAll(config.notes());
        }

        private SafetensorsHeader header(FileDigest file) throws MalformedEvidenceException, IOException {
            requireRegular(file);
            SafetensorsHeader header;
            try {
                header = SafetensorsHeader.read(folder.resolve(file.name()));
            } catch (NoSuchFileException e) {
                throw changed(file);
            }
            if (header.dataOffset() + header.dataSize() != file.size()) {
                throw changed(file);
            }
            return header;
        }

        /** An index of weights in several files, in the form of Hugging Face: tensors by name, each with its file. */
        private void index(FileDigest file) throws MalformedEvidenceException, IOException {
            // Each has the headers of its shards read again.
            if (++indexes > MAX_INDEXES) {
                throw JsonObject.wrong(file.name(), "at most " + MAX_INDEXES + " indexes in a model", "more");
            }
            Bytes content = content(file, MAX_INDEX);
            JsonObject map = JsonObject.of(file.name(), StrictJson.parseIJson(file.name(), content, MAX_INDEX))
                    .object("weight_map");
            SortedMap<String, List<String>> tensors = new TreeMap<>();
            // A loader joins folder and name: a name that is none of the model's files may lead anywhere.
            map.texts()
                    .forEach((tensor, shard) -> tensors.computeIfAbsent(shard, s -> new ArrayList<>())
                            .add(tensor));
            for (Map.Entry<String, List<String>> entry : tensors.entrySet()) {
                FileDigest shard = files.get(sibling(file.name(), entry.getKey()));
                if (shard == null || !CodeFiles.extension(shard.name()).equals(SAFETENSORS)) {
                    throw JsonObject.wrong(map.path(), "safetensors files of the model", entry.getKey());
                }
                Set<String> held = header(shard).tensors().stream()
                        .map(SafetensorsTensor::name)
                        .collect(Collectors.toSet());
                for (String tensor : entry.getValue()) {
                    if (!held.contains(tensor)) {
                        throw map.wrongMember(tensor, "a tensor in " + entry.getKey(), "none");
                    }
                }
            }
        }

        /** The whole of a file, which is what was hashed. */
        private Bytes content(FileDigest file, int limit) throws MalformedEvidenceException, IOException {
            if (file.size() > limit) {
                throw JsonObject.wrong(file.name(), "at most " + limit + " bytes", file.size() + " bytes");
            }
            Bytes content = Bytes.of(read(file, (int) file.size() + 1));
            if (!content.sha256().equals(file.sha256())) {
                throw changed(file);
            }
            return content;
        }

        private byte[] read(FileDigest file, int limit) throws MalformedEvidenceException, IOException {
            requireRegular(file);
            try (InputStream in = Files.newInputStream(
                    folder.resolve(file.name()), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return in.readNBytes(limit);
            } catch (NoSuchFileException e) {
                throw changed(file);
            }
        }

        // Opening a pipe would wait for a writer, so the kind comes first.
        private void requireRegular(FileDigest file) throws MalformedEvidenceException {
            if (!Files.isRegularFile(folder.resolve(file.name()), LinkOption.NOFOLLOW_LINKS)) {
                throw changed(file);
            }
        }

        private static String sibling(String name, String last) {
            return name.substring(0, name.lastIndexOf('/') + 1) + last;
        }

        private static MalformedEvidenceException changed(FileDigest file) {
            return JsonObject.wrong(file.name(), "the file that was hashed", "another");
        }
    }
}
