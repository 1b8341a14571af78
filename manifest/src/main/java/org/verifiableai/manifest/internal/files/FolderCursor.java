package org.verifiableai.manifest.internal.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Goes from file to file below a folder and holds open the folders on the way to the last one, so that files of one folder
 * cost its opening once. Not thread-safe.
 */
public final class FolderCursor implements Closeable {

    private final List<OpenFolder> open = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /** Begins at {@code root}. */
    public FolderCursor(Path root) throws IOException {
        open.add(OpenFolder.open(root));
    }

    /**
     * Opens a file by its name below the root. It has to be closed before the next one is opened.
     *
     * @throws MalformedEvidenceException if it is not a regular file
     */
    public OpenFile open(String name) throws MalformedEvidenceException, IOException {
        return OpenFile.open(folderOf(name), entryOf(name), name);
    }

    /** The last component of a name. */
    public static String entryOf(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Goes to the folder in which a file lies, by the file's name below the root. It stays open until the next step. */
    public OpenFolder folderOf(String name) throws IOException {
        String[] components = name.split("/", -1);
        int last = components.length - 1;
        int shared = 0;
        while (shared < Math.min(last, names.size()) && names.get(shared).equals(components[shared])) {
            shared++;
        }
        while (names.size() > shared) {
            names.remove(names.size() - 1);
            open.remove(open.size() - 1).close();
        }
        while (names.size() < last) {
            String component = components[names.size()];
            open.add(open.get(open.size() - 1).folder(component));
            names.add(component);
        }
        return open.get(open.size() - 1);
    }

    @Override
    public void close() throws IOException {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
