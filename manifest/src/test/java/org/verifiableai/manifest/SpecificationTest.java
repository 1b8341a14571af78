package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.internal.json.Jcs;

/** What docs say of the formats, and what the code writes and reads. */
class SpecificationTest {

    private static final Path DOCS = Path.of("docs");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"lora-finetune-v1", "closing-v1"})
    void eachSchemaIsOne(String name) throws IOException {
        Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(metaSchema.validate(text(name + ".schema.json"), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void theExampleOfTheBuildTypeIsAStatementThatIsReadAndWritten() throws Exception {
        JsonNode example = example("lora-finetune-v1.md");

        assertThat(schema("lora-finetune-v1").validate(example.toString(), InputFormat.JSON))
                .isEmpty();
        Provenance parsed = Provenance.parse(Jcs.write(example));
        assertThat(parsed.payload()).isEqualTo(Examples.provenance().payload());
        assertThat(parsed.runRecord().tokens()).hasValue(24000);
        assertThat(parsed.launchConfiguration()).isPresent();
        assertThat(parsed.job().block().orElseThrow().number()).isEqualTo(12345678);
    }

    @Test
    void theExampleOfAClosingClaimIsReadAndWritten() throws Exception {
        JsonNode example = example("closing-v1.md");

        assertThat(schema("closing-v1").validate(example.toString(), InputFormat.JSON))
                .isEmpty();
        assertThat(ClosingClaim.parse(Jcs.write(example))).isEqualTo(Examples.closing());
    }

    @Test
    void whatASignerWritesFitsTheSchemas() throws Exception {
        Lab.train(folder);
        SignedManifest manifest = ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                .gpu(Lab.GPU)
                .framework("pytorch", "2.7.1")
                .attest()
                .sign(folder);
        List<Bytes> lines = new ManifestFolder(folder).lines();

        assertThat(schema("lora-finetune-v1").validate(text(manifest.payload()), InputFormat.JSON))
                .isEmpty();
        assertThat(schema("closing-v1")
                        .validate(text(SignedManifest.parse(lines.get(2)).payload()), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void theSchemaRefusesWhatTheReaderRefuses() throws Exception {
        Map<String, Consumer<ObjectNode>> defects = Map.of(
                "an unknown parameter", s -> Lab.external(s).put("backdoor", true),
                "a parameter that is null", s -> Lab.external(s).putNull("nonce"),
                "two challenges", s -> Lab.external(s).put("nonce", "00".repeat(16)),
                "another build type",
                        s -> ((ObjectNode) s.at("/predicate/buildDefinition")).put("buildType", "https://example.org"),
                "a digest in capitals", s -> ((ObjectNode) s.at("/subject/0/digest")).put("dirHash1", "A".repeat(64)),
                "no data", s -> Lab.external(s).putArray("datasets"),
                "a fraction",
                        s -> Lab.external(s)
                                .withObjectProperty("hyperParameters")
                                .put("r", 0.5),
                "no key", s -> Lab.byproduct(s, "key-binding").put("name", "key"));
        for (var defect : defects.entrySet()) {
            ObjectNode statement = (ObjectNode) example("lora-finetune-v1.md");
            defect.getValue().accept(statement);
            assertThat(schema("lora-finetune-v1").validate(statement.toString(), InputFormat.JSON))
                    .as(defect.getKey())
                    .isNotEmpty();
        }
    }

    private static Schema schema(String name) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text(name + ".schema.json"));
    }

    private static JsonNode example(String page) throws IOException {
        String text = text(page);
        String start = "```json\n";
        int from = text.indexOf(start) + start.length();
        return JSON.readTree(text.substring(from, text.indexOf("```", from)));
    }

    private static String text(String name) throws IOException {
        return Files.readString(DOCS.resolve(name));
    }

    private static String text(Bytes payload) {
        return new String(payload.toByteArray(), StandardCharsets.UTF_8);
    }
}
