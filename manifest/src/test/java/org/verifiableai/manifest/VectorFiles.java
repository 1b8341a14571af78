package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.verifiableai.attestation.Bytes;

/** Real test data of the manifest formats; a test that needs it is skipped where it is absent. */
final class VectorFiles {

    private VectorFiles() {}

    static Path path(String name) {
        Path folder = Path.of(System.getProperty("vectors.dir", "../../shared/vectors"), "manifest");
        if (Boolean.getBoolean("vectors.required") && !Files.isDirectory(folder)) {
            throw new IllegalStateException("vectors.required is true and there is no folder " + folder);
        }
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no folder " + folder);
        return folder.resolve(name);
    }

    static Bytes bytes(String name) throws IOException {
        return Bytes.of(Files.readAllBytes(path(name)));
    }

    static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(path(name).toFile());
    }
}
