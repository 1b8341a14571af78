package org.verifiableai.manifest.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.OpenFile;

/** A file whose shards several threads read: opened for the first shard, and closed after the last. Thread-safe. */
final class SharedFile implements Closeable {

    private final Path folder;
    private final FolderListing.Entry entry;
    private long left;
    private @Nullable FileOpener opener;
    private @Nullable OpenFile file;

    SharedFile(Path folder, FolderListing.Entry entry, long shards) {
        this.folder = folder;
        this.entry = entry;
        this.left = shards;
    }

    FolderListing.Entry entry() {
        return entry;
    }

    synchronized OpenFile open() throws MalformedEvidenceException, IOException {
        OpenFile open = file;
        if (open == null) {
            opener = new FileOpener(folder);
            open = opener.open(entry);
            file = open;
            // The shards were counted by the size that was listed.
            open.requireSize(entry.size());
        }
        return open;
    }

    /** To be called after each shard; whether it was the last. */
    synchronized boolean shardDone() throws MalformedEvidenceException, IOException {
        left--;
        if (left > 0 || file == null) {
            return false;
        }
        file.requireSteady();
        close();
        return true;
    }

    @Override
    public synchronized void close() throws IOException {
        FileOpener folders = opener;
        OpenFile open = file;
        opener = null;
        file = null;
        if (open != null) {
            open.close();
        }
        if (folders != null) {
            folders.close();
        }
    }
}
