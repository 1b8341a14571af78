package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.FileState;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * What is below a model's folder, by relative name, without following a link. A model may also be one file.
 *
 * @param root below which the names are
 * @param files what a signature has to speak of: everything that nobody leaves out, be it a file, a link or a pipe
 * @param hidden what the signer leaves out, and nobody else
 */
record ModelListing(Path root, SortedMap<String, Entry> files, SortedSet<String> hidden) {

    private static final int MAX_ENTRIES = 1_000_000;
    private static final int MAX_DEPTH = 64;

    /**
     * What is there by one name.
     *
     * @param kind no folder
     * @param size in bytes, if it is a file
     */
    record Entry(FileState.Kind kind, long size) {

        static Entry of(BasicFileAttributes attributes) {
            return new Entry(FileState.Kind.of(attributes), attributes.size());
        }

        /** Why this cannot be part of a model; empty for a regular file. */
        Optional<MalformedEvidenceException> defect(String name) {
            FileState.Kind file = FileState.Kind.REGULAR;
            return kind == file ? Optional.empty() : Optional.of(JsonObject.wrong(name, file.words(), kind.words()));
        }
    }

    /**
     * Lists a model.
     *
     * @param ignoredByCaller left out, and not looked at
     * @param ignoredBySigner left out, and named
     * @param listed what the signature lists, which nobody can leave out
     */
    static ModelListing of(
            Path model,
            Collection<String> ignoredByCaller,
            Collection<String> ignoredBySigner,
            Collection<String> listed)
            throws MalformedEvidenceException, IOException {
        if (Files.isRegularFile(model)) {
            ModelListing listing = ModelListing.in(folderOf(model));
            listing.files.put(
                    nameOf(model),
                    Entry.of(Files.readAttributes(model, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
            return listing;
        }
        if (!Files.isDirectory(model)) {
            throw new NoSuchFileException(model.toString(), null, "no such model");
        }
        Path root = model.toRealPath(); // a walk that follows no link would not enter a linked folder
        ModelListing listing = ModelListing.in(root);
        Visitor visitor = new Visitor(
                root, new HashSet<>(ignoredByCaller), new HashSet<>(ignoredBySigner), withFolders(listed), listing);
        Files.walkFileTree(root, Set.<FileVisitOption>of(), MAX_DEPTH, visitor);
        if (visitor.tooMany) {
            throw JsonObject.wrong("model", "at most " + MAX_ENTRIES + " files in " + MAX_DEPTH + " levels", "more");
        }
        return listing;
    }

    private static ModelListing in(Path root) {
        return new ModelListing(root, new TreeMap<>(FileNames.ORDER), new TreeSet<>(FileNames.ORDER));
    }

    /** The name of {@code signature} relative to {@code model}, if it lies in it. */
    static Optional<String> relativeName(Path model, Path signature) throws IOException {
        Path folder = folderOf(signature);
        if (!Files.isDirectory(model) || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Path root = model.toRealPath();
        // The last component is not followed: what is left out is the name under which the signature was given.
        Path file = folder.toRealPath().resolve(Objects.requireNonNull(signature.getFileName(), "a file has a name"));
        return file.startsWith(root) ? Optional.of(nameOf(root, file)) : Optional.empty();
    }

    /** The folder in which a file lies. */
    static Path folderOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
    }

    private static String nameOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getFileName()).toString();
    }

    private static String nameOf(Path root, Path file) {
        StringBuilder name = new StringBuilder();
        for (Path component : root.relativize(file)) {
            name.append(name.isEmpty() ? "" : "/").append(component);
        }
        return name.toString();
    }

    private static Set<String> withFolders(Collection<String> listed) {
        Set<String> all = new HashSet<>(listed);
        for (String name : listed) {
            for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
                all.add(name.substring(0, end));
            }
        }
        return all;
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {

        private final Path root;
        private final Set<String> ignoredByCaller;
        private final Set<String> ignoredBySigner;
        private final Set<String> listed;
        private final ModelListing listing;
        private boolean tooMany;

        Visitor(
                Path root,
                Set<String> ignoredByCaller,
                Set<String> ignoredBySigner,
                Set<String> listed,
                ModelListing listing) {
            this.root = root;
            this.ignoredByCaller = ignoredByCaller;
            this.ignoredBySigner = ignoredBySigner;
            this.listed = listed;
            this.listing = listing;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = nameOf(root, folder);
            boolean skip = !folder.equals(root) && ignoredByCaller.contains(name) && !listed.contains(name);
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = nameOf(root, file);
            // A folder at the greatest depth is visited as if it were a file.
            tooMany |= attributes.isDirectory() || listing.files.size() + listing.hidden.size() >= MAX_ENTRIES;
            if (listed.contains(name)) {
                listing.files.put(name, Entry.of(attributes));
            } else if (IgnoredPaths.covers(ignoredByCaller, name)) {
                return FileVisitResult.CONTINUE;
            } else if (IgnoredPaths.covers(ignoredBySigner, name)) {
                listing.hidden.add(name);
            } else {
                listing.files.put(name, Entry.of(attributes));
            }
            return tooMany ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
