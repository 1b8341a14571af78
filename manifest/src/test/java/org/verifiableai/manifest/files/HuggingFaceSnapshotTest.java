package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;

class HuggingFaceSnapshotTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String WEIGHTS = Bytes.utf8("weights").sha256().hex();
    private static final String CONFIG = gitId("{}");

    @TempDir
    Path cache;

    private Path repository;
    private Path snapshot;

    @BeforeEach
    void download() throws IOException {
        repository = cache.resolve("models--org--tiny.model");
        snapshot = Files.createDirectories(repository.resolve("snapshots/" + COMMIT));
        Files.createDirectories(repository.resolve("blobs"));
        link("weights/model.safetensors", "../../../blobs/" + blob(WEIGHTS, "weights"));
        link("config.json", "../../blobs/" + blob(CONFIG, "{}"));
    }

    private static String gitId(String content) {
        return Bytes.of(Digests.sha1()
                        .digest(("blob " + content.length() + "\0" + content).getBytes(StandardCharsets.UTF_8)))
                .hex();
    }

    private String blob(String name, String content) throws IOException {
        Files.writeString(repository.resolve("blobs/" + name), content);
        return name;
    }

    private void link(String name, String target) throws IOException {
        Path link = snapshot.resolve(name);
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    private void listing(String files) throws IOException {
        Files.createDirectories(repository.resolve("trees"));
        Files.writeString(
                repository.resolve("trees/" + COMMIT + ".json"), "{\"format_version\":1,\"files\":{" + files + "}}");
    }

    private static String listed(String name, long size, String gitId) {
        return "\"%s\":{\"size\":%d,\"blob_id\":\"%s\"}".formatted(name, size, gitId);
    }

    private static String large(String name, long size, String sha256) {
        return "\"%s\":{\"size\":%d,\"blob_id\":\"%s\",\"lfs_sha256\":\"%s\",\"lfs_size\":%d}"
                .formatted(name, size, "0".repeat(40), sha256, size);
    }

    private void assertRefused(String because) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> HuggingFaceSnapshot.open(snapshot).hash())
                .withMessageContaining(because);
    }

    @Test
    void aSnapshotIsNamedByItsPathAndHashedThroughItsLinks() throws Exception {
        HuggingFaceSnapshot opened = HuggingFaceSnapshot.open(snapshot);
        assertThat(opened.kind()).isEqualTo(HuggingFaceSnapshot.Kind.MODELS);
        assertThat(opened.repository()).isEqualTo("org/tiny.model");
        assertThat(opened.commit()).isEqualTo(COMMIT);
        assertThat(opened.uri()).isEqualTo("pkg:huggingface/org/tiny.model@" + COMMIT);
        assertThat(opened.hash().digest().files())
                .containsExactly(
                        new FileDigest("config.json", 2, Bytes.utf8("{}").sha256()),
                        new FileDigest("weights/model.safetensors", 7, Bytes.fromHex(WEIGHTS)));
        assertThat(opened.missing(opened.hash().digest())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "models--gpt2, pkg:huggingface/gpt2@",
        "datasets--org--data_1, pkg:huggingface/datasets/org/data_1@",
        "spaces--Org--S, pkg:huggingface/spaces/Org/S@"
    })
    void everyKindOfRepositoryHasItsName(String folder, String uri) throws Exception {
        Path other = Files.createDirectories(cache.resolve(folder + "/snapshots/" + COMMIT));
        assertThat(HuggingFaceSnapshot.open(other).uri()).isEqualTo(uri + COMMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models--org--name/snapshots/main",
                "models--org--name/snapshots/0123456789ABCDEF0123456789abcdef01234567",
                "models--org--name/blobs/0123456789abcdef0123456789abcdef01234567",
                "models--a--b--c/snapshots/0123456789abcdef0123456789abcdef01234567",
                "models--org--na@me/snapshots/0123456789abcdef0123456789abcdef01234567",
                "models--org--..x/snapshots/0123456789abcdef0123456789abcdef01234567",
                "models--/snapshots/0123456789abcdef0123456789abcdef01234567",
                "org--name/snapshots/0123456789abcdef0123456789abcdef01234567"
            })
    void aFolderThatNamesNoCommitOfARepositoryIsNoSnapshot(String path) throws Exception {
        Path folder = Files.createDirectories(cache.resolve(path));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> HuggingFaceSnapshot.open(folder));
    }

    @Test
    void aBlobThatIsNotWhatItIsCalledIsRefused() throws Exception {
        blob(WEIGHTS, "WEIGHTS");
        assertRefused("weights/model.safetensors: expected content of blob " + WEIGHTS);
    }

    @Test
    void aSmallBlobThatIsNotWhatItIsCalledIsRefused() throws Exception {
        blob(CONFIG, "[]");
        assertRefused("config.json: expected content of blob " + CONFIG + ", found content of " + gitId("[]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/elsewhere",
                "../../../other/blobs/x",
                "../../blobs",
                "../../blobs/",
                "../../refs/main",
                "../../blobs/sub/x",
                "../../blobs/x",
                "../../blobs/../blobs2/x",
                "config.json"
            })
    void aLinkToElsewhereIsRefused(String target) throws Exception {
        link("link", target);
        assertRefused("link: expected a");
    }

    @Test
    void aBlobThatIsALinkIsRefused() throws Exception {
        Path outside = Files.writeString(cache.resolve("outside"), "weights");
        Files.delete(repository.resolve("blobs/" + WEIGHTS));
        Files.createSymbolicLink(repository.resolve("blobs/" + WEIGHTS), outside);
        assertRefused("expected a regular file, found a symbolic link");
    }

    @Test
    void blobsThatAreALinkAreRefused() throws Exception {
        Files.move(repository.resolve("blobs"), cache.resolve("elsewhere"));
        Files.createSymbolicLink(repository.resolve("blobs"), cache.resolve("elsewhere"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> HuggingFaceSnapshot.open(snapshot).hash());
    }

    @Test
    void aLinkToABlobIsRefusedWhereNoSnapshotIsMeant() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FolderDigest.of(snapshot))
                .withMessageContaining("symbolic link");
    }

    @Test
    void aSnapshotOfFilesIsHashedToo() throws Exception {
        Files.delete(snapshot.resolve("config.json"));
        Files.writeString(snapshot.resolve("config.json"), "{}");
        assertThat(HuggingFaceSnapshot.open(snapshot).hash().digest().files()).hasSize(2);
        listing(listed("config.json", 2, CONFIG) + "," + large("weights/model.safetensors", 7, WEIGHTS));
        assertThat(HuggingFaceSnapshot.open(snapshot).hash().digest().files()).hasSize(2);
        Files.writeString(snapshot.resolve("config.json"), "[]");
        assertRefused("config.json: expected content of " + CONFIG + " as listed");
    }

    @Test
    void aListedSnapshotMayLackFilesButNotHaveOthers() throws Exception {
        listing(listed("config.json", 2, CONFIG) + "," + listed("README.md", 9, CONFIG) + ","
                + large("weights/model.safetensors", 7, WEIGHTS));
        HuggingFaceSnapshot opened = HuggingFaceSnapshot.open(snapshot);
        assertThat(opened.missing(opened.hash().digest())).contains(List.of("README.md"));
        listing(listed("config.json", 2, CONFIG));
        assertRefused("weights/model.safetensors: expected a file of the revision");
    }

    @Test
    void whatIsNotAsListedIsRefused() throws Exception {
        listing(listed("config.json", 3, CONFIG) + "," + large("weights/model.safetensors", 7, WEIGHTS));
        assertRefused("config.json: expected 3 bytes as listed");
        listing(listed("config.json", 2, CONFIG) + "," + large("weights/model.safetensors", 7, "1".repeat(64)));
        assertRefused("weights/model.safetensors: expected content of " + "1".repeat(64) + " as listed");
    }

    @Test
    void aListOfAnotherFormatIsRefused() throws Exception {
        listing("");
        Path file = repository.resolve("trees/" + COMMIT + ".json");
        Files.writeString(file, "{\"format_version\":2,\"files\":{}}");
        assertRefused("format_version");
        Files.writeString(file, "{\"format_version\":1,\"files\":{\"a\":{\"size\":1,\"blob_id\":\"00\"}}}");
        assertRefused("blob_id");
    }

    @Test
    void notesOfADownloadAreNoPartOfASnapshot() throws Exception {
        Files.createDirectories(snapshot.resolve(HuggingFaceSnapshot.DOWNLOAD_NOTES));
        assertRefused(".cache/huggingface");
        assertThat(FolderHasher.builder()
                        .links(LinkRule.HUGGING_FACE)
                        .ignore(HuggingFaceSnapshot.DOWNLOAD_NOTES)
                        .build()
                        .hash(snapshot)
                        .digest()
                        .files())
                .hasSize(2);
    }

    @Test
    void aCacheOfDigestsStillHasNamesCompared() throws Exception {
        HuggingFaceSnapshot opened = HuggingFaceSnapshot.open(snapshot);
        HashCache kept = HashCache.at(cache.resolve("hashes"));
        assertThat(opened.hash(FolderHasher.builder().cache(kept)).trusted()).isEmpty();
        blob(WEIGHTS, "WEIGHTS");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> opened.hash(FolderHasher.builder().cache(kept)))
                .withMessageContaining("content of blob");
    }
}
