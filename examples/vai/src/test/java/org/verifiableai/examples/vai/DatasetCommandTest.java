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
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** Records of a file of training data, proven and judged on the command line. */
class DatasetCommandTest {

    private static final SoftwareSnpPlatform MACHINE =
            SoftwareAmd.create(ProductLine.GENOA).platform(TcbVersion.of(10, 0, 23, 84));

    @TempDir
    Path temporary;

    private Path data;
    private Path proof;
    private Path record;

    @BeforeEach
    void writeData() throws Exception {
        data = Files.writeString(
                temporary.resolve("data.jsonl"), "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n");
        proof = temporary.resolve("proof.json");
        record = Files.writeString(temporary.resolve("record"), "{\"n\":3}\n");
    }

    @Test
    void aFileHasADigestACountAndARoot() throws Exception {
        Run json = Run.vai("dataset", "digest", data, "--json");

        assertThat(json.code()).isZero();
        assertThat(json.json().get("sha256").asText())
                .isEqualTo(Bytes.of(Files.readAllBytes(data)).sha256().hex());
        assertThat(json.json().get("records").asText()).isEqualTo("5");
        assertThat(json.json().get("leaf").asText()).isEqualTo("jsonl-raw-v1");
        assertThat(json.json().get("root").asText()).hasSize(64);
        assertThat(Run.vai("dataset", "digest", data).out()).contains("rfc9162-sha256");
    }

    @Test
    void aRecordIsProvenWithAFewHundredBytes() throws Exception {
        String root = prove("--record", 3);

        assertThat(Files.size(proof)).isLessThan(400);
        Run run = check("--root", root, "--records", 5, "--json");
        assertThat(run.code()).isZero();
        assertThat(run.failures()).isEmpty();
        assertThat(run.json().at("/facts/dataset.first").asText()).isEqualTo("3");
        assertThat(run.json().at("/checks/0/id").asText()).isEqualTo("dataset.root");
        assertThat(run.json().at("/checks/0/outcome").asText()).isEqualTo("NOT_EVALUATED");
        assertThat(check("--root", root, "--records", 5).out()).contains("ACCEPTED");
    }

    @Test
    void anotherRecordRootOrCountIsRefused() throws Exception {
        String root = prove("--record", 3);

        Run count = check("--root", root, "--records", 6, "--json");
        assertThat(count.code()).isEqualTo(1);
        assertThat(count.failures()).containsExactly("dataset.tree");
        assertThat(check("--root", "ab".repeat(32), "--records", 5, "--json").failures())
                .containsExactly("dataset.inclusion");
        Files.writeString(record, "{\"n\":30}");
        assertThat(check("--root", root, "--records", 5, "--json").failures()).containsExactly("dataset.inclusion");
        Files.writeString(record, "");
        assertThat(check("--root", root, "--records", 5, "--json").failures()).containsExactly("dataset.record");
        Files.writeString(proof, "{}");
        assertThat(check("--root", root, "--records", 5, "--json").failures()).containsExactly("dataset.format");
    }

    @Test
    void aContributorProvesAllHisRecordsAtOnce() throws Exception {
        Path contributors = Files.writeString(
                temporary.resolve("who.json"),
                "{\"contributions\":[{\"contributor\":\"alice\",\"records\":2},"
                        + "{\"contributor\":\"bob\",\"records\":3}]}");
        String root = prove("--range", "2:4", "--contributors", contributors);
        Files.writeString(record, "{\"n\":2}\n{\"n\":3}\n");

        Run run = check("--root", root, "--records", 5, "--leaf", "contributor-v1", "--json");

        assertThat(run.failures()).isEmpty();
        assertThat(run.json().at("/facts/dataset.contributor").asText()).isEqualTo("bob");
        Run both = Run.vai("dataset", "prove", data, "--range", "1:3", "--contributors", contributors, "--out", proof);
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("alice", "bob");
    }

    @Test
    void aSaltedRecordIsProvenWithItsSaltAndTheSecretIsNotShown() throws Exception {
        Path secret = Files.writeString(temporary.resolve("secret"), "5a".repeat(32) + "\n");
        String root = prove("--record", 3, "--salt-secret", secret);

        Run run = check("--root", root, "--records", 5, "--leaf", "salted-v1", "--json");

        assertThat(run.failures()).isEmpty();
        assertThat(Files.readString(proof)).doesNotContain("5a5a");
        Files.writeString(secret, "no secret");
        Run none = Run.vai("dataset", "digest", data, "--salt-secret", secret);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).doesNotContain("no secret");
    }

    @Test
    void aRecordIsJudgedAgainstWhatAManifestStates() throws Exception {
        Path model = sign(DataSet.readJsonl("train", data));
        prove("--record", 3);

        Run run = check("--model", model, "--data-set", "train", "--json");

        assertThat(run.failures()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.json().at("/checks/0/detail").asText())
                .contains("data set train of manifest", "which is not verified here");
        assertThat(check("--model", model, "--data-set", "other").code()).isEqualTo(2);
        assertThat(check("--model", temporary.resolve("none"), "--data-set", "train")
                        .code())
                .isEqualTo(3);
    }

    @Test
    void aManifestThatStatesNoRootShowsNothing() throws Exception {
        DataSet read = DataSet.readJsonl("train", data);
        Path model = sign(new DataSet("train", DataSet.JSONL, read.sha256(), read.records()));
        prove("--record", 3);

        Run run = check("--model", model, "--data-set", "train", "--json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json().get("accepted").asBoolean()).isFalse();
        assertThat(run.json().get("error").asText()).contains("a Merkle root over its records");
    }

    @Test
    void wrongUsageAndMissingFilesHaveTheirExitCodes() throws Exception {
        String root = prove("--record", 3);

        assertThat(Run.vai("dataset", "prove", data, "--record", 5, "--out", proof)
                        .code())
                .isEqualTo(2);
        assertThat(Run.vai("dataset", "prove", data, "--range", "3:3", "--out", proof)
                        .code())
                .isEqualTo(2);
        assertThat(Run.vai("dataset", "prove", data, "--range", "x", "--out", proof)
                        .code())
                .isEqualTo(2);
        assertThat(Run.vai("dataset", "prove", data, "--out", proof).code()).isEqualTo(2);
        assertThat(check().code()).isEqualTo(2);
        assertThat(check("--root", root).code()).isEqualTo(2);
        assertThat(check("--root", root, "--records", 5, "--leaf", "other").code())
                .isEqualTo(2);
        assertThat(Run.vai("dataset", "digest", temporary.resolve("none")).code())
                .isEqualTo(3);
        Files.delete(record);
        assertThat(check("--root", root, "--records", 5).code()).isEqualTo(3);
    }

    private Path sign(DataSet set) throws Exception {
        Path model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("adapter_model.safetensors"), "delta");
        BaseModel base = new BaseModel(
                "https://example.org/base",
                new FolderDigest(List.of(new FileDigest("w", 1, Bytes.utf8("w").sha256()))));
        ManifestSigner.builder(Job.on(base).dataSet(set).build(), MACHINE)
                .attest()
                .sign(model);
        return model;
    }

    private String prove(Object... more) throws Exception {
        List<Object> words = new ArrayList<>(List.of("dataset", "prove", data, "--out", proof, "--json"));
        words.addAll(Arrays.asList(more));
        Run run = Run.vai(words.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        return run.json().get("root").asText();
    }

    private Run check(Object... more) {
        List<Object> words = new ArrayList<>(List.of("dataset", "check", "--proof", proof, "--record", record));
        words.addAll(Arrays.asList(more));
        return Run.vai(words.toArray());
    }
}
