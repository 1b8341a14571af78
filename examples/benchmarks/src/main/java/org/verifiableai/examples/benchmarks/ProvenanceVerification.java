package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.CcMode;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.ProvenanceVerifier;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/**
 * A whole verification of a model folder with a small adapter, from files to verdict, and beside it the keys and signatures
 * of that verification alone. What makers' chains hold is known to both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ProvenanceVerification {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    private static final int ADAPTER_SIZE = 64 << 10;

    /** What verifies signatures. */
    @Param({"bouncy-castle", "corretto"})
    public String engine = "bouncy-castle";

    /** Whether the job ran on a GPU, whose evidence is then verified with manifests and revocation. */
    @Param({"false", "true"})
    public boolean gpu;

    private Path folder;
    private RecordingEngine recording;
    private ProvenanceVerifier verifier;
    private ProvenancePolicy policy;

    /** Makes a model and its manifest. */
    @Setup
    public void prepare() throws IOException, MalformedEvidenceException, EvidenceUnavailableException {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA);
        SoftwareSnpPlatform machine = amd.platform(TcbVersion.of(10, 0, 23, 84));
        SoftwareNvidia nvidia = SoftwareNvidia.create();
        SoftwareRimAuthority rims = SoftwareRimAuthority.create();
        folder = Files.createTempDirectory("provenance");
        adapter();
        BaseModel base = new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(new FileDigest(
                        "model.safetensors", 1000, Bytes.utf8("weights").sha256()))));
        Bytes data = Bytes.utf8("data").sha256();
        Job job = Job.on(base)
                .dataSet(new DataSet("train", DataSet.JSONL, data, 12))
                .hyperParameter("r", 8)
                .nonce(NONCE)
                .build();
        ManifestSigner.Builder signer = ManifestSigner.builder(job, machine).clock(clock);
        ProvenancePolicy.Builder demands = ProvenancePolicy.builder()
                .snp(SnpPolicy.builder().measurement(machine.measurement()))
                .nonce(NONCE)
                .baseModel(base.digest())
                .dataSet(data);
        if (gpu) {
            SoftwareGpu device = nvidia.device(GpuArchitecture.HOPPER);
            signer.gpu(device).ccMode(CcMode.ON).collateral(collateral(device, rims));
            demands.gpu(GpuPolicy.builder().gpus(1));
        } else {
            demands.withoutGpu("trained on the processor");
        }
        signer.attest().sign(folder);
        policy = demands.build();
        recording = new RecordingEngine(Engines.named(engine));
        verifier = ProvenanceVerifier.builder()
                .snp(SnpVerifier.builder()
                        .trustAnchors(amd.trustAnchors())
                        .clock(clock)
                        .signatureEngine(recording)
                        .build())
                .gpu(GpuVerifier.builder()
                        .trustAnchors(nvidia.trustAnchors())
                        .rimTrustAnchors(rims.trustAnchors())
                        .clock(clock)
                        .signatureEngine(recording)
                        .build())
                .signatureEngine(recording)
                .build();
        if (!whole().accepted()) {
            throw new IllegalStateException("the model is rejected: " + whole().failures());
        }
        recording.listenTo(this::whole);
        if (!signatures()) {
            throw new IllegalStateException("a signature of an accepted model does not verify");
        }
        System.out.println(recording.summary());
    }

    /** Removes the model. */
    @TearDown
    public void remove() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Files, evidence, machine, key, manifest, closing report, policy. */
    @Benchmark
    public Verdict<Provenance> whole() {
        try {
            return verifier.verify(folder, policy);
        } catch (EvidenceUnavailableException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The keys that it decodes and the signatures that it verifies, and nothing else of it. */
    @Benchmark
    public boolean signatures() {
        return recording.repeat();
    }

    private void adapter() throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\":\"org/tiny\",\"r\":8}");
        byte[] header = ("{\"w\":{\"dtype\":\"U8\",\"shape\":[" + ADAPTER_SIZE + "],\"data_offsets\":[0," + ADAPTER_SIZE
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + ADAPTER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        Files.write(folder.resolve("adapter_model.safetensors"), file.array());
    }

    private static GpuCollateral collateral(SoftwareGpu device, SoftwareRimAuthority rims) {
        List<Bytes> answers = new ArrayList<>(rims.ocspAnswers(NOW));
        answers.addAll(device.ocspAnswers(NOW));
        return new GpuCollateral(
                List.of(rims.driver(device).xml(), rims.vbios(device).xml()), answers);
    }
}
