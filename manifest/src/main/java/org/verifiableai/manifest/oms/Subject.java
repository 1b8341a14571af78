package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.files.FileNames;

/** The model that a signature is held beside: on disk, or as digests. */
sealed interface Subject {

    /** What is there, when the signer's and the caller's exclusions are left out. */
    Found find(OmsStatement statement, Collection<String> ignoredByCaller)
            throws MalformedEvidenceException, EvidenceUnavailableException;

    static Subject ofPath(Path model, Set<String> signature) {
        return new OnDisk(model, signature);
    }

    static Subject ofDigest(FolderDigest files) {
        return new Hashed(files);
    }

    /**
     * What is there.
     *
     * @param names of the files that the signature has to speak of
     * @param hidden names of files that the signer left out
     * @param contents gives what the format lists of a file that is there, or says why it cannot
     */
    record Found(SortedSet<String> names, SortedSet<String> hidden, Contents contents) {}

    /** Reads the files that are there. */
    @FunctionalInterface
    interface Contents {

        List<Resource> of(String name) throws MalformedEvidenceException, EvidenceUnavailableException;
    }

    /**
     * A model on disk.
     *
     * @param model a folder, or a file
     * @param signature the name of the signature within it, if it is there
     */
    record OnDisk(Path model, Set<String> signature) implements Subject {

        @Override
        public Found find(OmsStatement statement, Collection<String> ignoredByCaller)
                throws MalformedEvidenceException, EvidenceUnavailableException {
            Set<String> ignored = new HashSet<>(IgnoredPaths.DEFAULTS);
            ignored.addAll(signature);
            ignored.addAll(ignoredByCaller);
            List<String> listed =
                    statement.resources().stream().map(Resource::path).toList();
            ModelListing listing;
            try {
                listing = ModelListing.of(model, ignored, statement.ignorePaths(), listed);
            } catch (IOException e) {
                throw OmsVerifier.unavailable("model", model, e);
            }
            SortedMap<String, Path> files = new TreeMap<>(FileNames.ORDER);
            listing.files().forEach((name, path) -> files.put(singleFile(statement, listing, name), path));
            FileHasher hasher = new FileHasher(statement.serialization(), statement.shardSize());
            return new Found(new TreeSet<>(files.keySet()), listing.hidden(), name -> {
                Path file = Objects.requireNonNull(files.get(name), name);
                try {
                    Optional<String> defect = ModelListing.kindDefect(file);
                    if (defect.isPresent()) {
                        throw new MalformedEvidenceException(
                                name, MalformedEvidenceException.NO_OFFSET, "a regular file", defect.get());
                    }
                    return hasher.hash(name, file);
                } catch (IOException e) {
                    throw OmsVerifier.unavailable("model", file, e);
                }
            });
        }

        // Bundles from before v1.0.1 call the one file of a model ".", and the model by the file's name.
        private String singleFile(OmsStatement statement, ModelListing listing, String name) {
            boolean one = listing.files().size() == 1
                    && statement.resources().stream().allMatch(r -> r.path().equals(OmsStatement.SINGLE_FILE));
            return one && (Files.isRegularFile(model) || name.equals(statement.name()))
                    ? OmsStatement.SINGLE_FILE
                    : name;
        }
    }

    /**
     * A model whose files were hashed.
     *
     * @param files all of them
     */
    record Hashed(FolderDigest files) implements Subject {

        @Override
        public Found find(OmsStatement statement, Collection<String> ignoredByCaller) {
            SortedSet<String> names = new TreeSet<>(FileNames.ORDER);
            SortedSet<String> hidden = new TreeSet<>(FileNames.ORDER);
            Map<String, Bytes> digests = new TreeMap<>();
            List<String> listed = new ArrayList<>();
            statement.resources().forEach(r -> listed.add(r.path()));
            Set<String> signed = new HashSet<>(listed);
            for (FileDigest file : files.files()) {
                digests.put(file.name(), file.sha256());
                if (!signed.contains(file.name()) && IgnoredPaths.covers(ignoredByCaller, file.name())) {
                    continue;
                }
                boolean left =
                        !signed.contains(file.name()) && IgnoredPaths.covers(statement.ignorePaths(), file.name());
                (left ? hidden : names).add(file.name());
            }
            return new Found(names, hidden, name -> {
                if (statement.serialization() != Serialization.FILES) {
                    throw new MalformedEvidenceException(
                            "serialization", MalformedEvidenceException.NO_OFFSET, "whole files", "shards");
                }
                return List.of(Resource.ofFile(name, Objects.requireNonNull(digests.get(name), name)));
            });
        }
    }
}
