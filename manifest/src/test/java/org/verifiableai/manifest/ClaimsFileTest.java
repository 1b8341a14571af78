package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;

/** The lines of {@code claims.jsonl}: read however hostile, and added to without a change to what is there. */
class ClaimsFileTest {

    private static final Provenance PROVENANCE = Samples.provenance();
    private static final ClaimSigner SIGNER = ClaimSigner.with(ClaimTest.EVALUATOR);

    @TempDir
    Path path;

    private ManifestFolder folder;
    private Path claims;
    private SignedManifest manifest;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(path.resolve("adapter_config.json"), "{}");
        folder = new ManifestFolder(path);
        claims = path.resolve("claims.jsonl");
        manifest = SignedManifest.sign(PROVENANCE.payload(), Samples.KEY);
        folder.write(manifest, List.of());
    }

    private static Claim.Revoked revocation(int number) {
        return SIGNER.sign(new ManifestRevocation(
                PROVENANCE.manifestDigest(), "reason " + number, Instant.parse("2026-11-24T10:00:00Z")));
    }

    @Test
    void aClaimIsAddedAsTheLastLine() throws Exception {
        byte[] before = Files.readAllBytes(claims);
        Claim.Evaluated evaluation =
                SIGNER.sign(ClaimTest.evaluation(PROVENANCE).build());
        folder.append(evaluation);
        folder.append(revocation(1));

        assertThat(folder.claims())
                .containsExactly(
                        new Claim.Manifest(manifest, Bytes.utf8(manifest.toJson())), evaluation, revocation(1));
        assertThat(Files.readAllBytes(claims)).startsWith(before).endsWith('\n');
        assertThat(folder.manifest()).isEqualTo(manifest);
        try (var left = Files.list(path.resolve("evidence"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aClaimThatIsThereIsNotAddedAgain() throws Exception {
        folder.append(revocation(1));
        folder.append(revocation(1));
        assertThat(folder.claims()).hasSize(2);
    }

    @Test
    void aFileWithoutAFinalLineEndIsReadAndAddedTo() throws Exception {
        Files.writeString(claims, manifest.toJson());
        assertThat(folder.claims()).hasSize(1);
        folder.append(revocation(1));
        assertThat(folder.claims()).hasSize(2).last().isEqualTo(revocation(1));
        assertThat(folder.manifest()).isEqualTo(manifest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "not json\n", "{}\n", "\uFEFF{}\n", "\u0000\n", "no line end", "{}\r\n"})
    void noLineKeepsAnotherFromBeingReadOrAdded(String junk) throws Exception {
        Files.writeString(claims, junk, StandardOpenOption.APPEND);
        assertThat(folder.manifest()).isEqualTo(manifest);
        assertThat(folder.claims().get(0)).isInstanceOf(Claim.Manifest.class);
        assertThat(folder.claims().get(1)).isInstanceOf(Claim.Unknown.class);

        byte[] before = Files.readAllBytes(claims);
        folder.append(revocation(1));
        assertThat(Files.readAllBytes(claims)).startsWith(before);
        assertThat(folder.claims()).last().isEqualTo(revocation(1));
    }

    @Test
    void bytesThatAreNoTextAreKeptAsTheyAre() throws Exception {
        Bytes junk = Bytes.fromHex("c0affeff00ed");
        Files.write(claims, junk.toByteArray(), StandardOpenOption.APPEND);
        folder.append(revocation(1));
        assertThat(folder.claims().get(1).line()).isEqualTo(junk);
        assertThat(folder.claims().get(2)).isEqualTo(revocation(1));
    }

    @Test
    void theManifestIsReadHoweverMuchFollows() throws Exception {
        try (var out = Files.newOutputStream(claims, StandardOpenOption.APPEND)) {
            for (int i = 0; i < 17; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        assertThat(folder.manifest()).isEqualTo(manifest);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.claims())
                .withMessageContaining("at most 16777216 bytes");
    }

    @Test
    void linesAreCountedAndNoMoreAreAddedThanAreRead() throws Exception {
        Files.writeString(claims, "\n".repeat(ManifestFolder.MAX_CLAIMS - 1), StandardOpenOption.APPEND);
        assertThat(folder.claims()).hasSize(ManifestFolder.MAX_CLAIMS);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.append(revocation(1)))
                .withMessageContaining("fewer than 1000 lines");
        Files.writeString(claims, "\n", StandardOpenOption.APPEND);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.claims())
                .withMessageContaining("at most 1000 lines");
        assertThat(folder.manifest()).isEqualTo(manifest);
    }

    @Test
    void theFirstLineEndsInLfAlone() throws Exception {
        Files.writeString(claims, manifest.toJson() + "\r\n");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.manifest())
                .withMessageContaining("lines that LF alone ends");
    }

    @Test
    void aManifestInAnotherPlaceIsNone() throws Exception {
        Files.writeString(claims, "\n" + manifest.toJson() + "\n");
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.manifest());
        assertThat(folder.claims().get(1)).isInstanceOf(Claim.Manifest.class);
    }

    @Test
    void nothingIsAddedToAFolderWithoutManifest() throws Exception {
        Files.delete(claims);
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.append(revocation(1)));
        Files.writeString(claims, "junk\n");
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.append(revocation(1)));
        assertThat(claims).hasContent("junk");
    }

    @Test
    void onlyClaimsAboutThisManifestAreAdded() {
        Instant now = Instant.parse("2026-11-24T10:00:00Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> folder.append(SIGNER.sign(new ManifestRevocation(Bytes.zeros(32), "why", now))))
                .withMessageContaining("found one about another");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> folder.append(
                        new Claim.Oms(Bytes.zeros(32), revocation(1).line())));
        assertThatIllegalArgumentException().isThrownBy(() -> folder.append(new Claim.Unknown("why", Bytes.utf8("x"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> folder.append(new Claim.Manifest(manifest, Bytes.utf8(manifest.toJson()))));
    }

    @Test
    void writersAtTheSameTimeLoseNoLine() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                Claim claim = revocation(i);
                done.add(writers.submit(() -> {
                    new ManifestFolder(path).append(claim);
                    return null;
                }));
            }
            for (Future<?> writer : done) {
                writer.get();
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(folder.claims()).hasSize(25).doesNotHaveAnyElementsOfTypes(Claim.Unknown.class);
    }

    @Test
    void aLinkIsNotWrittenThrough(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(elsewhere.resolve("link"), path.resolve("adapter_config.json"));
        Path evidence = path.resolve("evidence");
        Files.delete(evidence);
        Files.createSymbolicLink(evidence, elsewhere);
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.append(revocation(1)));
    }

    @Test
    void aWriterAtWorkDoesNotDisturbAReader() throws Exception {
        Files.createDirectories(path.resolve("evidence"));
        Files.writeString(path.resolve("evidence/.writing-1"), "half");
        assertThat(folder.adapter().files()).extracting(FileDigest::name).containsExactly("adapter_config.json");
    }

    @Test
    void whatSpeaksOfAModelAndWhatVersionControlPutsBesideItIsNoPartOfIt() throws Exception {
        Bytes before = folder.adapter().dirHash1();
        Files.writeString(path.resolve("model.sig"), "a signature");
        Files.writeString(path.resolve(".gitattributes"), "*.safetensors filter=lfs");
        Files.writeString(path.resolve(".gitignore"), "x");
        Files.createDirectories(path.resolve(".git/objects"));
        Files.writeString(path.resolve(".git/HEAD"), "ref: refs/heads/main");
        Files.createDirectories(path.resolve(".github"));
        assertThat(folder.adapter().dirHash1()).isEqualTo(before);
        assertThat(BaseModel.read("urn:base", path).digest()).isEqualTo(before);

        Files.createDirectories(path.resolve("sub"));
        Files.writeString(path.resolve("sub/model.sig"), "part of the model");
        assertThat(folder.adapter().files())
                .extracting(FileDigest::name)
                .containsExactly("adapter_config.json", "sub/model.sig");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.sig", ".gitattributes", ".gitignore"})
    void nothingHidesUnderANameThatIsLeftOut(String name) throws Exception {
        Files.createDirectories(path.resolve(name));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.adapter())
                .withMessageContaining(name + ": expected a regular file");
    }

    /** Leaving a file out by what it is on disk, not by its name, would leave its other names out too. */
    @Test
    void aHardLinkToTheSignatureIsPartOfTheModel() throws Exception {
        Files.writeString(path.resolve("model.sig"), "weights");
        Files.createLink(path.resolve("adapter_model.bin"), path.resolve("model.sig"));
        Files.createLink(path.resolve("adapter_claims.bin"), claims);
        assertThat(folder.adapter().files())
                .extracting(FileDigest::name)
                .containsExactly("adapter_claims.bin", "adapter_config.json", "adapter_model.bin");
    }
}
