package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class HashCacheTest {

    private static final String ZERO = "0".repeat(64);

    @TempDir
    Path root;

    private Path folder;
    private Path file;
    private FolderHasher hasher;

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectory(root.resolve("model"));
        file = root.resolve("cache");
        hasher = FolderHasher.builder().threads(2).cache(HashCache.at(file)).build();
        Files.writeString(folder.resolve("a"), "one");
        Files.writeString(folder.resolve("b"), "two");
    }

    /** Takes every entry of a fresh cache for hashed an hour later, so that no test has to wait for a grain to pass. */
    private void age() throws Exception {
        StringBuilder text = new StringBuilder("vai-hash-cache/1\n");
        for (FileDigest digest : FolderDigest.of(folder).files()) {
            try (var open = org.verifiableai.manifest.internal.files.OpenFolder.open(folder)) {
                String stamp = HashCache.stamp(open.state(digest.name()));
                Assumptions.assumeTrue(stamp != null, "a file system without keys");
                long hashed = org.verifiableai.manifest.internal.files.OpenFile.now() + 3_600_000_000_000L;
                text.append(digest.sha256())
                        .append('\t')
                        .append(hashed)
                        .append('\t')
                        .append(stamp);
                text.append('\t').append(digest.name()).append('\n');
            }
        }
        Files.writeString(file, text);
    }

    private void assertDamaged(String content, String because) throws Exception {
        Files.writeString(file, content);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.hash(folder))
                .withMessageContaining(because);
    }

    @Test
    void whatDidNotChangeIsTrustedAndSaidToBe() throws Exception {
        age();
        HashedFolder hashed = hasher.hash(folder);
        assertThat(hashed.trusted()).containsExactly("a", "b");
        assertThat(hashed.digest()).isEqualTo(FolderDigest.of(folder));
        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(hasher.hash(folder).trusted()).containsExactly("a", "b");
    }

    @Test
    void whatChangedIsReadAgain() throws Exception {
        age();
        Files.writeString(folder.resolve("b"), "TWO");
        HashedFolder hashed = hasher.hash(folder);
        assertThat(hashed.trusted()).containsExactly("a");
        assertThat(hashed.digest()).isEqualTo(FolderDigest.of(folder));
    }

    @Test
    void aTimeThatWasSetBackIsNoticed() throws Exception {
        FileTime time = Files.getLastModifiedTime(folder.resolve("b"));
        age();
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
        Thread.sleep(20);
        Files.writeString(folder.resolve("b"), "TWO");
        Files.setLastModifiedTime(folder.resolve("b"), time);
        assertThat(hasher.hash(folder).trusted()).containsExactly("a");
    }

    @Test
    void anotherFileOfTheSameNameSizeAndTimeIsNoticed() throws Exception {
        age();
        FileTime time = Files.getLastModifiedTime(folder.resolve("b"));
        Path other = Files.writeString(root.resolve("other"), "TWO");
        Files.setLastModifiedTime(other, time);
        Files.move(other, folder.resolve("b"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(hasher.hash(folder).trusted()).containsExactly("a");
    }

    @Test
    void aFileWrittenJustBeforeItWasHashedIsNeverTrusted() throws Exception {
        hasher.hash(folder);
        assertThat(Files.readString(file)).isEqualTo("vai-hash-cache/1\n");
        assertThat(hasher.hash(folder).trusted()).isEmpty();
    }

    @Test
    void aFileFromTheFutureIsNeverTrusted() throws Exception {
        Files.setLastModifiedTime(
                folder.resolve("a"), FileTime.from(Instant.now().plusSeconds(7200)));
        age();
        assertThat(hasher.hash(folder).trusted()).containsExactly("b");
    }

    @Test
    void aCacheSaysNothingOfFilesThatAreGone() throws Exception {
        age();
        Files.delete(folder.resolve("a"));
        Files.writeString(folder.resolve("0"), "zero");
        assertThat(hasher.hash(folder).trusted()).containsExactly("b");
        assertThat(Files.readString(file)).doesNotContain("\ta\n");
    }

    @Test
    void aCacheInTheFolderItselfIsRefused() {
        FolderHasher inside = FolderHasher.builder()
                .cache(HashCache.at(folder.resolve("cache")))
                .build();
        assertThatIllegalArgumentException().isThrownBy(() -> inside.hash(folder));
    }

    @Test
    void aCacheThatOthersMayWriteToIsRefused() throws Exception {
        Assumptions.assumeTrue(
                root.getFileSystem().supportedFileAttributeViews().contains("posix"));
        hasher.hash(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.hash(folder))
                .withMessageContaining("only its owner may write");
    }

    @Test
    void aLinkIsNoCache() throws Exception {
        Path elsewhere = Files.writeString(root.resolve("elsewhere"), "vai-hash-cache/1\n");
        Files.createSymbolicLink(file, elsewhere);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.hash(folder))
                .withMessageContaining("regular file");
    }

    @Test
    void aFailureLeavesTheCacheAsItWas() throws Exception {
        age();
        String before = Files.readString(file);
        Files.createSymbolicLink(folder.resolve("link"), file);
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> hasher.hash(folder));
        assertThat(Files.readString(file)).isEqualTo(before);
        try (var left = Files.list(root)) {
            assertThat(left).containsExactlyInAnyOrder(folder, file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vai-hash-cache/2\n",
                "vai-hash-cache/1",
                "vai-hash-cache/1\nx\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t1\tk\ta",
                "vai-hash-cache/1\nZ\t1\t1\t1\tk\ta\n",
                "vai-hash-cache/1\nz\t1\t1\t1\t1\tk\ta\n",
                "vai-hash-cache/1\nZ\t01\t1\t1\t1\tk\ta\n",
                "vai-hash-cache/1\nZ\t9999999999999999999\t1\t1\t1\tk\ta\n",
                "vai-hash-cache/1\nZ\t1\t-1\t1\t1\tk\ta\n",
                "vai-hash-cache/1\nZ\t1\t1\t9999999999999999999\t1\tk\ta\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t\tk\ta\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t1\t\ta\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t1\tk\t\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t1\tk\t../a\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t1\tk\ta\nZ\t1\t1\t1\t1\tk\ta\n",
                "vai-hash-cache/1\nZ\t1\t1\t1\t1\tk\tb\nZ\t1\t1\t1\t1\tk\ta\n"
            })
    void aDamagedCacheIsRefused(String content) throws Exception {
        assertDamaged(content.replace("Z", ZERO), "hash cache");
    }

    @Test
    void longLinesAndIllFormedTextAreRefused() throws Exception {
        assertDamaged("vai-hash-cache/1\n" + "x".repeat(1 << 16) + "\n", "a longer one");
        Files.write(
                file,
                Bytes.utf8("vai-hash-cache/1\n").concat(Bytes.fromHex("ff0a")).toByteArray());
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.hash(folder))
                .withMessageContaining("UTF-8");
    }
}
