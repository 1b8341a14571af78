package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;

class ManifestFolderTest {

    private static final Bytes EVIDENCE = Bytes.utf8("evidence");

    @TempDir
    Path path;

    private ManifestFolder folder;
    private SignedManifest manifest;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(path.resolve("adapter_config.json"), "{}");
        folder = new ManifestFolder(path);
        manifest = SignedManifest.sign(Samples.provenance().payload(), Samples.KEY);
        folder.write(manifest, List.of(EVIDENCE));
    }

    @Test
    void whatIsWrittenIsWhatIsRead() throws Exception {
        assertThat(folder.manifest()).isEqualTo(manifest);
        assertThat(folder.evidence(EVIDENCE.sha256())).isEqualTo(EVIDENCE);
    }

    @Test
    void theAdapterIsEverythingButTheManifestAndItsEvidence() throws Exception {
        assertThat(folder.adapter().files()).extracting(FileDigest::name).containsExactly("adapter_config.json");
    }

    @Test
    void nothingTemporaryIsLeft() throws Exception {
        try (var files = Files.list(path.resolve("evidence"))) {
            assertThat(files)
                    .containsExactly(
                            path.resolve("evidence").resolve(EVIDENCE.sha256().hex()));
        }
    }

    @Test
    void whatAKilledWriterLeavesIsRemovedByTheNext() throws Exception {
        Files.writeString(path.resolve("evidence/.writing-1"), "half");
        folder.removeLeftovers();
        assertThat(path.resolve("evidence/.writing-1")).doesNotExist();
    }

    @Test
    void furtherClaimsDoNotDisturbTheManifest() throws Exception {
        Files.writeString(path.resolve("claims.jsonl"), "not json\n", StandardOpenOption.APPEND);
        assertThat(folder.manifest()).isEqualTo(manifest);
    }

    @Test
    void evidenceWithAnotherDigestIsRefused() throws Exception {
        Files.writeString(path.resolve("evidence").resolve(EVIDENCE.sha256().hex()), "other");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.evidence(EVIDENCE.sha256()))
                .withMessageContaining("content with the SHA-256 of its name");
    }

    @Test
    void missingFilesAreRefused() throws Exception {
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.evidence(Bytes.zeros(32)));
        Files.delete(path.resolve("claims.jsonl"));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.manifest())
                .withMessageContaining("claims.jsonl: expected a regular file, found none");
    }

    @Test
    void linksAreNotFollowed(@TempDir Path elsewhere) throws Exception {
        Path claims = path.resolve("claims.jsonl");
        Files.move(claims, elsewhere.resolve("claims.jsonl"));
        Files.createSymbolicLink(claims, elsewhere.resolve("claims.jsonl"));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.manifest());

        Files.move(path.resolve("evidence"), elsewhere.resolve("evidence"));
        Files.createSymbolicLink(path.resolve("evidence"), elsewhere.resolve("evidence"));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.evidence(EVIDENCE.sha256()));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> folder.adapter());
    }

    @Test
    void nothingButEvidenceHidesAmongTheEvidence() throws Exception {
        Files.writeString(path.resolve("evidence/adapter_model.bin"), "pickle");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> folder.adapter())
                .withMessageContaining("files named by their SHA-256 alone, found adapter_model.bin");
    }
}
