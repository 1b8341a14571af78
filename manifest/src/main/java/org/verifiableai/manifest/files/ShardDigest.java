package org.verifiableai.manifest.files;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * A part of one file of a model (OpenSSF Model Signing v1.0, serialization method "shards").
 *
 * @param name of the file, relative to the model's folder, with {@code /} between components
 * @param start offset of the first byte
 * @param end offset after the last byte
 * @param sha256 SHA-256 of the bytes between, 32 bytes
 */
public record ShardDigest(String name, long start, long end, Bytes sha256) {

    /**
     * Checks form and range.
     *
     * @throws IllegalArgumentException if the name could mean another file on some file system, if the shard is empty or
     *     begins before the file, or if the digest is not 32 bytes
     */
    public ShardDigest {
        Objects.requireNonNull(sha256, "sha256");
        FileNames.defect(name).ifPresent(expected -> {
            throw new IllegalArgumentException("file name: expected " + expected + ", found " + name);
        });
        if (start < 0 || end <= start || end > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("shard of " + name
                    + ": expected offsets 0 <= start < end <= 2^53-1, found " + start + " and " + end);
        }
        if (sha256.size() != 32) {
            throw new IllegalArgumentException(
                    "sha256 of " + name + ": expected 32 bytes, found " + sha256.size() + " bytes");
        }
    }

    /** How the format names the shard: {@code name:start:end}. The name itself may hold colons. */
    public String resource() {
        return name + ":" + start + ":" + end;
    }
}
