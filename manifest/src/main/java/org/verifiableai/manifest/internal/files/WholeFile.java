package org.verifiableai.manifest.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.verifiableai.attestation.Bytes;

/** Writes files whole or not at all: whoever reads meanwhile sees what was there before, or what is there afterwards. */
public final class WholeFile {

    private WholeFile() {}

    /**
     * Writes a file, and replaces one that is there.
     *
     * @param temporary where the content stands until it is whole: no file yet, on the file system of {@code target}
     */
    public static void write(Path temporary, Path target, Bytes content) throws IOException {
        try {
            try (FileChannel out =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.toByteArray());
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                // Otherwise a machine that loses its power after the move may come back with an empty file.
                out.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
