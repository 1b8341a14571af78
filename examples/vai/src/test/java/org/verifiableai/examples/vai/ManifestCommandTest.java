package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.ClaimSigner;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Evaluation;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.ManifestRevocation;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.signing.SigningKey;

/** A model whose manifest a machine made of software signed, judged on the command line. */
class ManifestCommandTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);
    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    private static final SoftwareSnpPlatform MACHINE = AMD.platform(TcbVersion.of(10, 0, 23, 84));
    private static final String WEIGHTS =
            "5\0\0\0\0\0\0\0{\"w\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]}}delta";
    private static final Bytes NONCE = Bytes.fromHex("42".repeat(32));

    @TempDir
    Path temporary;

    private Path model;
    private Path policy;

    @BeforeEach
    void signAModel() throws Exception {
        model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("adapter_config.json"), "{\"base_model_name_or_path\":\"org/tiny\",\"r\":8}");
        Files.writeString(model.resolve("adapter_model.safetensors"), WEIGHTS);
        BaseModel base = new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(new FileDigest(
                        "model.safetensors", 1000, Bytes.utf8("weights").sha256()))));
        Job job = Job.on(base)
                .dataSet(new DataSet("train", DataSet.JSONL, Bytes.utf8("data").sha256(), 12))
                .hyperParameter("r", 8)
                .nonce(NONCE)
                .build();
        ManifestSigner.builder(job, MACHINE)
                .gpu(NVIDIA.device(GpuArchitecture.HOPPER))
                .framework("pytorch", "2.7.1")
                .attest()
                .sign(model);
        policy = temporary.resolve("policy.json");
        Files.writeString(
                policy,
                ProvenancePolicy.builder()
                        .snp(SnpPolicy.builder().measurement(MACHINE.measurement()))
                        .gpu(GpuPolicy.builder().withoutReferenceValues("test").withoutRevocation("test"))
                        .withoutCcStatement("test")
                        .nonce(NONCE)
                        .baseModel(base.digest())
                        .anyDataSet("test")
                        .build()
                        .toJson());
        Files.write(temporary.resolve("ark.der"), AMD.ark().toByteArray());
        Files.write(temporary.resolve("root.der"), NVIDIA.rootCertificate().toByteArray());
    }

    @Test
    void aModelWithItsManifestIsAccepted() throws Exception {
        Run json = verify("--json");
        Run text = verify();

        assertThat(json.failures()).isEmpty();
        assertThat(json.code()).isZero();
        assertThat(json.json().at("/facts/manifest.nonce").asText()).isEqualTo(NONCE.hex());
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .contains("in place of AMD's roots", "in place of NVIDIA's roots", "pass  manifest.files")
                .contains("ACCEPTED");
    }

    @Test
    void aChangedAdapterIsRefused() throws Exception {
        Files.writeString(model.resolve("adapter_model.safetensors"), WEIGHTS.replace("delta", "DELTA"));

        Run run = verify("--json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).containsExactly("manifest.files");
    }

    @Test
    void machinesMadeOfSoftwareAreNotTrustedUnlessNamed() throws Exception {
        Run run = Run.vai("manifest", "verify", "--model", model, "--policy", policy, "--json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).anyMatch(id -> id.endsWith("snp.chain")).anyMatch(id -> id.startsWith("gpu."));
    }

    @Test
    void theGivenInstantIsWhatValidityIsJudgedAt() throws Exception {
        assertThat(verify("--json", "--at", "2100-01-01T00:00:00Z").code()).isEqualTo(1);
    }

    @Test
    void aFolderWithoutManifestIsRefusedAndNoFolderIsUnavailable() throws Exception {
        Files.delete(model.resolve("claims.jsonl"));
        Run without = verify("--json");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.json().get("accepted").asBoolean()).isFalse();
        assertThat(Run.vai("manifest", "show", "--model", model).code()).isEqualTo(1);

        model = temporary.resolve("none");
        assertThat(verify("--json").code()).isEqualTo(3);
        assertThat(Run.vai("manifest", "show", "--model", model).code()).isEqualTo(3);
    }

    @Test
    void aPolicyThatIsNoneIsWrongUsage() throws Exception {
        for (String json : List.of("", "{", "[]", "{}", "{\"snp\":{\"measurements\":[\"zz\"]}}")) {
            Files.writeString(policy, json);
            Run run = verify("--json");

            assertThat(run.code()).as(json).isEqualTo(2);
            assertThat(run.err().lines()).singleElement().asString().startsWith("vai: policy " + policy + ": ");
        }
    }

    @Test
    void whatAManifestStatesIsShown() throws Exception {
        Run text = Run.vai("manifest", "show", "--model", model);
        Run json = Run.vai("manifest", "show", "--model", model, "--json");

        assertThat(text.out()).contains("pkg:huggingface/org/tiny@", "framework.pytorch", "2.7.1");
        assertThat(json.json().get("nonce").asText()).isEqualTo(NONCE.hex());
        assertThat(json.json().get("file.adapter_model.safetensors").asText())
                .isEqualTo(Bytes.utf8(WEIGHTS).sha256().hex());
    }

    @Test
    void theClaimsBesideAManifestAreShown() throws Exception {
        ManifestFolder folder = new ManifestFolder(model);
        Provenance provenance = folder.manifest().provenance();
        ClaimSigner signer = ClaimSigner.with(SigningKey.generate());
        folder.append(signer.sign(Evaluation.of(provenance)
                .evaluator("A Lab")
                .suite("arithmetic 1")
                .dataSet(Bytes.utf8("questions").sha256())
                .metric("accuracy", new BigDecimal("0.910"))
                .evaluatedOn(Instant.parse("2026-11-24T10:00:00Z"))
                .build()));
        folder.append(signer.sign(new ManifestRevocation(
                provenance.manifestDigest(), "the data was poisoned", Instant.parse("2026-11-24T11:00:00Z"))));
        Files.writeString(model.resolve("claims.jsonl"), "junk\n", StandardOpenOption.APPEND);

        JsonNode shown = Run.vai("manifest", "show", "--model", model, "--json").json();

        assertThat(shown.get("claim.4").asText()).isEqualTo("evaluation");
        assertThat(shown.get("claim.4.metric.accuracy").asText()).isEqualTo("0.910");
        assertThat(shown.get("claim.5.reason").asText()).isEqualTo("the data was poisoned");
        assertThat(shown.get("claim.6").asText()).isEqualTo("unknown");
        assertThat(verify("--json").failures()).isEmpty();
    }

    @Test
    void aRevokedModelIsRefused() throws Exception {
        SigningKey operator = SigningKey.generate();
        ManifestFolder folder = new ManifestFolder(model);
        folder.append(ClaimSigner.with(operator)
                .sign(new ManifestRevocation(
                        folder.manifest().digest(), "withdrawn", Instant.parse("2026-11-24T11:00:00Z"))));
        assertThat(verify("--json").code()).isZero();

        String demands = Files.readString(policy).stripTrailing();
        Files.writeString(
                policy,
                demands.substring(0, demands.length() - 1) + ",\"revokedBy\":[\""
                        + operator.spki().hex() + "\"]}");
        Run run = verify("--json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).containsExactly("manifest.revocation");
    }

    @Test
    void aDocumentIsPrintedInItsCanonicalForm() throws Exception {
        Path document = temporary.resolve("document.json");
        Files.writeString(document, "{ \"b\": [1.0, 1e21], \"a\": \"\u00e9\" }\n");

        Run text = Run.vai("manifest", "canonicalize", document);
        Run json = Run.vai("manifest", "canonicalize", document, "--json");

        assertThat(text.code()).isZero();
        assertThat(text.out()).isEqualTo("{\"a\":\"\u00e9\",\"b\":[1,1e+21]}");
        assertThat(json.json().get("sha256").asText())
                .isEqualTo(Bytes.utf8(text.out()).sha256().hex());
        assertThat(json.json().get("canonical").asBoolean()).isFalse();
    }

    @Test
    void aDocumentThatTwoReadersCouldReadDifferentlyIsRefused() throws Exception {
        Path document = temporary.resolve("document.json");
        Files.writeString(document, "{\"a\":1,\"a\":2}");
        assertThat(Run.vai("manifest", "canonicalize", document).code()).isEqualTo(1);
        assertThat(Run.vai("manifest", "canonicalize", document, "--json")
                        .json()
                        .get("accepted")
                        .asBoolean())
                .isFalse();
        assertThat(Run.vai("manifest", "canonicalize", temporary.resolve("none"))
                        .code())
                .isEqualTo(3);
        assertThat(Run.vai("manifest", "canonicalize").code()).isEqualTo(2);
    }

    private Run verify(Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "manifest",
                "verify",
                "--model",
                model,
                "--policy",
                policy,
                "--trust-ark",
                temporary.resolve("ark.der"),
                "--trust-gpu-root",
                temporary.resolve("root.der")));
        words.addAll(Arrays.asList(more));
        return Run.vai(words.toArray());
    }
}
