package org.verifiableai.manifest.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * What a regular file held while it was read once, from its first byte to its last, without following a link.
 *
 * @param size in bytes
 * @param sha256 SHA-256 of the content, 32 bytes
 */
public record SteadyFile(long size, Bytes sha256) {

    /**
     * Reads a file.
     *
     * @param file the file
     * @param name what it is called in messages
     * @param buffer where its content passes through, with an array behind it
     * @param listener sees the content as it is hashed
     * @throws MalformedEvidenceException if it is not a regular file, or changed while it was read
     * @throws IOException if it cannot be read
     */
    public static SteadyFile read(Path file, String name, ByteBuffer buffer, ChunkListener listener)
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
        return new SteadyFile(size, Bytes.of(sha256.digest()));
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

    /** Sees the content of a file as it is hashed. */
    @FunctionalInterface
    public interface ChunkListener {

        /** The next bytes, from position to limit; they are gone after the call. */
        void chunk(ByteBuffer chunk);
    }
}
