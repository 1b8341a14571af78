package org.verifiableai.attestation.snp.guest;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;

/** Folders of requests that the kernel has refused to remove. Each holds memory of the kernel's. Thread-safe. */
final class Leftovers {

    private static final int MAX = 16;

    private final TsmFiles files;
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();

    Leftovers(TsmFiles files) {
        this.files = files;
    }

    int size() {
        return folders.size();
    }

    /** Removes a folder, or keeps it in mind and says why it could not. */
    @Nullable
    IOException remove(Path folder) {
        try {
            files.removeDirectory(folder);
        } catch (NoSuchFileException e) {
            // Somebody else did it.
        } catch (IOException e) {
            folders.add(folder);
            return e;
        }
        folders.remove(folder);
        return null;
    }

    /**
     * Tries again with each folder that is left.
     *
     * @throws EvidenceUnavailableException if too many stay, so that another request would make it worse
     */
    void removeAll() throws EvidenceUnavailableException {
        IOException last = null;
        for (Path folder : folders) {
            IOException refused = remove(folder);
            last = refused == null ? last : refused;
        }
        if (folders.size() >= MAX) {
            throw new EvidenceUnavailableException(
                    folders.size() + " folders of past requests cannot be removed, such as "
                            + folders.iterator().next() + ", which would let each request take memory of the kernel's",
                    false,
                    last == null ? new IOException("removed by none") : last);
        }
    }
}
