package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;

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

    /** The SHA-256 and size of one file outside of any folder, with the same care. */
    static FileDigest readFile(Path file, String name) throws MalformedEvidenceException, IOException {
        return new FolderReader().hash(file, name, chunk -> {});
    }

    static FileDigest readFile(Path file, String name, ChunkListener listener)
            throws MalformedEvidenceException, IOException {
        return new FolderReader().hash(file, name, listener);
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
        BasicFileAttributes attributes = attributes(entry);
        if (attributes.isDirectory()) {
            enter(entry, name + "/", Set.of(), depth + 1);
            return;
        }
        if (files.size() == FolderDigest.MAX_FILES) {
            throw JsonObject.wrong("folder", "at most " + FolderDigest.MAX_FILES + " files", "more");
        }
        files.add(hash(entry, name, chunk -> {}));
    }

    private FileDigest hash(Path file, String name, ChunkListener listener)
            throws MalformedEvidenceException, IOException {
        BasicFileAttributes before = attributes(file);
        // Opening a pipe would wait for a writer, so the kind comes first.
        if (!before.isRegularFile()) {
            throw JsonObject.wrong(
                    name, "a regular file", before.isSymbolicLink() ? "a symbolic link" : "a special file");
        }
        MessageDigest sha256 = Digests.sha256();
        long size = 0;
        try (SeekableByteChannel in =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (in.read(buffer.clear()) >= 0) {
                buffer.flip();
                size += buffer.remaining();
                listener.chunk(buffer.duplicate());
                sha256.update(buffer);
                if (size > before.size()) {
                    break;
                }
            }
        }
        BasicFileAttributes after = attributes(file);
        if (size != before.size() || !sameFile(before, after)) {
            throw JsonObject.wrong(name, "a file that stays as it is while it is read", "one that changed");
        }
        return new FileDigest(name, size, Bytes.of(sha256.digest()));
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean sameFile(BasicFileAttributes before, BasicFileAttributes after) {
        return before.size() == after.size()
                && before.lastModifiedTime().equals(after.lastModifiedTime())
                && Objects.equals(before.fileKey(), after.fileKey())
                && after.isRegularFile();
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

    /** Sees the content of a file as it is hashed. */
    @FunctionalInterface
    interface ChunkListener {
        void chunk(ByteBuffer chunk);
    }
}
