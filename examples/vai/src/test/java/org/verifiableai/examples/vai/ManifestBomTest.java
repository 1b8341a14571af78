package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

class ManifestBomTest {

    @TempDir
    Path temporary;

    @Test
    void theBillOfAManifestIsPrintedOrWritten() throws Exception {
        Path model = sign();
        Path out = temporary.resolve("bom.json");

        Run printed = Run.vai("manifest", "bom", "--model", model);
        Run written = Run.vai("manifest", "bom", "--model", model, "--out", out);

        assertThat(printed.code()).isZero();
        assertThat(printed.json().get("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(printed.out())
                .isEqualTo(
                        Run.vai("manifest", "bom", "--model", model, "--json").out());
        assertThat(written.code()).isZero();
        assertThat(written.out()).isEmpty();
        assertThat(Files.readString(out)).isEqualToNormalizingNewlines(printed.out());
    }

    @Test
    void aFolderWithoutManifestHasNoBill() throws Exception {
        Run none = Run.vai("manifest", "bom", "--model", temporary, "--json");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.json().get("accepted").asBoolean()).isFalse();
        assertThat(Run.vai("manifest", "bom", "--model", temporary.resolve("none"))
                        .code())
                .isEqualTo(3);
    }

    private Path sign() throws Exception {
        Path model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("adapter_model.safetensors"), "delta");
        BaseModel base = new BaseModel(
                "https://example.org/base",
                new FolderDigest(List.of(new FileDigest("w", 1, Bytes.utf8("w").sha256()))));
        DataSet data = new DataSet("train", DataSet.JSONL, Bytes.utf8("data").sha256(), 1);
        ManifestSigner.builder(
                        Job.on(base).dataSet(data).build(),
                        SoftwareAmd.create(ProductLine.GENOA).platform(TcbVersion.of(10, 0, 23, 84)))
                .attest()
                .sign(model);
        return model;
    }
}
