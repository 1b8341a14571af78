package org.verifiableai.manifest.files;

/**
 * How much of a safetensors header is taken at most. Whatever exceeds a limit is refused before memory is taken for it.
 *
 * @param headerSize of the JSON in bytes, at most {@link #MAX_HEADER_SIZE}
 * @param tensors how many
 * @param nameSize of a tensor's name, in bytes of UTF-8
 * @param rank how many dimensions a tensor has
 * @param metadataSize of all keys and values of {@code __metadata__} together, in bytes of UTF-8
 */
public record SafetensorsLimits(int headerSize, int tensors, int nameSize, int rank, int metadataSize) {

    /** The longest header that the format's own reader takes, in bytes. */
    public static final int MAX_HEADER_SIZE = 100_000_000;

    /** 16 MiB of header, 200,000 tensors with names of 1,024 bytes and 16 dimensions, 1 MiB of metadata. */
    public static final SafetensorsLimits DEFAULT = new SafetensorsLimits(16 << 20, 200_000, 1024, 16, 1 << 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is negative or the header's exceeds {@link #MAX_HEADER_SIZE}
     */
    public SafetensorsLimits {
        if (headerSize < 0 || headerSize > MAX_HEADER_SIZE) {
            throw new IllegalArgumentException(
                    "header size: expected 0 to " + MAX_HEADER_SIZE + " bytes, found " + headerSize);
        }
        if (tensors < 0 || nameSize < 0 || rank < 0 || metadataSize < 0) {
            throw new IllegalArgumentException("limits: expected none below 0, found " + tensors + " tensors, "
                    + nameSize + " bytes of name, rank " + rank + ", " + metadataSize + " bytes of metadata");
        }
    }

    /** These limits with another one for the header, in bytes. */
    public SafetensorsLimits withHeaderSize(int bytes) {
        return new SafetensorsLimits(bytes, tensors, nameSize, rank, metadataSize);
    }

    /** These limits with another number of tensors. */
    public SafetensorsLimits withTensors(int count) {
        return new SafetensorsLimits(headerSize, count, nameSize, rank, metadataSize);
    }
}
