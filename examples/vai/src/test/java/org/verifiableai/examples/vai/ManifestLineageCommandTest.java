package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.verifiableai.manifest.LineagePolicy;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** A model that was trained from one with a manifest, drawn and judged on the command line. */
class ManifestLineageCommandTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);
    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    private static final SoftwareSnpPlatform MACHINE = AMD.platform(TcbVersion.of(10, 0, 23, 84));
    private static final Bytes NONCE = Bytes.fromHex("42".repeat(32));

    @TempDir
    Path temporary;

    private Path base;
    private Path model;
    private Path policy;
    private ProvenancePolicy demands;

    @BeforeEach
    void trainAModelFromAnother() throws Exception {
        BaseModel origin = new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(new FileDigest(
                        "model.safetensors", 1000, Bytes.utf8("weights").sha256()))));
        base = train("base", origin);
        BaseModel read = BaseModel.read("urn:model:base", base);
        model = train("model", read);
        policy = temporary.resolve("policy.json");
        demands = ProvenancePolicy.builder()
                .snp(SnpPolicy.builder().measurement(MACHINE.measurement()))
                .gpu(GpuPolicy.builder().withoutReferenceValues("test").withoutRevocation("test"))
                .nonce(NONCE)
                .baseModel(origin.digest())
                .baseModel(read.digest())
                .dataSet(Bytes.utf8("data").sha256())
                .withoutCcStatement("test")
                .anyWeights("test")
                .build();
        Files.writeString(policy, demands.toJson());
        Files.write(temporary.resolve("ark.der"), AMD.ark().toByteArray());
        Files.write(temporary.resolve("root.der"), NVIDIA.rootCertificate().toByteArray());
    }

    private Path train(String name, BaseModel from) throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("models").resolve(name));
        Files.writeString(
                folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\":\"" + from.uri() + "\"}");
        Files.writeString(folder.resolve("adapter_model.safetensors"), name);
        Job job = Job.on(from)
                .dataSet(new DataSet("train", DataSet.JSONL, Bytes.utf8("data").sha256(), 12))
                .hyperParameter("r", 8)
                .nonce(NONCE)
                .build();
        ManifestSigner.builder(job, MACHINE)
                .gpu(NVIDIA.device(GpuArchitecture.HOPPER))
                .framework("pytorch", "2.7.1")
                .attest()
                .sign(folder);
        return folder;
    }

    private Run run(String command, Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "manifest",
                command,
                "--model",
                model,
                "--models",
                temporary.resolve("models"),
                "--trust-ark",
                temporary.resolve("ark.der"),
                "--trust-gpu-root",
                temporary.resolve("root.der")));
        words.addAll(Arrays.asList(more));
        return Run.vai(words.toArray());
    }

    @Test
    void aModelAndTheOneItWasTrainedFromAreJudged() throws Exception {
        Run text = run("verify", "--policy", policy);
        Run json = run("verify", "--policy", policy, "--json");

        assertThat(text.code()).isZero();
        assertThat(text.out())
                .contains("model " + model + ", depth 0", "model " + base + ", depth 1")
                .contains("pass  lineage.model", "pass  manifest.files")
                .endsWith("ACCEPTED" + System.lineSeparator());
        assertThat(json.code()).isZero();
        assertThat(json.json().at("/facts/lineage.count").asText()).isEqualTo("2");
        assertThat(json.json().get("models")).hasSize(2);
        assertThat(json.json().at("/lineage/nodes/0/standing").asText()).isEqualTo("ACCEPTED");
    }

    @Test
    void aChangedBaseModelIsRefusedAndDrawnAsSuch() throws Exception {
        Files.writeString(base.resolve("adapter_model.safetensors"), "other");

        Run json = run("verify", "--policy", policy, "--json");
        Run text = run("graph", "--policy", policy);
        Run dot = run("graph", "--policy", policy, "--format", "dot");

        assertThat(json.code()).isEqualTo(1);
        assertThat(json.failures()).containsExactly("lineage.model");
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out()).contains("(model), accepted", "(base), rejected", "REJECTED");
        assertThat(dot.code()).isEqualTo(1);
        assertThat(dot.out()).startsWith("digraph lineage {").endsWith("}\n");
        assertThat(dot.err()).contains("note: lineage.model failed: ", "manifest.files");
    }

    @Test
    void aPolicyForALineageIsTaken() throws Exception {
        Files.writeString(
                policy,
                LineagePolicy.builder().each(demands).maxDepth(0).build().toJson());
        Run run = run("verify", "--policy", policy, "--json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).containsExactly("lineage.depth");

        Files.writeString(policy, "{\"each\":{}}");
        assertThat(run("verify", "--policy", policy).code()).isEqualTo(2);
    }

    @Test
    void withoutAPolicyNothingIsVouchedFor() throws Exception {
        Run text = run("graph");
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .startsWith("note: no policy was given, so that nothing in this graph is verified")
                .contains("(model), not verified", "   +- trained on train: data", "origin not proven");

        Run mermaid = run("graph", "--format", "mermaid");
        assertThat(mermaid.code()).isZero();
        assertThat(mermaid.out()).startsWith("flowchart TD\n").contains("not verified");
        assertThat(mermaid.err()).contains("nothing in this graph is verified");

        Run json = run("graph", "--format", "json");
        assertThat(json.json().get("verified").asBoolean()).isFalse();
        assertThat(json.json().at("/lineage/nodes/0/standing").asText()).isEqualTo("NOT_VERIFIED");
        assertThat(new ObjectMapper().readTree(run("graph", "--json").out())).isEqualTo(json.json());
    }

    @Test
    void whatCannotBeDrawnEndsWithItsExitCode() throws Exception {
        assertThat(run("graph", "--format", "png").code()).isEqualTo(2);
        Files.delete(model.resolve("claims.jsonl"));
        assertThat(run("graph").code()).isEqualTo(1);
        assertThat(run("graph", "--json").json().get("accepted").asBoolean()).isFalse();
        model = temporary.resolve("none");
        assertThat(run("graph").code()).isEqualTo(3);
        assertThat(run("graph", "--policy", policy).code()).isEqualTo(3);
    }
}
