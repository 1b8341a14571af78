package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.Claim;
import org.verifiableai.manifest.ClaimVerifier;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** Claims signed and added on the command line. */
class ClaimCommandTest {

    private static final String QUESTIONS = Bytes.utf8("questions").sha256().hex();

    @TempDir
    Path temporary;

    private Path model;
    private Path privateKey;
    private Bytes publicKey;

    @BeforeEach
    void signAModel() throws Exception {
        model = Files.createDirectory(temporary.resolve("model"));
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
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair pair = generator.generateKeyPair();
        publicKey = Bytes.of(pair.getPublic().getEncoded());
        privateKey = temporary.resolve("key.pem");
        Files.writeString(
                privateKey,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private Run claim(String kind, Object... more) {
        List<Object> words =
                new ArrayList<>(List.of("manifest", "claim", kind, "--model", model, "--private-key", privateKey));
        words.addAll(Arrays.asList(more));
        return Run.vai(words.toArray());
    }

    private Run evaluation(Object... more) {
        List<Object> words = new ArrayList<>(
                List.of("--evaluator", "A Lab", "--suite", "arithmetic 1", "--data-set-sha256", QUESTIONS));
        words.addAll(Arrays.asList(more));
        return claim("evaluation", words.toArray());
    }

    private List<Claim> claims() throws Exception {
        return new ManifestFolder(model).claims();
    }

    @Test
    void anEvaluationIsSignedAndAdded() throws Exception {
        int before = claims().size();

        Run run = evaluation(
                "--metric", "accuracy=0.930", "--metric", "loss=-1", "--at", "2026-11-24T10:00:00Z", "--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("claim").asText()).isEqualTo("evaluation");
        assertThat(run.json().get("claim.metric.accuracy").asText()).isEqualTo("0.930");
        assertThat(run.json().get("claim.at").asText()).isEqualTo("2026-11-24T10:00:00Z");
        assertThat(claims()).hasSize(before + 1);
        Claim.Evaluated claim = (Claim.Evaluated) claims().get(before);
        assertThat(ClaimVerifier.standard()
                        .verify(claim, new ManifestFolder(model).manifest().provenance(), List.of(publicKey))
                        .accepted())
                .isTrue();
        assertThat(claim.evaluation().dataSet().hex()).isEqualTo(QUESTIONS);
    }

    @Test
    void aRevocationIsSignedAndAdded() throws Exception {
        int before = claims().size();

        Run run = claim("revocation", "--reason", "the data was poisoned");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("revocation", "the data was poisoned");
        Claim.Revoked claim = (Claim.Revoked) claims().get(before);
        assertThat(ClaimVerifier.standard()
                        .verify(claim, new ManifestFolder(model).manifest().provenance(), List.of(publicKey))
                        .accepted())
                .isTrue();
    }

    @Test
    void theSameClaimTwiceIsOneLine() throws Exception {
        Object[] words = {"--reason", "withdrawn", "--at", "2026-11-24T10:00:00Z"};
        assertThat(claim("revocation", words).code()).isZero();
        int once = claims().size();
        assertThat(claim("revocation", words).code()).isZero();
        assertThat(claims()).hasSize(once);
    }

    @Test
    void whatCannotBeWrittenIsWrongUsageAndAddsNothing() throws Exception {
        byte[] before = Files.readAllBytes(model.resolve("claims.jsonl"));
        for (String metric : List.of("accuracy", "accuracy=", "accuracy=1e9", "accuracy=NaN", "a:b=1", "=1")) {
            assertThat(evaluation("--metric", metric).code()).as(metric).isEqualTo(2);
        }
        assertThat(evaluation().code()).isEqualTo(2);
        assertThat(evaluation("--metric", "a=1", "--metric", "a=2").code()).isEqualTo(2);
        assertThat(claim("evaluation", "--suite", "s", "--evaluator", "e", "--metric", "a=1", "--data-set-sha256", "00")
                        .code())
                .isEqualTo(2);
        assertThat(claim("revocation", "--reason", "").code()).isEqualTo(2);
        assertThat(claim("revocation", "--reason", "two\nlines").code()).isEqualTo(2);
        assertThat(claim("revocation").code()).isEqualTo(2);
        Files.writeString(privateKey, "no key");
        assertThat(claim("revocation", "--reason", "withdrawn").code()).isEqualTo(2);
        assertThat(Files.readAllBytes(model.resolve("claims.jsonl"))).isEqualTo(before);
    }

    @Test
    void aFolderWithoutManifestIsRefusedAndWhatIsNotThereIsUnavailable() throws Exception {
        Files.writeString(model.resolve("claims.jsonl"), "junk\n");
        Run junk = claim("revocation", "--reason", "withdrawn", "--json");
        assertThat(junk.code()).isEqualTo(1);
        assertThat(junk.json().get("accepted").asBoolean()).isFalse();
        assertThat(Files.readString(model.resolve("claims.jsonl"))).isEqualTo("junk\n");

        Files.delete(privateKey);
        assertThat(claim("revocation", "--reason", "withdrawn").code()).isEqualTo(3);
        model = temporary.resolve("none");
        assertThat(claim("revocation", "--reason", "withdrawn").code()).isEqualTo(3);
    }
}
