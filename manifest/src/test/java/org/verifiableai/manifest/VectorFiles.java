package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Real test data of the manifest formats; a test that needs it is skipped where it is absent. */
public final class VectorFiles {

    private VectorFiles() {}

    public static Path path(String name) {
        Optional<Path> folder = Vectors.directory();
        Assumptions.assumeTrue(folder.isPresent(), "no folder of test data");
        return folder.orElseThrow().resolve("manifest").resolve(name);
    }

    /** The plain files of a folder, by name. */
    public static List<Path> list(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(path(folder))) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }

    public static Bytes bytes(String name) throws IOException {
        return Bytes.of(Files.readAllBytes(path(name)));
    }

    public static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(path(name).toFile());
    }
}
