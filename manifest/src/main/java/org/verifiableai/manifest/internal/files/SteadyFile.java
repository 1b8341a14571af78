package org.verifiableai.manifest.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
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
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        Path last = absolute.getFileName();
        if (parent == null || last == null) {
            throw JsonObject.wrong(name, FileState.Kind.REGULAR.words(), FileState.Kind.FOLDER.words());
        }
        try (OpenFolder folder = OpenFolder.open(parent);
                OpenFile in = OpenFile.open(folder, last.toString(), name)) {
            MessageDigest sha256 = Digests.sha256();
            long size = in.state().size();
            for (long at = 0; at < size; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
                in.readFully(buffer, at);
                buffer.flip();
                listener.chunk(buffer.duplicate());
                sha256.update(buffer);
            }
            in.requireSteady();
            return new SteadyFile(size, Bytes.of(sha256.digest()));
        }
    }

    /** Sees the content of a file as it is hashed. */
    @FunctionalInterface
    public interface ChunkListener {

        /** The next bytes, from position to limit; they are gone after the call. */
        void chunk(ByteBuffer chunk);
    }
}
