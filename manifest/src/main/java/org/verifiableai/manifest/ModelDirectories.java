package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/** The models below directories, by what their manifests state. Immutable and thread-safe. */
final class ModelDirectories implements ModelSource {

    private static final int MAX_FOLDERS = 100_000;
    private static final int MAX_DEPTH = 32;

    private final Map<Bytes, Path> folders;

    private ModelDirectories(Map<Bytes, Path> folders) {
        this.folders = Map.copyOf(folders);
    }

    static ModelDirectories read(List<Path> directories) throws EvidenceUnavailableException {
        Map<Bytes, Path> folders = new HashMap<>();
        int count = 0;
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                throw new EvidenceUnavailableException("there is no folder " + directory, false);
            }
            List<Path> level = List.of(directory);
            for (int depth = 0; !level.isEmpty(); depth++) {
                count += level.size();
                if (count > MAX_FOLDERS || depth > MAX_DEPTH) {
                    throw new EvidenceUnavailableException(
                            "folders of models below " + directory + ": expected at most " + MAX_FOLDERS + " and "
                                    + MAX_DEPTH + " levels, found more",
                            false);
                }
                level = read(level, folders);
            }
        }
        return new ModelDirectories(folders);
    }

    @Override
    public Optional<Path> folder(Bytes modelDigest) {
        return Optional.ofNullable(folders.get(modelDigest));
    }

    /** Notes the models of one level, and returns the folders of the next. */
    private static List<Path> read(List<Path> level, Map<Bytes, Path> folders) throws EvidenceUnavailableException {
        List<Path> next = new ArrayList<>();
        for (Path folder : level) {
            try {
                if (Files.exists(folder.resolve(ManifestFolder.CLAIMS), LinkOption.NOFOLLOW_LINKS)) {
                    statedBy(folder).ifPresent(stated -> folders.putIfAbsent(stated.modelDigest(), folder));
                } else {
                    addFolders(folder, next);
                }
            } catch (IOException e) {
                throw new EvidenceUnavailableException("cannot read " + folder + ": " + e.getMessage(), false, e);
            }
        }
        return next;
    }

    private static void addFolders(Path folder, List<Path> found) throws IOException {
        List<Path> inside = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    inside.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        // A file system lists in an order of its own.
        inside.sort(null);
        found.addAll(inside);
    }

    /** What the manifest in a folder states; empty if there is none that can be read. Nothing vouches for it. */
    static Optional<Provenance> statedBy(Path folder) throws IOException {
        try {
            return Optional.of(new ManifestFolder(folder).manifest().provenance());
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }
}
