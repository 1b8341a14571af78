package org.verifiableai.manifest;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** The examples of the specification: every member is there, and no value is of anything real. */
final class Examples {

    private static final Bytes TOKENIZER = Bytes.utf8("tokenizer").sha256();

    private Examples() {}

    static Provenance provenance() {
        BaseModel base = new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(
                        new FileDigest(
                                "model.safetensors", 1000, Bytes.utf8("weights").sha256()),
                        new FileDigest("tokenizer.json", 100, TOKENIZER))));
        Job job = Job.on(base)
                .dataSet(new DataSet("train", DataSet.JSONL, Bytes.utf8("data").sha256(), 12))
                .hyperParameter("r", 8)
                .hyperParameter("loraAlpha", 16)
                .hyperParameter("learningRate", new BigDecimal("0.0002"))
                .hyperParameter("packing", false)
                .hyperParameter("targetModules", List.of("q_proj", "v_proj"))
                .block(new BlockHash(
                        "eip155:23294", 12345678, Bytes.utf8("block").sha256()))
                .archive("train.tar.gz", Bytes.utf8("code").sha256())
                .tokenizer("tokenizer.json", TOKENIZER)
                .chatTemplate("chat_template.jinja", Bytes.utf8("template").sha256())
                .build();
        RunRecord record = RunRecord.builder()
                .seed(42)
                .threads(1)
                .device("cpu")
                .dtype("float32")
                .deterministic(true)
                .steps(100)
                .tokens(24000)
                .epochs(new BigDecimal("2.5"))
                .finalLoss(new BigDecimal("0.0312"))
                .build();
        return Provenance.of(
                Samples.adapter(),
                job,
                new TreeMap<>(Map.of("pytorch", "2.7.1", "djl", "0.36.0")),
                new Provenance.Run(
                        "urn:uuid:00000000-0000-4000-8000-000000000000",
                        Samples.STARTED,
                        Samples.FINISHED,
                        Provenance.BUILDER,
                        record,
                        Optional.of(GuestLaunch.of(Launches.sample()))),
                new KeyReference(Bytes.utf8("key").sha256(), KeyBinding.PROFILE, "ecdsa-p384"),
                evidence());
    }

    static ClosingClaim closing() {
        return new ClosingClaim(provenance().manifestDigest(), evidence());
    }

    private static List<EvidenceReference> evidence() {
        return List.of(
                new EvidenceReference(
                        "tee/snp-report",
                        "application/vnd.verifiableai.sev-snp-report",
                        Bytes.utf8("report").sha256()),
                new EvidenceReference(
                        "tee/snp-vek",
                        "application/pkix-cert",
                        Bytes.utf8("vcek").sha256()));
    }
}
