package org.verifiableai.attestation.snp.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.verifiableai.attestation.Bytes;

/** The operations on files by which configfs is spoken to, so that a test can put a kernel under them. */
interface TsmFiles {

    /** Those of the machine. */
    TsmFiles MACHINE = new Machine();

    /** Makes one folder, which the kernel fills with attributes. */
    void makeDirectory(Path folder) throws IOException;

    /** Removes one folder, attributes and all. */
    void removeDirectory(Path folder) throws IOException;

    /** Reads an attribute to its end; one of more than {@code limit} bytes is an error. */
    Bytes read(Path attribute, int limit) throws IOException;

    /** Writes an attribute that exists, with one call, and closes it. */
    void write(Path attribute, Bytes value) throws IOException;

    /** Files as the Java runtime has them. */
    final class Machine implements TsmFiles {

        private Machine() {}

        @Override
        public void makeDirectory(Path folder) throws IOException {
            Files.createDirectory(folder);
        }

        @Override
        public void removeDirectory(Path folder) throws IOException {
            // A folder of configfs is removed as it stands: its attributes are the kernel's and cannot be unlinked.
            Files.delete(folder);
        }

        @Override
        public Bytes read(Path attribute, int limit) throws IOException {
            try (InputStream in = Files.newInputStream(attribute)) {
                byte[] value = in.readNBytes(limit + 1);
                if (value.length > limit) {
                    throw new IOException("more than " + limit + " bytes");
                }
                return Bytes.of(value);
            }
        }

        @Override
        public void write(Path attribute, Bytes value) throws IOException {
            // Neither created nor truncated: an attribute is there or the kernel does not have it.
            try (FileChannel out = FileChannel.open(attribute, StandardOpenOption.WRITE)) {
                int written = out.write(ByteBuffer.wrap(value.toByteArray()));
                if (written != value.size()) {
                    throw new IOException(written + " of " + value.size() + " bytes were taken");
                }
            }
        }
    }
}
