package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Walks every folder of certificate tables: each table has to come to what its {@code expected.json} says. */
class CertificateTableVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyTableReadsAsRecorded() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            for (Map.Entry<String, JsonNode> file : expected.get("files").properties()) {
                tests.add(dynamicTest(folder.getFileName() + " " + file.getKey(), () -> {
                    Bytes raw = Bytes.of(Files.readAllBytes(folder.resolve(file.getKey())));

                    CertificateTable table = CertificateTable.parse(raw);

                    List<String> names = new ArrayList<>();
                    file.getValue().get("entries").forEach(name -> names.add(name.asText()));
                    assertThat(table.entries())
                            .extracting(CertificateTable.Entry::name)
                            .containsExactlyElementsOf(names);
                    assertThat(table.vcek().map(Bytes::sha256).map(Bytes::hex))
                            .hasValue(expected.get("vcek_sha256").asText());
                    assertThat(table.ask().isPresent()).isEqualTo(names.contains("ASK"));
                    assertThat(table.ark().isPresent()).isEqualTo(names.contains("ARK"));
                    assertThat(CertificateTable.parse(table.encode())).isEqualTo(table);
                }));
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> everyDefectComesToWhatIsRecorded() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            for (JsonNode negative :
                    JSON.readTree(folder.resolve("expected.json").toFile()).get("negatives")) {
                tests.add(dynamicTest(
                        folder.getFileName() + " " + negative.get("name").asText(), () -> {
                            Bytes table = made(folder, negative);
                            if (negative.get("expect").asText().equals("no entries")) {
                                assertThat(CertificateTable.parse(table)).isEqualTo(CertificateTable.empty());
                            } else {
                                assertThat(negative.get("expect").asText()).isEqualTo("reject");
                                assertThatExceptionOfType(MalformedEvidenceException.class)
                                        .isThrownBy(() -> CertificateTable.parse(table));
                            }
                        }));
            }
        }
        return tests.stream();
    }

    private static Bytes made(Path folder, JsonNode recipe) throws IOException {
        if (recipe.has("bytes_hex")) {
            return Bytes.fromHex(recipe.get("bytes_hex").asText());
        }
        byte[] raw = Files.readAllBytes(folder.resolve(recipe.get("base").asText()));
        for (JsonNode patch : recipe.path("set_u32_le")) {
            ByteBuffer.wrap(raw)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(patch.get(0).asInt(), (int) patch.get(1).asLong());
        }
        return Bytes.of(
                recipe.has("truncate")
                        ? Arrays.copyOf(raw, recipe.get("truncate").asInt())
                        : raw);
    }

    private static List<Path> folders() throws IOException {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded certificate tables are not at hand");
        List<Path> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(vectors.get().resolve("sev-snp"))) {
            for (Path folder : folders.sorted().toList()) {
                Path expected = folder.resolve("expected.json");
                if (Files.exists(expected)
                        && JSON.readTree(expected.toFile())
                                .path("kind")
                                .asText()
                                .equals("cert-table")) {
                    found.add(folder);
                }
            }
        }
        return found;
    }
}
