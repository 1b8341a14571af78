package org.verifiableai.manifest.files;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.manifest.internal.files.FileNames;

/**
 * The files of a folder with their digests, and the two digests of the whole. Immutable.
 *
 * <p>{@link #dirHash1()} covers names and contents and is the model's identity. {@link #omsRoot()} is what OpenSSF Model
 * Signing writes: it covers contents in order and not names, so it must never be the only identity.
 *
 * @param files in the order of their names' code points; at least one and at most a million; a manifest
 *     names fewer
 */
public record FolderDigest(List<FileDigest> files) {

    /** How many files a folder has at most. */
    public static final int MAX_FILES = FolderHasher.MAX_FILES;

    /** How many files of a folder a manifest names at most. */
    public static final int MAX_IN_MANIFEST = 10_000;

    /**
     * Sorts {@code files}.
     *
     * @throws IllegalArgumentException if there are none or too many, if two have one name, or if two names differ only
     *     in case or Unicode composition
     */
    public FolderDigest {
        files = files.stream()
                .sorted(Comparator.comparing(FileDigest::name, FileNames.ORDER))
                .toList();
        if (files.isEmpty() || files.size() > MAX_FILES) {
            throw new IllegalArgumentException("files: expected 1 to " + MAX_FILES + ", found " + files.size());
        }
        for (int i = 1; i < files.size(); i++) {
            String name = files.get(i).name();
            if (name.equals(files.get(i - 1).name())) {
                throw new IllegalArgumentException("files: expected each name once, found twice " + name);
            }
        }
        FileNames.twins(files.stream().map(FileDigest::name).toList()).ifPresent(twins -> {
            throw new IllegalArgumentException(
                    "files: expected names that differ in more than case and composition, found " + twins);
        });
    }

    /**
     * Reads every file below {@code folder} once, with all processors; {@link FolderHasher} can do more.
     *
     * @param folder a folder of regular files and folders, nothing else
     * @return the digest of all of them
     * @throws MalformedEvidenceException if the folder holds a symbolic link or a special file, a name that could mean
     *     another file elsewhere, no file, or too many; or if a file changed while it was read
     * @throws IOException if something cannot be read
     */
    public static FolderDigest of(Path folder) throws MalformedEvidenceException, IOException {
        return of(folder, Set.of());
    }

    /**
     * Reads every file below {@code folder} once, save the excluded ones.
     *
     * @param folder a folder of regular files and folders, nothing else
     * @param excluded names of entries directly in the folder; what is below them is left out too
     * @return the digest of all others
     * @throws MalformedEvidenceException if the folder holds a symbolic link or a special file, a name that could mean
     *     another file elsewhere, no file, or too many; or if a file changed while it was read
     * @throws IOException if something cannot be read
     */
    public static FolderDigest of(Path folder, Set<String> excluded) throws MalformedEvidenceException, IOException {
        return FolderHasher.builder().exclude(excluded).build().hash(folder).digest();
    }

    /** SHA-256 over the digests of the files in order, 32 bytes (OpenSSF Model Signing v1.0). Does not cover names. */
    public Bytes omsRoot() {
        MessageDigest root = Digests.sha256();
        for (FileDigest file : files) {
            root.update(file.sha256().toByteArray());
        }
        return Bytes.of(root.digest());
    }

    /**
     * SHA-256 over one line for each file in order, 32 bytes: digest in lower-case hex, two spaces, name, LF (in-toto
     * dirHash). Anybody can repeat it with {@code find}, {@code sort} and {@code sha256sum}.
     */
    public Bytes dirHash1() {
        MessageDigest hash = Digests.sha256();
        for (FileDigest file : files) {
            hash.update(
                    Bytes.utf8(file.sha256().hex() + "  " + file.name() + "\n").toByteArray());
        }
        return Bytes.of(hash.digest());
    }
}
