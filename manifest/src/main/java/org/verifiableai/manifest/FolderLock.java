package org.verifiableai.manifest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.verifiableai.attestation.Bytes;

/**
 * Holds other writers off a model's folder, in this process and in others, through a lock on a file that is there for as
 * long as the lock is held. The system lets go of the lock of a process that dies, and the next writer takes over the
 * file.
 */
final class FolderLock implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 5;

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static FolderLock acquire(Path file) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            requireRegular(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean held = false;
            try {
                held = tryLock(channel) && isStillThere(file, channel);
            } finally {
                if (!held) {
                    channel.close();
                }
            }
            if (held) {
                return new FolderLock(file, channel);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(file + " has been locked by another writer for " + PATIENCE.toSeconds() + " s");
            }
            pause(file);
        }
    }

    // Opening a pipe would wait for a reader, and what is written here must not be written to a file that has another
    // name too. There may be no file yet, or none any more.
    private static void requireRegular(Path file) throws IOException {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new FileSystemException(file.toString(), null, "expected a regular file, found something else");
            }
            boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
            if (unix && (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1) {
                throw new FileSystemException(file.toString(), null, "expected a file with one name, found several");
            }
        } catch (NoSuchFileException e) {
            // Falls through: it is about to be made.
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // another thread of this process holds it
        }
    }

    // Whoever held the lock before has removed the file, perhaps after it was opened here: a lock on a file without a
    // name
    // holds nobody off. Java tells not which file a channel has, so a word is written through it and looked for.
    private static boolean isStillThere(Path file, FileChannel channel) throws IOException {
        byte[] word = Bytes.utf8(UUID.randomUUID().toString()).toByteArray();
        channel.truncate(0).write(ByteBuffer.wrap(word), 0);
        try {
            return Arrays.equals(word, Files.readAllBytes(file));
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause(Path file) throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another writer held " + file);
        }
    }

    /** Lets the next writer in. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            channel.close();
        }
    }
}
