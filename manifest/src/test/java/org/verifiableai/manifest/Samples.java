package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.signing.SigningKey;

/** Values that tests start from. */
public final class Samples {

    static final Bytes NONCE = Bytes.fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    static final Instant STARTED = Instant.parse("2026-11-24T08:00:00Z");
    static final Instant FINISHED = Instant.parse("2026-11-24T08:05:00Z");
    static final SigningKey KEY = SigningKey.generate();

    private Samples() {}

    static BaseModel baseModel() {
        return new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(
                        new FileDigest("config.json", 10, Bytes.utf8("config").sha256()),
                        new FileDigest(
                                "model.safetensors", 1000, Bytes.utf8("weights").sha256()))));
    }

    static DataSet dataSet() {
        return new DataSet("train", DataSet.JSONL, Bytes.utf8("data").sha256(), 12);
    }

    static Job.Builder job() {
        return Job.on(baseModel())
                .dataSet(dataSet())
                .hyperParameter("r", 8)
                .hyperParameter("learningRate", new BigDecimal("2.0E-4"))
                .hyperParameter("targetModules", List.of("q_proj", "v_proj"))
                .hyperParameter("packing", false)
                .nonce(NONCE);
    }

    static FolderDigest adapter() {
        return new FolderDigest(List.of(
                new FileDigest("adapter_config.json", 5, Bytes.utf8("{}").sha256()),
                new FileDigest(
                        "adapter_model.safetensors", 7, Bytes.utf8("delta").sha256())));
    }

    public static Provenance provenance() {
        return Provenance.of(
                adapter(),
                job().build(),
                new TreeMap<>(Map.of("pytorch", "2.7.1")),
                new Provenance.Run("urn:uuid:00000000-0000-4000-8000-000000000000", STARTED, FINISHED),
                KeyReference.to(KEY),
                List.of(new EvidenceReference("tee/snp-report", "application/x", Bytes.zeros(32))));
    }

    /** The sample statement with a change, in canonical form. */
    static Bytes statement(Consumer<ObjectNode> change) {
        try {
            ObjectNode statement = (ObjectNode)
                    new ObjectMapper().readTree(provenance().payload().toByteArray());
            change.accept(statement);
            return Jcs.write(statement);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
