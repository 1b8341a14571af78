package org.verifiableai.manifest.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.FileState;
import org.verifiableai.manifest.internal.files.FolderCursor;
import org.verifiableai.manifest.internal.files.OpenFolder;
import org.verifiableai.manifest.internal.json.JsonObject;

/** Lists what is below a folder, follows no link, and refuses what is no file of a model before anything is read. */
final class FolderListing {

    private static final int MAX_DEPTH = 32;

    private final Path folder;
    private final FolderHasher.Rules rules;
    private final @Nullable BlobStore blobs;
    private final List<Entry> files = new ArrayList<>();

    private FolderListing(Path folder, FolderHasher.Rules rules, @Nullable BlobStore blobs) {
        this.folder = folder;
        this.rules = rules;
        this.blobs = blobs;
    }

    /**
     * A file of the folder.
     *
     * @param name relative to it
     * @param size in bytes
     * @param blob what a link points to in {@code blobs/}, or null where it is no link
     * @param stamp by which a cache knows it, or null where there is no cache
     */
    record Entry(
            String name,
            long size,
            @Nullable String blob,
            @Nullable String stamp) {}

    /** The files in the order of their names' code points. */
    static List<Entry> of(Path folder, FolderHasher.Rules rules) throws MalformedEvidenceException, IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        boolean linked = rules.links() == LinkRule.HUGGING_FACE && Files.isDirectory(folder.resolve("../../blobs"));
        try (OpenFolder root = OpenFolder.open(folder);
                BlobStore blobs = linked ? BlobStore.beside(folder) : null) {
            FolderListing listing = new FolderListing(folder, rules, blobs);
            if (rules.only().isPresent()) {
                listing.find(rules.only().get());
            } else {
                listing.enter(root, "", 1);
            }
            listing.files.sort(Comparator.comparing(Entry::name, FileNames.ORDER));
            return listing.files;
        }
    }

    private void find(Set<String> names) throws MalformedEvidenceException, IOException {
        try (FolderCursor cursor = new FolderCursor(folder)) {
            for (String name : names) {
                OpenFolder open = cursor.folderOf(name);
                String entry = FolderCursor.entryOf(name);
                take(open, entry, name, open.state(entry));
            }
        }
    }

    private void enter(OpenFolder open, String prefix, int depth) throws MalformedEvidenceException, IOException {
        if (depth > MAX_DEPTH) {
            throw JsonObject.wrong("folder", "at most " + MAX_DEPTH + " levels", "more below " + prefix);
        }
        Set<String> excluded = depth == 1 ? rules.excluded() : Set.of();
        for (String entry : open.entries("folder", rules.maxFiles() + excluded.size())) {
            String name = prefix + entry;
            if (!excluded.contains(entry) && !rules.ignored().contains(name)) {
                visit(open, entry, name, depth);
            }
        }
    }

    private void visit(OpenFolder open, String entry, String name, int depth)
            throws MalformedEvidenceException, IOException {
        var defect = FileNames.defect(name);
        if (defect.isPresent()) {
            throw JsonObject.wrong("file name", defect.get(), name);
        }
        FileState state = open.state(entry);
        if (state.kind() == FileState.Kind.FOLDER) {
            try (OpenFolder below = open.folder(entry)) {
                enter(below, name + "/", depth + 1);
            }
        } else {
            take(open, entry, name, state);
        }
    }

    private void take(OpenFolder open, String entry, String name, FileState state)
            throws MalformedEvidenceException, IOException {
        if (state.kind() == FileState.Kind.LINK && blobs != null) {
            String blob = BlobStore.named(folder, name, open.link(entry));
            add(name, blobs.state(blob), blob);
        } else {
            add(name, state, null);
        }
    }

    private void add(String name, FileState state, @Nullable String blob) throws MalformedEvidenceException {
        if (state.kind() != FileState.Kind.REGULAR) {
            throw JsonObject.wrong(
                    name, FileState.Kind.REGULAR.words(), state.kind().words());
        }
        if (files.size() == rules.maxFiles()) {
            throw JsonObject.wrong("folder", "at most " + rules.maxFiles() + " files", "more");
        }
        files.add(new Entry(name, state.size(), blob, rules.cache().isPresent() ? HashCache.stamp(state) : null));
    }
}
