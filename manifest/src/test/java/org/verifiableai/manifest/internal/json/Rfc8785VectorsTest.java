package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.CanonicalJson;
import org.verifiableai.manifest.VectorFiles;

/** Walks the files and number lists of RFC 8785's authors. */
class Rfc8785VectorsTest {

    @Test
    void everyFileHasItsCanonicalForm() throws Exception {
        List<Path> inputs = VectorFiles.list("rfc8785/input");
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            String name = input.getFileName().toString();
            Bytes canonical = CanonicalJson.of(Bytes.of(Files.readAllBytes(input)));
            assertThat(canonical).as(name).isEqualTo(VectorFiles.bytes("rfc8785/output/" + name));
            assertThat(CanonicalJson.is(canonical)).as(name).isTrue();
            Path hex = VectorFiles.path("rfc8785/outhex/" + name.replace(".json", ".txt"));
            if (Files.exists(hex)) {
                assertThat(canonical.hex())
                        .as(name)
                        .isEqualTo(Files.readString(hex).replaceAll("\\s", ""));
            }
        }
    }

    @Test
    void everyNumberOfTheListsIsWrittenAsThereAndReadsBack() throws Exception {
        List<Path> lists = VectorFiles.list("rfc8785").stream()
                .filter(file -> file.toString().endsWith(".txt"))
                .toList();
        assertThat(lists).isNotEmpty();
        for (Path list : lists) {
            try (BufferedReader lines = Files.newBufferedReader(list)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    int comma = line.indexOf(',');
                    double value = Double.longBitsToDouble(Long.parseUnsignedLong(line.substring(0, comma), 16));
                    StringBuilder written = new StringBuilder();
                    ShortestDouble.append(value, written);
                    assertThat(written.toString()).as(line).isEqualTo(line.substring(comma + 1));
                    assertThat(Double.parseDouble(written.toString())).as(line).isEqualTo(value == 0 ? 0 : value);
                    assertThat(CanonicalJson.is(Bytes.utf8(written.toString())))
                            .as(line)
                            .isTrue();
                }
            }
        }
    }
}
