package org.verifiableai.manifest.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FolderCursor;
import org.verifiableai.manifest.internal.files.OpenFile;

/** Opens listed files, one at a time. Not thread-safe. */
final class FileOpener implements Closeable {

    private final Path folder;
    private final FolderCursor cursor;
    private @Nullable BlobStore blobs;

    FileOpener(Path folder) throws IOException {
        this.folder = folder;
        this.cursor = new FolderCursor(folder);
    }

    OpenFile open(FolderListing.Entry file) throws MalformedEvidenceException, IOException {
        String blob = file.blob();
        if (blob == null) {
            return cursor.open(file.name());
        }
        if (blobs == null) {
            blobs = BlobStore.beside(folder);
        }
        return blobs.open(blob, file.name());
    }

    @Override
    public void close() throws IOException {
        try (cursor) {
            if (blobs != null) {
                blobs.close();
            }
        }
    }
}
