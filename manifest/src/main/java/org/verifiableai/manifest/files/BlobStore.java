package org.verifiableai.manifest.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileState;
import org.verifiableai.manifest.internal.files.OpenFile;
import org.verifiableai.manifest.internal.files.OpenFolder;
import org.verifiableai.manifest.internal.json.JsonObject;

/** The {@code blobs/} of one repository in a cache of Hugging Face, held open. Not thread-safe. */
final class BlobStore implements Closeable {

    private static final int SHA256_DIGITS = 64;
    private static final int GIT_DIGITS = 40;

    private final OpenFolder repository;
    private final OpenFolder blobs;

    private BlobStore(OpenFolder repository, OpenFolder blobs) {
        this.repository = repository;
        this.blobs = blobs;
    }

    /** Opens the blobs beside {@code snapshot}, which is a path without links. */
    @SuppressWarnings("StreamResourceLeak") // what is given back owns both
    static BlobStore beside(Path snapshot) throws IOException {
        OpenFolder repository = OpenFolder.open(repository(snapshot));
        try {
            return new BlobStore(repository, repository.folder("blobs"));
        } catch (IOException e) {
            repository.close();
            throw e;
        }
    }

    private static Path repository(Path snapshot) throws IOException {
        Path snapshots = snapshot.getParent();
        Path repository = snapshots == null ? null : snapshots.getParent();
        if (repository == null) {
            throw new IOException(snapshot + ": no folder above it");
        }
        return repository;
    }

    /**
     * The blob that a link stands for.
     *
     * @param snapshot a path without links
     * @param name of the link, relative to the snapshot
     * @param target as the link has it
     */
    static String named(Path snapshot, String name, Path target) throws MalformedEvidenceException, IOException {
        Path blobs = repository(snapshot).resolve("blobs");
        Path from = Objects.requireNonNull(snapshot.resolve(name).getParent());
        // The folders on this way are none that a link leads to, so that .. means what it says.
        Path to = from.resolve(target).normalize();
        Path blob = to.getFileName();
        if (blob == null || !blobs.equals(to.getParent())) {
            throw JsonObject.wrong(name, "a link into blobs/ of the same repository", target.toString());
        }
        String digits = blob.toString();
        boolean hex = digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (!hex || (digits.length() != SHA256_DIGITS && digits.length() != GIT_DIGITS)) {
            throw JsonObject.wrong(name, "a blob whose name is 64 or 40 hex digits", digits);
        }
        return digits;
    }

    /** Whether the blob of that name is called by its git blob id. */
    static boolean isGitId(String blob) {
        return blob.length() == GIT_DIGITS;
    }

    /** Refuses a blob whose content is not what it is called. */
    static void requireName(String file, String blob, Bytes digest) throws MalformedEvidenceException {
        if (!digest.hex().equals(blob)) {
            throw JsonObject.wrong(file, "content of blob " + blob, "content of " + digest.hex());
        }
    }

    FileState state(String blob) throws IOException {
        return blobs.state(blob);
    }

    OpenFile open(String blob, String name) throws MalformedEvidenceException, IOException {
        return OpenFile.open(blobs, blob, name);
    }

    @Override
    public void close() throws IOException {
        try (repository) {
            blobs.close();
        }
    }
}
