package org.verifiableai.training;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript module without parameters: the text of one class, and the few bytes of pickle that make an
 * instance of it. PyTorch reads a zip of stored entries below one folder.
 */
final class TorchScriptArchive {

    private static final String FOLDER = "module/";
    private static final String VERSION = "10\n";
    private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

    private TorchScriptArchive() {}

    static void write(Path file, String className, String text) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "data.pkl", instance(className));
            store(zip, "code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", EMPTY_TUPLE);
            store(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
            store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Pickle protocol 2: a new {@code __torch__.Class} whose state is {@code {"training": True}}. */
    private static byte[] instance(String className) {
        String training = "training";
        return (new String(new char[] {0x80, 2}) + "c__torch__\n" + className + "\n)" + (char) 0x81 + "}(X"
                        + (char) training.length() + "\0\0\0" + training + (char) 0x88 + "ub.")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(FOLDER + name);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
