package org.verifiableai.manifest.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * The header of a safetensors file: which tensors it holds, of which type and shape, and where. Immutable and
 * thread-safe.
 *
 * <p>A value of this type says that every byte of the file belongs to exactly one tensor and that types, shapes and spans
 * fit each other, so that no reader has to guess and nothing hides in the file. It says nothing about the numbers in the
 * tensors, nor that they fit a model; and what was on disk when it was read need not be there later. The file's digest
 * covers header and data together.
 *
 * <p>The rules are those of the format's README and of its own reader: eight bytes of length, unsigned and little-endian,
 * then a JSON object in UTF-8, then the data; spans begin at 0, follow each other without hole or overlap and end where
 * the file does; the shape's product times the bits of an element is the span. White space around the object is taken,
 * as the format's own reader does. Unknown members of a tensor are ignored; names that stand twice, unknown types, and
 * numbers that are negative, not whole or beyond 63 bits are refused.
 */
public final class SafetensorsHeader {

    static final int LENGTH_SIZE = 8;

    private final long dataOffset;
    private final List<SafetensorsTensor> tensors;
    private final SortedMap<String, String> metadata;

    SafetensorsHeader(long dataOffset, List<SafetensorsTensor> tensors, SortedMap<String, String> metadata) {
        this.dataOffset = dataOffset;
        this.tensors = List.copyOf(tensors);
        this.metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /**
     * Reads the header of a file, within {@link SafetensorsLimits#DEFAULT}.
     *
     * @param file a regular file; a link is not followed
     * @throws MalformedEvidenceException if it is not a safetensors file, exceeds a limit, or changed while it was read
     * @throws IOException if it cannot be read
     */
    public static SafetensorsHeader read(Path file) throws MalformedEvidenceException, IOException {
        return read(file, SafetensorsLimits.DEFAULT);
    }

    /**
     * Reads the header of a file; no more of the file than that is read, and memory is taken for it only once its length
     * was compared with the file's size and the limits.
     *
     * @param file a regular file; a link is not followed
     * @param limits what is taken at most
     * @throws MalformedEvidenceException if it is not a safetensors file, exceeds a limit, or changed while it was read
     * @throws IOException if it cannot be read
     */
    public static SafetensorsHeader read(Path file, SafetensorsLimits limits)
            throws MalformedEvidenceException, IOException {
        BasicFileAttributes before = attributes(file);
        // Opening a pipe would wait for a writer, so the kind comes first.
        if (!before.isRegularFile()) {
            throw JsonObject.wrong(
                    "safetensors", "a regular file", before.isSymbolicLink() ? "a symbolic link" : "a special file");
        }
        SafetensorsHeader header;
        try (SeekableByteChannel in =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = in.size();
            byte[] length = read(in, (int) Math.min(LENGTH_SIZE, size));
            byte[] json = read(in, SafetensorsHeaderReader.length(length, size, limits));
            header = new SafetensorsHeaderReader(json, size - LENGTH_SIZE - json.length, limits).read();
            BasicFileAttributes after = attributes(file);
            if (in.size() != size
                    || before.size() != size
                    || !before.lastModifiedTime().equals(after.lastModifiedTime())
                    || !Objects.equals(before.fileKey(), after.fileKey())) {
                throw changed();
            }
        }
        return header;
    }

    /**
     * Reads the header of a file of which the beginning is at hand, within {@link SafetensorsLimits#DEFAULT}.
     *
     * @param head the file's first bytes, as many as the header has or more
     * @param fileSize the size of the whole file in bytes
     * @throws MalformedEvidenceException if these are not the first bytes of a safetensors file, or exceed a limit
     * @throws IllegalArgumentException if the file's size is less than what is at hand of it
     */
    public static SafetensorsHeader parse(Bytes head, long fileSize) throws MalformedEvidenceException {
        return parse(head, fileSize, SafetensorsLimits.DEFAULT);
    }

    /**
     * Reads the header of a file of which the beginning is at hand.
     *
     * @param head the file's first bytes, as many as the header has or more
     * @param fileSize the size of the whole file in bytes
     * @param limits what is taken at most
     * @throws MalformedEvidenceException if these are not the first bytes of a safetensors file, or exceed a limit
     * @throws IllegalArgumentException if the file's size is less than what is at hand of it
     */
    public static SafetensorsHeader parse(Bytes head, long fileSize, SafetensorsLimits limits)
            throws MalformedEvidenceException {
        if (fileSize < head.size()) {
            throw new IllegalArgumentException(
                    "file size: expected at least the " + head.size() + " bytes at hand, found " + fileSize);
        }
        byte[] length = head.slice(0, Math.min(LENGTH_SIZE, head.size())).toByteArray();
        int size = SafetensorsHeaderReader.length(length, fileSize, limits);
        if (head.size() - LENGTH_SIZE < size) {
            throw new MalformedEvidenceException(
                    "safetensors header", LENGTH_SIZE, size + " bytes", head.size() - LENGTH_SIZE + " bytes");
        }
        byte[] json = head.slice(LENGTH_SIZE, LENGTH_SIZE + size).toByteArray();
        return new SafetensorsHeaderReader(json, fileSize - LENGTH_SIZE - size, limits).read();
    }

    /** The tensors in the order in which they lie in the file. */
    public List<SafetensorsTensor> tensors() {
        return tensors;
    }

    /** What {@code __metadata__} holds: free text that nothing vouches for; empty where there is none. */
    public SortedMap<String, String> metadata() {
        return metadata;
    }

    /** Where the data starts, in bytes from the start of the file; spans of tensors count from here. */
    public long dataOffset() {
        return dataOffset;
    }

    /** The length of the data in bytes; it ends where the file does. */
    public long dataSize() {
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SafetensorsHeader that
                && dataOffset == that.dataOffset
                && tensors.equals(that.tensors)
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(dataOffset, tensors, metadata);
    }

    @Override
    public String toString() {
        return "SafetensorsHeader[" + tensors.size() + " tensors, " + dataSize() + " bytes from " + dataOffset + "]";
    }

    private static byte[] read(SeekableByteChannel in, int size) throws IOException, MalformedEvidenceException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw changed();
            }
        }
        return buffer.array();
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static MalformedEvidenceException changed() {
        return JsonObject.wrong("safetensors", "a file that stays as it is while it is read", "one that changed");
    }
}
