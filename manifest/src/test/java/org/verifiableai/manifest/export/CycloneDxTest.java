package org.verifiableai.manifest.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.BlockHash;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** The schema of CycloneDX itself is asked by manifest/interop/read_bom.py. */
class CycloneDxTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final FolderDigest BASE = new FolderDigest(
            List.of(new FileDigest("model.safetensors", 1000, Bytes.utf8("w").sha256())));

    private static final SoftwareSnpPlatform MACHINE =
            SoftwareAmd.create(ProductLine.GENOA).platform(TcbVersion.of(10, 0, 23, 84));

    @TempDir
    Path temporary;

    private DataSet data;

    @BeforeEach
    void readData() throws Exception {
        data = DataSet.readJsonl("train", Files.writeString(temporary.resolve("data"), "a\nb\n"));
    }

    @Test
    void theSameManifestGivesTheSameBytes() throws Exception {
        Provenance provenance = sign("pkg:huggingface/org/tiny@" + COMMIT);

        assertThat(CycloneDx.write(Provenance.parse(provenance.payload()))).isEqualTo(CycloneDx.write(provenance));
    }

    @Test
    void theBillNamesTheManifestAndItsTime() throws Exception {
        Provenance provenance = sign("pkg:huggingface/org/tiny@" + COMMIT);
        JsonNode bom = bom(provenance);

        assertThat(bom.get("specVersion").asText()).isEqualTo("1.6");
        assertThat(bom.at("/metadata/timestamp").asText())
                .isEqualTo(provenance.finishedOn().toString());
        assertThat(property(bom, "manifest-sha256"))
                .isEqualTo(provenance.manifestDigest().hex());
        String serial = bom.get("serialNumber").asText();
        UUID uuid = UUID.fromString(serial.substring("urn:uuid:".length()));
        assertThat(uuid.version()).isEqualTo(8);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(serial.replace("-", ""))
                .contains(provenance.manifestDigest().hex().substring(0, 12));
        assertThat(bom.at("/externalReferences/0/url").asText()).isEqualTo("claims.jsonl");
    }

    @Test
    void adapterBaseModelAndDataAreComponentsWithTheirDigests() throws Exception {
        Provenance provenance = sign("pkg:huggingface/org/tiny@" + COMMIT);
        JsonNode bom = bom(provenance);

        JsonNode adapter = bom.at("/metadata/component");
        assertThat(adapter.get("type").asText()).isEqualTo("machine-learning-model");
        assertThat(property(adapter, "dirHash1"))
                .isEqualTo(provenance.modelDigest().hex());
        assertThat(adapter.at("/components/0/hashes/0/content").asText())
                .isEqualTo(Bytes.utf8("delta").sha256().hex());
        assertThat(property(adapter.get("modelCard"), "hyper-parameter:r")).isEqualTo("8");
        JsonNode base = bom.at("/components/0");
        assertThat(base.get("purl").asText()).isEqualTo("pkg:huggingface/org/tiny@" + COMMIT);
        assertThat(List.of(
                        base.get("group").asText(),
                        base.get("name").asText(),
                        base.get("version").asText()))
                .containsExactly("org", "tiny", COMMIT);
        JsonNode train = bom.at("/components/1");
        assertThat(train.at("/hashes/0/content").asText())
                .isEqualTo(data.sha256().hex());
        assertThat(property(train, "merkle:root"))
                .isEqualTo(data.tree().orElseThrow().root().hex());
        assertThat(property(train, "records")).isEqualTo("2");
    }

    @Test
    void theRunThatMadeTheAdapterIsTheFormula() throws Exception {
        Provenance provenance = sign("pkg:huggingface/org/tiny@" + COMMIT);
        JsonNode formula = bom(provenance).at("/formulation/0");

        assertThat(formula.at("/components/0/version").asText()).isEqualTo("2.7.1");
        JsonNode run = formula.at("/workflows/0");
        assertThat(run.get("uid").asText()).isEqualTo(provenance.invocationId());
        assertThat(run.get("timeStart").asText())
                .isEqualTo(provenance.startedOn().toString());
        assertThat(property(run, "builder")).isEqualTo(Provenance.BUILDER);
        assertThat(property(run, "nonce")).isEqualTo("42".repeat(32));
    }

    @Test
    void theBuilderAndTheBlockAreThoseOfTheManifest() throws Exception {
        Path model = Files.createDirectory(temporary.resolve("other"));
        Files.writeString(model.resolve("adapter_model.safetensors"), "delta");
        BlockHash block = new BlockHash("eip155:23294", 7, Bytes.fromHex("42".repeat(32)));
        Job job = Job.on(new BaseModel("https://example.org/base", BASE))
                .dataSet(data)
                .block(block)
                .build();
        ManifestSigner.builder(job, MACHINE)
                .builderId("https://example.org/builder/v1")
                .attest()
                .sign(model);
        JsonNode run = bom(new ManifestFolder(model).manifest().provenance()).at("/formulation/0/workflows/0");
        assertThat(property(run, "builder")).isEqualTo("https://example.org/builder/v1");
        assertThat(property(run, "not-before")).isEqualTo(block + " with hash " + block.hash());
    }

    @Test
    void everyReferenceWithinTheBillHasItsTarget() throws Exception {
        JsonNode bom = bom(sign("https://example.org/base"));
        Set<String> targets = new HashSet<>(bom.findValuesAsText("bom-ref"));
        List<String> references = new ArrayList<>(bom.findValuesAsText("ref"));
        bom.at("/dependencies/0/dependsOn").forEach(ref -> references.add(ref.asText()));

        assertThat(targets).hasSameSizeAs(bom.findValuesAsText("bom-ref"));
        assertThat(references).isNotEmpty().allMatch(targets::contains);
    }

    @Test
    void aBaseModelWithoutPurlIsReferredToByItsUri() throws Exception {
        JsonNode base = bom(sign("https://example.org/base")).at("/components/0");

        assertThat(base.has("purl")).isFalse();
        assertThat(base.get("name").asText()).isEqualTo("https://example.org/base");
        assertThat(base.at("/externalReferences/0/url").asText()).isEqualTo("https://example.org/base");
    }

    @Test
    void aVersionThatCycloneDxCannotHoldIsAProperty() throws Exception {
        Provenance provenance = sign("https://example.org/base", "v".repeat(1025));
        JsonNode framework = bom(provenance).at("/formulation/0/components/0");

        assertThat(framework.has("version")).isFalse();
        assertThat(property(framework, "version")).hasSize(1025);
    }

    @Test
    void evidenceIsReferredToByItsDigest() throws Exception {
        Provenance provenance = sign("https://example.org/base");
        JsonNode references = bom(provenance).get("externalReferences");

        assertThat(references).hasSize(1 + provenance.evidence().size());
        Bytes first = provenance.evidence().get(0).sha256();
        assertThat(references.get(1).get("url").asText()).isEqualTo("evidence/" + first.hex());
        assertThat(references.get(1).at("/hashes/0/content").asText()).isEqualTo(first.hex());
    }

    private Provenance sign(String baseModel) throws Exception {
        return sign(baseModel, "2.7.1");
    }

    private Provenance sign(String baseModel, String version) throws Exception {
        Path model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("adapter_model.safetensors"), "delta");
        Job job = Job.on(new BaseModel(baseModel, BASE))
                .dataSet(data)
                .hyperParameter("r", 8)
                .nonce(Bytes.fromHex("42".repeat(32)))
                .build();
        ManifestSigner.builder(job, MACHINE)
                .framework("pytorch", version)
                .attest()
                .sign(model);
        return new ManifestFolder(model).manifest().provenance();
    }

    private static JsonNode bom(Provenance provenance) throws Exception {
        return new ObjectMapper().readTree(CycloneDx.write(provenance).toByteArray());
    }

    private static String property(JsonNode component, String name) {
        for (JsonNode property : component.get("properties")) {
            if (property.get("name").asText().equals("verifiableai:" + name)) {
                return property.get("value").asText();
            }
        }
        throw new AssertionError("no property " + name);
    }
}
