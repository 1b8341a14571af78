package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** A model whose manifest a machine made of software signed, judged on the command line. */
class ManifestCommandTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);
    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    private static final SoftwareSnpPlatform MACHINE = AMD.platform(TcbVersion.of(10, 0, 23, 84));
    private static final Bytes NONCE = Bytes.fromHex("42".repeat(32));

    @TempDir
    Path temporary;

    private Path model;
    private Path policy;

    @BeforeEach
    void signAModel() throws Exception {
        model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("adapter_config.json"), "{\"r\":8}");
        Files.writeString(model.resolve("adapter_model.safetensors"), "delta");
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
                        .nonce(NONCE)
                        .baseModel(base.digest())
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
        Files.writeString(model.resolve("adapter_model.safetensors"), "DELTA");

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
                .isEqualTo(Bytes.utf8("delta").sha256().hex());
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
