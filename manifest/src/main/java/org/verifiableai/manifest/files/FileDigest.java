package org.verifiableai.manifest.files;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * One file of a model.
 *
 * @param name relative to the model's folder, with {@code /} between components
 * @param size in bytes
 * @param sha256 SHA-256 of the content, 32 bytes
 */
public record FileDigest(String name, long size, Bytes sha256) {

    /**
     * Checks form and range.
     *
     * @throws IllegalArgumentException if the name could mean another file on some file system, if the size is negative,
     *     or if the digest is not 32 bytes
     */
    public FileDigest {
        Objects.requireNonNull(sha256, "sha256");
        FileNames.defect(name).ifPresent(expected -> {
            throw new IllegalArgumentException("file name: expected " + expected + ", found " + name);
        });
        if (size < 0 || size > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("size of " + name + ": expected 0 to 2^53-1, found " + size);
        }
        if (sha256.size() != 32) {
            throw new IllegalArgumentException(
                    "sha256 of " + name + ": expected 32 bytes, found " + sha256.size() + " bytes");
        }
    }
}
