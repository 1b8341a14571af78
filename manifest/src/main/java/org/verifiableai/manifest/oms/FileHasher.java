package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.manifest.internal.files.SteadyFile;

/** Hashes files one after the other, each in one pass, whole or in parts. Not thread-safe. */
final class FileHasher {

    private static final int BUFFER_SIZE = 1 << 20;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private final Serialization serialization;
    private final long shardSize;

    FileHasher(Serialization serialization, long shardSize) {
        this.serialization = serialization;
        this.shardSize = shardSize;
    }

    /** What the format lists of a file: one entry, or one for each part, of which an empty file has none. */
    List<Resource> hash(String name, Path file) throws MalformedEvidenceException, IOException {
        if (serialization == Serialization.FILES) {
            return List.of(Resource.ofFile(
                    name, SteadyFile.read(file, name, buffer, chunk -> {}).sha256()));
        }
        Shards shards = new Shards(name, shardSize);
        SteadyFile.read(file, name, buffer, shards::add);
        return shards.finish();
    }

    private static final class Shards {

        private final String name;
        private final long size;
        private final MessageDigest digest = Digests.sha256();
        private final List<Resource> shards = new ArrayList<>();
        private long start;
        private long position;

        Shards(String name, long size) {
            this.name = name;
            this.size = size;
        }

        void add(ByteBuffer chunk) {
            while (chunk.hasRemaining()) {
                int length = (int) Math.min(chunk.remaining(), size - (position - start));
                digest.update(chunk.slice(chunk.position(), length));
                chunk.position(chunk.position() + length);
                position += length;
                if (position - start == size) {
                    end();
                }
            }
        }

        List<Resource> finish() {
            if (position > start) {
                end();
            }
            return shards;
        }

        private void end() {
            shards.add(new Resource(name, start, position, Bytes.of(digest.digest())));
            start = position;
        }
    }
}
