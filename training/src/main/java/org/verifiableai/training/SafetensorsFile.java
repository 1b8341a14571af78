package org.verifiableai.training;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SortedMap;

/** An open safetensors file. Tensors are read one at a time and widened to float32. Not thread-safe. */
final class SafetensorsFile implements AutoCloseable {

    private static final int CHUNK = 1 << 22;

    private final String where;
    private final FileChannel channel;
    private final SortedMap<String, Safetensors.Entry> entries;
    private final long dataOffset;

    private SafetensorsFile(
            String where, FileChannel channel, SortedMap<String, Safetensors.Entry> entries, long dataOffset) {
        this.where = where;
        this.channel = channel;
        this.entries = entries;
        this.dataOffset = dataOffset;
    }

    static SafetensorsFile open(Path file) throws IOException, CheckpointException {
        String where = String.valueOf(file.getFileName());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long size = channel.size();
            if (size < Safetensors.LENGTH_SIZE) {
                throw new CheckpointException(where, "8 bytes of header length", size + " bytes");
            }
            long length = read(channel, 0, Safetensors.LENGTH_SIZE).getLong();
            long most = Math.min(Safetensors.MAX_HEADER, size - Safetensors.LENGTH_SIZE);
            if (length < 0 || length > most) {
                throw new CheckpointException(
                        where, "a header of at most " + most + " bytes", Long.toUnsignedString(length) + " bytes");
            }
            byte[] header = read(channel, Safetensors.LENGTH_SIZE, (int) length).array();
            checkEnds(where, header);
            long dataOffset = Safetensors.LENGTH_SIZE + length;
            return new SafetensorsFile(where, channel, Safetensors.parse(where, header, size - dataOffset), dataOffset);
        } catch (IOException | CheckpointException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The format's README: the header begins with a brace, and is padded with spaces if at all. */
    private static void checkEnds(String where, byte[] header) throws CheckpointException {
        int last = header.length - 1;
        while (last >= 0 && header[last] == ' ') {
            last--;
        }
        if (last < 0 || header[0] != '{' || header[last] != '}') {
            throw new CheckpointException(where, "a header from brace to brace, then spaces", "other bytes");
        }
    }

    SortedMap<String, Safetensors.Entry> entries() {
        return entries;
    }

    /** The tensor, which must have {@code shape}; this is looked at before memory is taken. */
    FloatTensor read(Safetensors.Entry entry, int[] shape) throws IOException, CheckpointException {
        if (!Arrays.equals(entry.shape(), shape)) {
            throw new CheckpointException(
                    where + " " + entry.name(), "shape " + Arrays.toString(shape), Arrays.toString(entry.shape()));
        }
        return values(entry);
    }

    private FloatTensor values(Safetensors.Entry entry) throws IOException, CheckpointException {
        long size = entry.end() - entry.begin();
        int width = width(entry);
        if (size / width > Integer.MAX_VALUE - 8) {
            throw new CheckpointException(where + " " + entry.name(), "below 2^31 values", size / width + " values");
        }
        float[] values = new float[(int) (size / width)];
        long at = 0;
        while (at < size) {
            int count = (int) Math.min(CHUNK, size - at);
            ByteBuffer chunk = read(channel, dataOffset + entry.begin() + at, count);
            widen(entry.dtype(), chunk, values, (int) (at / width), count / width);
            at += count;
        }
        return new FloatTensor(entry.shape(), values);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private int width(Safetensors.Entry entry) throws CheckpointException {
        return switch (entry.dtype()) {
            case "F32" -> 4;
            case "F16", "BF16" -> 2;
            default ->
                throw new CheckpointException(where + " " + entry.name() + " dtype", "F32, F16 or BF16", entry.dtype());
        };
    }

    private static void widen(String dtype, ByteBuffer from, float[] to, int offset, int count) {
        if (dtype.equals("F32")) {
            from.asFloatBuffer().get(to, offset, count);
            return;
        }
        boolean brain = dtype.equals("BF16");
        for (int i = 0; i < count; i++) {
            int half = from.getShort(2 * i) & 0xFFFF;
            to[offset + i] = brain ? Float.intBitsToFloat(half << 16) : halfToFloat(half);
        }
    }

    /** IEEE 754 binary16. */
    static float halfToFloat(int half) {
        int exponent = (half >> 10) & 0x1F;
        int fraction = half & 0x3FF;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
        };
        return (half & 0x8000) == 0 ? magnitude : -magnitude;
    }

    private static ByteBuffer read(FileChannel channel, long offset, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException("file became shorter while it was read");
            }
        }
        return buffer.flip();
    }
}
