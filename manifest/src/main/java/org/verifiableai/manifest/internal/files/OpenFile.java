package org.verifiableai.manifest.internal.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.TimeUnit;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A regular file held open, and what it was when it was opened. Several threads may read at once.
 *
 * <p>Its kind is asked before it is opened, since opening a pipe waits for a writer. Whoever puts a pipe in its place just
 * then makes the reader wait, and gains nothing else.
 */
public final class OpenFile implements Closeable {

    /**
     * Times of files come from a clock that ticks, every ten milliseconds at worst on the systems that most run. A file
     * that was written within the tick that is still going on could be written again without a trace, so that tick is
     * waited for.
     */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final OpenFolder folder;
    private final String entry;
    private final String name;
    private final FileState state;
    private final SeekableByteChannel channel;

    private OpenFile(OpenFolder folder, String entry, String name, FileState state, SeekableByteChannel channel) {
        this.folder = folder;
        this.entry = entry;
        this.name = name;
        this.state = state;
        this.channel = channel;
    }

    /**
     * Opens an entry of a folder, which has to stay open as long as the file.
     *
     * @param name what the file is called in messages
     * @throws MalformedEvidenceException if the entry is not a regular file
     */
    public static OpenFile open(OpenFolder folder, String entry, String name)
            throws MalformedEvidenceException, IOException {
        FileState state = folder.state(entry);
        requireRegular(state, name);
        if (waited(state)) {
            state = folder.state(entry);
            requireRegular(state, name);
        }
        SeekableByteChannel channel;
        try {
            channel = folder.read(entry);
        } catch (IOException e) {
            // What is a link by now does not open. That is what somebody did to the folder, not a failure to read.
            if (folder.state(entry).equals(state)) {
                throw e;
            }
            throw changed(name);
        }
        return new OpenFile(folder, entry, name, state, channel);
    }

    private static void requireRegular(FileState state, String name) throws MalformedEvidenceException {
        if (state.kind() != FileState.Kind.REGULAR) {
            throw JsonObject.wrong(
                    name, FileState.Kind.REGULAR.words(), state.kind().words());
        }
    }

    private static boolean waited(FileState state) throws IOException {
        long age = now() - state.lastTouched();
        if (age < 0 || age >= TICK_NANOS) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(TICK_NANOS - age);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        return true;
    }

    /** Nanoseconds since 1970 by the clock of this machine. */
    public static long now() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** What the file was when it was opened. */
    public FileState state() {
        return state;
    }

    /**
     * Makes sure that the file is as long as it was when it was listed.
     *
     * @throws MalformedEvidenceException if it is not
     */
    public void requireSize(long size) throws MalformedEvidenceException {
        if (state.size() != size) {
            throw changed(name);
        }
    }

    /**
     * Reads from {@code position} into {@code buffer} until it is full.
     *
     * @throws MalformedEvidenceException if the file ends before
     */
    public void readFully(ByteBuffer buffer, long position) throws MalformedEvidenceException, IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int read = read(buffer, at);
            if (read < 0) {
                throw changed(name);
            }
            at += read;
        }
    }

    private int read(ByteBuffer buffer, long position) throws IOException {
        if (channel instanceof FileChannel file) {
            return file.read(buffer, position);
        }
        synchronized (channel) {
            return channel.position(position).read(buffer);
        }
    }

    /**
     * Makes sure that the file is what it was, by its path and through the channel. To be called after the last read.
     *
     * @throws MalformedEvidenceException if it is not
     */
    public void requireSteady() throws MalformedEvidenceException, IOException {
        if (channel.size() != state.size() || !folder.state(entry).equals(state)) {
            throw changed(name);
        }
    }

    private static MalformedEvidenceException changed(String name) {
        return JsonObject.wrong(name, "a file that stays as it is while it is read", "one that changed");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
