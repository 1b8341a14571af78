package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.SteadyFile;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * One file of training data. That it is in a manifest says that the job was given it, not how often a record was used.
 *
 * @param name by which the job calls it: 1 to 128 letters, digits, {@code . _ / -}
 * @param mediaType such as {@code application/jsonl}
 * @param sha256 SHA-256 of the whole file, 32 bytes
 * @param records how many records it holds
 */
public record DataSet(String name, String mediaType, Bytes sha256, long records) {

    /** The media type of one JSON value per line. */
    public static final String JSONL = "application/jsonl";

    private static final int BUFFER_SIZE = 1 << 20;

    // Both are shown to people, so they are of plain characters.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,64}");

    /**
     * Checks form and range.
     *
     * @throws IllegalArgumentException if the name is not one, if the digest is not 32 bytes, or if the count is negative
     */
    public DataSet {
        requireForm("data set name", NAME, name);
        if (name.equals(Job.BASE_MODEL)) {
            throw new IllegalArgumentException("data set name: " + Job.BASE_MODEL + " is the base model's");
        }
        requireForm("media type of " + name, MEDIA_TYPE, mediaType);
        if (sha256.size() != 32) {
            throw new IllegalArgumentException("sha256 of " + name + ": expected 32 bytes, found " + sha256.size());
        }
        if (records < 0 || records > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("records of " + name + ": expected 0 to 2^53-1, found " + records);
        }
    }

    /**
     * Reads a file of one JSON value per line, once. Records are what stands between LF; one final LF ends the last
     * record and starts none; blank lines count.
     *
     * @param name by which the job calls it
     * @param file the data, a regular file
     * @throws MalformedEvidenceException if the file is not a regular one or changed while it was read
     * @throws IOException if the file cannot be read
     */
    public static DataSet readJsonl(String name, Path file) throws MalformedEvidenceException, IOException {
        LineCounter lines = new LineCounter();
        SteadyFile read = SteadyFile.read(file, name, ByteBuffer.allocate(BUFFER_SIZE), lines::count);
        return new DataSet(name, JSONL, read.sha256(), lines.records());
    }

    private static void requireForm(String what, Pattern form, String found) {
        if (!form.matcher(found).matches()) {
            throw new IllegalArgumentException(what + ": expected the form " + form + ", found " + found);
        }
    }

    private static final class LineCounter {

        private long ends;
        private boolean open;

        void count(ByteBuffer chunk) {
            while (chunk.hasRemaining()) {
                open = chunk.get() != '\n';
                if (!open) {
                    ends++;
                }
            }
        }

        long records() {
            return ends + (open ? 1 : 0);
        }
    }
}
