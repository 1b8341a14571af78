package org.verifiableai.manifest.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.SteadyFile;
import org.verifiableai.manifest.internal.json.JsonObject;

/** Hashes what is below a folder, one pass over each file, and follows no link. */
final class FolderReader {

    private static final int BUFFER_SIZE = 1 << 20;
    private static final int MAX_DEPTH = 32;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private final List<FileDigest> files = new ArrayList<>();

    private FolderReader() {}

    static List<FileDigest> read(Path folder, Set<String> excluded) throws MalformedEvidenceException, IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        FolderReader reader = new FolderReader();
        reader.enter(folder, "", excluded, 1);
        return reader.files;
    }

    private void enter(Path folder, String prefix, Set<String> excluded, int depth)
            throws MalformedEvidenceException, IOException {
        if (depth > MAX_DEPTH) {
            throw JsonObject.wrong("folder", "at most " + MAX_DEPTH + " levels", "more below " + prefix);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = nameOf(entry);
                if (excluded.contains(name)) {
                    continue;
                }
                visit(entry, prefix + name, depth);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void visit(Path entry, String name, int depth) throws MalformedEvidenceException, IOException {
        var defect = FileNames.defect(name);
        if (defect.isPresent()) {
            throw JsonObject.wrong("file name", defect.get(), name);
        }
        BasicFileAttributes attributes =
                Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
            enter(entry, name + "/", Set.of(), depth + 1);
            return;
        }
        if (files.size() == FolderDigest.MAX_FILES) {
            throw JsonObject.wrong("folder", "at most " + FolderDigest.MAX_FILES + " files", "more");
        }
        SteadyFile file = SteadyFile.read(entry, name, buffer, chunk -> {});
        files.add(new FileDigest(name, file.size(), file.sha256()));
    }

    // A file system may hold names that are not text. They decode to replacement characters, which do not encode back.
    private static String nameOf(Path entry) throws MalformedEvidenceException {
        Path last = Objects.requireNonNull(entry.getFileName());
        String name = last.toString();
        try {
            if (last.getFileSystem().getPath(name).equals(last)) {
                return name;
            }
        } catch (InvalidPathException e) {
            // Falls through: the name is not text.
        }
        throw JsonObject.wrong("file name", "valid Unicode", name);
    }
}
