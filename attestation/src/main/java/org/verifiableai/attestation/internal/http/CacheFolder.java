package org.verifiableai.attestation.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Answers of a service in files, one each, which several processes may share. A file is whole or not there; one that
 * does not hold what it should counts as not there.
 *
 * @param root the folder
 * @param listener hears of trouble, which is never more than a miss
 */
public record CacheFolder(Path root, FetchListener listener) {

    /** The most files of one folder; whoever forges reports shall fill no disk. */
    public static final int MAX_FILES = 10_000;

    /**
     * An answer and since when the folder has it.
     *
     * @param answer the answer
     * @param fetched when it was written
     */
    record Stored(Answer answer, Instant fetched) {}

    Optional<Stored> read(Resource resource) {
        return resource.file().flatMap(name -> read(resource, root.resolve(name)));
    }

    private Optional<Stored> read(Resource resource, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] body = in.readNBytes(resource.limit() + 1);
            Instant fetched = Files.getLastModifiedTime(file).toInstant();
            if (body.length > resource.limit()) {
                throw new IOException("expected at most " + resource.limit() + " bytes, found more");
            }
            return Optional.of(new Stored(resource.read(Bytes.of(body)), fetched));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | MalformedEvidenceException e) {
            listener.cacheTrouble(resource.label(), "ignored " + file + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    void write(Resource resource, Answer answer, Instant fetched) {
        resource.file().ifPresent(name -> write(resource, answer, fetched, root.resolve(name)));
    }

    private void write(Resource resource, Answer answer, Instant fetched, Path file) {
        // Not createTempFile: its files are for their owner alone, and others may share the folder.
        Path draft = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(file.resolveSibling(""));
            if (!Files.exists(file) && isFull(file.resolveSibling(""))) {
                throw new IOException("there are " + MAX_FILES + " files already");
            }
            try {
                Files.write(
                        draft, answer.body().toByteArray(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Files.setLastModifiedTime(draft, FileTime.from(fetched));
                move(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException | UncheckedIOException e) {
            listener.cacheTrouble(resource.label(), "did not write " + file + ": " + e);
        }
    }

    private static void move(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isFull(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.limit(MAX_FILES).count() == MAX_FILES;
        }
    }
}
