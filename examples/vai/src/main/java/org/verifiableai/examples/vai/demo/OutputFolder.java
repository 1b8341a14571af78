package org.verifiableai.examples.vai.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;

/** The folder that a run leaves behind. One that holds anything else than an earlier run is never touched. */
final class OutputFolder {

    private static final String MARK = ".vai-demo";

    private final Path path;

    private OutputFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes an empty folder, in place of an earlier run's if there is one.
     *
     * @throws IllegalArgumentException if the folder holds something else
     */
    static OutputFolder prepare(Path path) throws IOException {
        if (Files.exists(path)) {
            boolean empty;
            try (Stream<Path> entries = Files.list(path)) {
                empty = entries.findAny().isEmpty();
            }
            if (!empty && !Files.exists(path.resolve(MARK))) {
                throw new IllegalArgumentException(
                        "--out must be a new folder or one of an earlier demo, found " + path + " with other files");
            }
            deleteAll(path);
        }
        Files.createDirectories(path);
        Files.createFile(path.resolve(MARK));
        return new OutputFolder(path);
    }

    Path path() {
        return path;
    }

    Path adapter() {
        return path.resolve("adapter");
    }

    /** Writes a text that is whole or not there. */
    void write(String name, String text) throws IOException {
        Path target = path.resolve(name);
        Files.createDirectories(target.getParent());
        Path draft = target.resolveSibling(target.getFileName() + ".tmp");
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void writeCertificate(String name, Bytes der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray());
        write(name, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    /** A copy of a folder in a place that is deleted when the work on it is done. */
    static Path scratchCopy(Path folder) throws IOException {
        Path copy = Files.createTempDirectory("vai-demo");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }

    static void deleteAll(Path folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(folder)) {
            entries = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.delete(entry);
        }
    }
}
