package org.verifiableai.manifest.internal.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A folder held open. What is asked of its entries is asked of this very folder, even when somebody puts another one, or a
 * link, in its place meanwhile; on file systems that cannot do so, its path stands for it. Entries that are links are
 * never followed. Not thread-safe.
 */
public final class OpenFolder implements Closeable {

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path path;
    private final DirectoryStream<Path> stream;
    private final boolean unix;

    private OpenFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
        this.unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** Opens the folder that {@code path} leads to, over links too. */
    @SuppressWarnings("StreamResourceLeak") // what is given back owns it
    public static OpenFolder open(Path path) throws IOException {
        return new OpenFolder(path, Files.newDirectoryStream(path));
    }

    /** Opens an entry that is a folder and not a link to one. */
    public OpenFolder folder(String entry) throws IOException {
        Path below = path.resolve(entry);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new OpenFolder(below, secure.newDirectoryStream(name(entry), LinkOption.NOFOLLOW_LINKS));
        }
        if (state(entry).kind() != FileState.Kind.FOLDER) {
            throw new NotDirectoryException(below.toString());
        }
        return open(below);
    }

    /**
     * The names of all entries, in the order of their code points. To be called once.
     *
     * @param field what the folder is called in messages
     * @throws MalformedEvidenceException if a name is not text, or if there are more than {@code max}
     */
    public List<String> entries(String field, int max) throws MalformedEvidenceException, IOException {
        List<String> names = new ArrayList<>();
        try {
            for (Path entry : stream) {
                if (names.size() == max) {
                    throw JsonObject.wrong(field, "at most " + max + " entries", "more");
                }
                names.add(text(entry));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(FileNames.ORDER);
        return names;
    }

    // A file system may hold names that are not text. They decode to replacement characters, which do not encode back.
    private static String text(Path entry) throws MalformedEvidenceException {
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

    /** What an entry is now. */
    public FileState state(String entry) throws IOException {
        Path below = path.resolve(entry);
        BasicFileAttributes attributes;
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            attributes = secure.getFileAttributeView(
                            name(entry), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } else {
            attributes = Files.readAttributes(below, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
        return FileState.of(attributes, changed(below));
    }

    // Java gives this time by path alone. Were the path to lead elsewhere by now, the time would differ, and a file
    // whose
    // time differs is refused: so it can only add to what is noticed.
    private @Nullable FileTime changed(Path below) throws IOException {
        return unix ? (FileTime) Files.getAttribute(below, "unix:ctime", LinkOption.NOFOLLOW_LINKS) : null;
    }

    /** Opens an entry that is no link, to read it. */
    SeekableByteChannel read(String entry) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure.newByteChannel(name(entry), READ);
        }
        return Files.newByteChannel(path.resolve(entry), READ);
    }

    /** Where an entry that is a link points to, as it is written there. */
    public Path link(String entry) throws IOException {
        return Files.readSymbolicLink(path.resolve(entry));
    }

    private Path name(String entry) {
        return path.getFileSystem().getPath(entry);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
