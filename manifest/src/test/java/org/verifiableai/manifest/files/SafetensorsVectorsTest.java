package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;

/** Files of the format's own tests and made ones, each with the verdict that stands beside it. */
class SafetensorsVectorsTest {

    private static final String FOLDER = "safetensors";

    @TestFactory
    Stream<DynamicTest> everyFileHasItsVerdict() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = VectorFiles.json(FOLDER + "/" + folder.getFileName() + "/expect.json");
            for (JsonNode entry : expected) {
                Path file = folder.resolve(entry.get("file").asText());
                String verdict = entry.get("expect").asText();
                tests.add(DynamicTest.dynamicTest(
                        folder.getFileName() + "/" + file.getFileName() + ": " + verdict,
                        () -> assertVerdict(file, verdict)));
            }
        }
        return tests.stream();
    }

    @Test
    void everyFileIsNamed() throws IOException {
        for (Path folder : folders()) {
            JsonNode expected = VectorFiles.json(FOLDER + "/" + folder.getFileName() + "/expect.json");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .filteredOn(name -> !name.equals("expect.json"))
                        .hasSameElementsAs(expected.findValuesAsText("file"));
            }
        }
    }

    private static void assertVerdict(Path file, String verdict) throws Exception {
        Bytes content = Bytes.of(Files.readAllBytes(file));
        if (verdict.startsWith("valid")) {
            assertThat(SafetensorsHeader.read(file)).isEqualTo(SafetensorsHeader.parse(content, content.size()));
            return;
        }
        assertThat(verdict).startsWith("invalid");
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> SafetensorsHeader.read(file));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SafetensorsHeader.parse(content, content.size()));
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(VectorFiles.path(FOLDER))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }
}
