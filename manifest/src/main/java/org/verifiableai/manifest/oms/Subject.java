package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.verifiableai.manifest.internal.files.FileState;
import org.verifiableai.manifest.internal.json.JsonObject;

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
     * @param files that the signature has to speak of, by name
     * @param hidden names of files that the signer left out
     * @param contents gives what the format lists of regular files that are there, or says why it cannot
     */
    record Found(SortedMap<String, ModelListing.Entry> files, SortedSet<String> hidden, Contents contents) {}

    /** Reads some of the files that are there. */
    @FunctionalInterface
    interface Contents {

        List<Resource> of(Collection<String> names) throws MalformedEvidenceException, EvidenceUnavailableException;
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
            FileHasher hasher = new FileHasher(statement.serialization(), statement.shardSize());
            Optional<String> single = singleFile(statement, listing);
            if (single.isEmpty()) {
                return new Found(listing.files(), listing.hidden(), names -> hash(hasher, listing.root(), names));
            }
            String name = single.get();
            SortedMap<String, ModelListing.Entry> files = new TreeMap<>(FileNames.ORDER);
            files.put(
                    OmsStatement.SINGLE_FILE,
                    Objects.requireNonNull(listing.files().get(name)));
            return new Found(files, listing.hidden(), names -> {
                Optional<String> defect = FileNames.defect(name);
                if (defect.isPresent()) {
                    throw JsonObject.wrong("file name", defect.get(), name);
                }
                return hash(hasher, listing.root(), List.of(name)).stream()
                        .map(r -> new Resource(OmsStatement.SINGLE_FILE, r.start(), r.end(), r.sha256()))
                        .toList();
            });
        }

        private List<Resource> hash(FileHasher hasher, Path root, Collection<String> names)
                throws MalformedEvidenceException, EvidenceUnavailableException {
            try {
                return hasher.hash(root, names);
            } catch (IOException e) {
                throw OmsVerifier.unavailable("model", model, e);
            }
        }

        // Bundles from before v1.0.1 call the one file of a model ".", and the model by the file's name.
        private Optional<String> singleFile(OmsStatement statement, ModelListing listing) {
            if (listing.files().size() != 1
                    || !statement.resources().stream().allMatch(r -> r.path().equals(OmsStatement.SINGLE_FILE))) {
                return Optional.empty();
            }
            String name = listing.files().firstKey();
            return Files.isRegularFile(model) || name.equals(statement.name()) ? Optional.of(name) : Optional.empty();
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
            SortedMap<String, ModelListing.Entry> there = new TreeMap<>(FileNames.ORDER);
            SortedSet<String> hidden = new TreeSet<>(FileNames.ORDER);
            Map<String, Bytes> digests = new TreeMap<>();
            Set<String> signed = new HashSet<>();
            statement.resources().forEach(r -> signed.add(r.path()));
            for (FileDigest file : files.files()) {
                digests.put(file.name(), file.sha256());
                boolean listed = signed.contains(file.name());
                if (listed || !IgnoredPaths.covers(ignoredByCaller, file.name())) {
                    if (!listed && IgnoredPaths.covers(statement.ignorePaths(), file.name())) {
                        hidden.add(file.name());
                    } else {
                        there.put(file.name(), entry(file));
                    }
                }
            }
            return new Found(there, hidden, names -> {
                if (statement.serialization() != Serialization.FILES) {
                    throw JsonObject.wrong("serialization", "whole files", "shards");
                }
                return names.stream()
                        .map(name -> Resource.ofFile(name, Objects.requireNonNull(digests.get(name), name)))
                        .toList();
            });
        }

        private static ModelListing.Entry entry(FileDigest file) {
            return new ModelListing.Entry(FileState.Kind.REGULAR, file.size());
        }
    }
}
