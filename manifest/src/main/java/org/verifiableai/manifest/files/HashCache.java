package org.verifiableai.manifest.files;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.FileState;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A file with the digests of another run over the same folder, so that the next one reads only what changed. Immutable:
 * this object is the path, the file is read and written by {@link FolderHasher#hash}.
 *
 * <p>A digest is taken from it where the file in the folder has the same name, size, time of last writing, time of last
 * change and key (device and inode) as the one that was hashed, and where both times lay two seconds or more before it was
 * hashed: what is written within the grain of a file system's clock looks the same before and after. A file system that
 * tells no key has every file read.
 *
 * <p>What this proves less than reading: whoever can write the cache chooses the digests, and whoever can write to the
 * device below the file system, or set its clock, can change content without a trace. So keep it where nobody else writes,
 * outside of the folder; and judge models of others without one. On systems with POSIX permissions it is written for its
 * owner alone, and one that others may write to is refused.
 *
 * <p>The file is text: {@code vai-hash-cache/1}, then one line for each file in order of names, with a tab between SHA-256,
 * when it was hashed, size, last writing, last change (or {@code -}), key, and name. Times are nanoseconds since 1970.
 * It is replaced as a whole.
 */
public final class HashCache {

    private static final String FORMAT = "vai-hash-cache/1";
    private static final long GRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MAX_LINE = FileNames.MAX_BYTES + 512;
    private static final int FIELDS = 7;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String NUMBER = "-?(?:0|[1-9][0-9]{0,18})";
    private static final Pattern STAMP =
            Pattern.compile("(0|[1-9][0-9]{0,15})\t(" + NUMBER + ")\t(-|" + NUMBER + ")\t[!-~]{1,128}");

    private final Path file;

    private HashCache(Path file) {
        this.file = file;
    }

    /**
     * A cache in {@code file}, which need not be there yet; the folder around it has to be.
     *
     * @param file the file; one for each folder that is hashed
     */
    public static HashCache at(Path file) {
        return new HashCache(file.toAbsolutePath());
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Refuses to lie in the folder that is hashed. */
    void requireOutside(Path realFolder) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent(), "the folder of the cache");
        if (parent.toRealPath().startsWith(realFolder)) {
            throw new IllegalArgumentException("cache: expected a file outside of " + realFolder + ", found " + file);
        }
    }

    /** By what a file is known; null where nothing can be said of it that would last. */
    static @Nullable String stamp(FileState state) {
        String key = state.key();
        if (key == null) {
            return null;
        }
        String stamp = state.size() + "\t" + FileState.nanos(state.modified()) + "\t"
                + (state.changed() == null ? "-" : FileState.nanos(state.changed())) + "\t" + key;
        return STAMP.matcher(stamp).matches() ? stamp : null;
    }

    /**
     * What is known of one file.
     *
     * @param hashed when, in nanoseconds since 1970
     */
    record Entry(String name, String stamp, long hashed, Bytes sha256) {

        /** Whether a later change of the file would have given it another stamp. */
        boolean lasting() throws MalformedEvidenceException {
            Matcher times = STAMP.matcher(stamp);
            if (!times.matches()) {
                throw JsonObject.wrong("hash cache", "size, times and key", stamp);
            }
            long touched = number(Objects.requireNonNull(times.group(2)));
            String changed = Objects.requireNonNull(times.group(3));
            if (!changed.equals("-")) {
                touched = Math.max(touched, number(changed));
            }
            return touched <= Long.MAX_VALUE - GRAIN_NANOS && touched + GRAIN_NANOS <= hashed;
        }
    }

    private static long number(String digits) throws MalformedEvidenceException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw JsonObject.wrong("hash cache", "64-bit numbers", digits);
        }
    }

    /** Reads the file from its first entry to its last; nothing where there is no file. */
    Reader reader() throws MalformedEvidenceException, IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Reader(InputStream.nullInputStream());
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw JsonObject.wrong("hash cache", "a regular file", file.toString());
        }
        requireOwn();
        Reader reader = new Reader(new BufferedInputStream(
                Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        try {
            reader.header();
        } catch (MalformedEvidenceException | IOException e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    private void requireOwn() throws MalformedEvidenceException, IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> may = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            if (may.contains(PosixFilePermission.GROUP_WRITE) || may.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw JsonObject.wrong("hash cache", "a file that only its owner may write", file.toString());
            }
        }
    }

    /** Replaces the file by what is then written. */
    Writer writer() throws IOException {
        return new Writer(file);
    }

    /** Reads entries in order. */
    static final class Reader implements Closeable {

        private final InputStream in;
        private final byte[] line = new byte[MAX_LINE];
        private String last = "";

        Reader(InputStream in) {
            this.in = in;
        }

        void header() throws MalformedEvidenceException, IOException {
            String found = line();
            if (!FORMAT.equals(found)) {
                throw JsonObject.wrong("hash cache", FORMAT, found == null ? "nothing" : found);
            }
        }

        /** The next entry, or null after the last. */
        @Nullable
        Entry next() throws MalformedEvidenceException, IOException {
            String text = line();
            if (text == null) {
                return null;
            }
            String[] fields = text.split("\t", 3);
            if (fields.length < 3 || text.chars().filter(c -> c == '\t').count() != FIELDS - 1) {
                throw JsonObject.wrong("hash cache", FIELDS + " fields a line", text);
            }
            int nameAt = text.lastIndexOf('\t');
            String name = text.substring(nameAt + 1);
            String stamp = text.substring(fields[0].length() + fields[1].length() + 2, nameAt);
            if (!DIGEST.matcher(fields[0]).matches() || !fields[1].matches(NUMBER)) {
                throw JsonObject.wrong("hash cache", "64 lower-case hex digits and a time", text);
            }
            if (FileNames.defect(name).isPresent() || FileNames.ORDER.compare(last, name) >= 0) {
                throw JsonObject.wrong("hash cache", "names in order, each once", name);
            }
            last = name;
            Entry entry = new Entry(name, stamp, number(fields[1]), Bytes.fromHex(fields[0]));
            entry.lasting(); // for its form
            return entry;
        }

        private @Nullable String line() throws MalformedEvidenceException, IOException {
            int length = 0;
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    if (length == 0) {
                        return null;
                    }
                    throw JsonObject.wrong("hash cache", "a line feed at the end", "none");
                }
                if (length == MAX_LINE) {
                    throw JsonObject.wrong("hash cache", "lines of at most " + MAX_LINE + " bytes", "a longer one");
                }
                line[length++] = (byte) b;
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(line, 0, length))
                        .toString();
            } catch (CharacterCodingException e) {
                throw JsonObject.wrong("hash cache", "UTF-8", "ill-formed bytes");
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Writes entries in order, beside the file, and puts them in its place at last. */
    static final class Writer implements Closeable {

        private final Path file;
        private final Path temporary;
        private final BufferedWriter out;

        private Writer(Path file) throws IOException {
            this.file = file;
            // For the owner alone, where there are owners.
            this.temporary = Files.createTempFile(Objects.requireNonNull(file.getParent()), ".hash-cache", ".tmp");
            this.out = Files.newBufferedWriter(temporary);
            out.write(FORMAT + "\n");
        }

        void write(Entry entry) throws IOException {
            out.write(entry.sha256().hex() + "\t" + entry.hashed() + "\t" + entry.stamp() + "\t" + entry.name() + "\n");
        }

        void finish() throws IOException {
            out.close();
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }

        /** After an end before the last entry, leaves what was there. */
        @Override
        public void close() throws IOException {
            out.close();
            Files.deleteIfExists(temporary);
        }
    }
}
