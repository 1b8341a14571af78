package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class FolderHasherTest {

    private static final byte[] LARGE = new byte[1_000_003];

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectory(root.resolve("model"));
        new Random(1).nextBytes(LARGE);
        write("weights/large", LARGE);
        write("config.json", new byte[] {1, 2, 3});
        write("empty", new byte[0]);
        write("weights/deep/er", new byte[] {4});
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private void assertRefused(FolderHasher hasher, String because) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.hash(folder))
                .withMessageContaining(because);
    }

    private static FolderHasher plain() {
        return FolderHasher.builder().build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void howManyThreadsWorkChangesNothing(int threads) throws Exception {
        for (int i = 0; i < 300; i++) {
            write("many/" + i, new byte[i]);
        }
        HashedFolder hashed =
                FolderHasher.builder().threads(threads).shardSize(100).build().hash(folder);
        assertThat(hashed.digest().files()).hasSize(304).allSatisfy(file -> {
            byte[] content = Files.readAllBytes(folder.resolve(file.name()));
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(file.sha256()).isEqualTo(Bytes.of(content).sha256());
        });
        assertThat(hashed.trusted()).isEmpty();
        assertThat(FolderHasher.builder()
                        .threads(threads)
                        .shardSize(100)
                        .build()
                        .shards(folder))
                .isEqualTo(hashed.shards());
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 10, 100_000, 262_144, 262_145, 999_999, 1_000_002, 1_000_003, 1_000_004, Long.MAX_VALUE})
    void shardsAreThePartsOfEachFile(long size) throws Exception {
        FolderHasher hasher = FolderHasher.builder().threads(3).shardSize(size).build();
        List<ShardDigest> shards = hasher.shards(folder);
        assertThat(hasher.hash(folder).shards()).isEqualTo(shards);
        assertThat(shards).extracting(ShardDigest::name).doesNotContain("empty").contains("config.json");
        long covered = 0;
        for (ShardDigest shard : shards) {
            byte[] content = Files.readAllBytes(folder.resolve(shard.name()));
            assertThat(shard.end() - shard.start()).isPositive().isLessThanOrEqualTo(size);
            assertThat(shard.start() % size).isZero();
            assertThat(shard.sha256())
                    .isEqualTo(Bytes.of(Arrays.copyOfRange(content, (int) shard.start(), (int) shard.end()))
                            .sha256());
            covered += shard.end() - shard.start();
        }
        assertThat(covered).isEqualTo(LARGE.length + 4L);
    }

    @Test
    void shardsAreInTheOrderOfTheirWholeNames() throws Exception {
        write("ab", new byte[1200]);
        write("ab:1", new byte[1]);
        // A name with a colon is no shard of another file, and 1000 stands before 200.
        assertThat(FolderHasher.builder()
                        .exclude("weights", "config.json")
                        .shardSize(100)
                        .build()
                        .shards(folder))
                .extracting(ShardDigest::resource)
                .startsWith("ab:0:100", "ab:1000:1100", "ab:100:200", "ab:1100:1200", "ab:1:0:1", "ab:200:300")
                .hasSize(13);
    }

    @Test
    void aShardSizeThatMakesTooManyShardsIsRefusedBeforeAnythingIsRead() throws Exception {
        FolderHasher hasher = FolderHasher.builder().shardSize(1).build();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.shards(folder))
                .withMessageContaining("at most 1000000 shards of 1 bytes");
        assertRefused(hasher, "at most 1000000 shards of 1 bytes");
    }

    @Test
    void whatIsLeftOutIsNotLookedAt() throws Exception {
        Files.createSymbolicLink(folder.resolve("weights/link"), folder);
        Files.createSymbolicLink(folder.resolve(".git"), folder);
        write("other/.git", new byte[1]);
        write("other/weights/link", new byte[1]);
        assertThat(FolderHasher.builder()
                        .exclude(".git")
                        .ignore("weights/link", "weights/deep", "config")
                        .build()
                        .hash(folder)
                        .digest()
                        .files())
                .extracting(FileDigest::name)
                .containsExactly("config.json", "empty", "other/.git", "other/weights/link", "weights/large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc", "../x", "a/../b", "a//b", "./a", "a/", "", "*.bin", "a?", "a\\b", "c:/x", "a\nb", "a\0"})
    void whatIsNoPathBelowTheFolderCannotBeIgnored(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FolderHasher.builder().ignore(path));
    }

    @Test
    void aBuilderRefusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FolderHasher.builder().exclude("a/b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FolderHasher.builder().threads(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FolderHasher.builder().shardSize(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FolderHasher.builder().maxFiles(FolderHasher.MAX_FILES + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FolderHasher.builder()
                        .shardSize(1)
                        .cache(HashCache.at(root.resolve("cache")))
                        .build());
    }

    @Test
    void moreFilesThanAllowedAreRefused() throws Exception {
        assertThat(FolderHasher.builder()
                        .maxFiles(4)
                        .build()
                        .hash(folder)
                        .digest()
                        .files())
                .hasSize(4);
        assertRefused(FolderHasher.builder().maxFiles(3).build(), "at most 3");
    }

    @Test
    void aFolderIsNoDeeperThanThirtyTwoLevels() throws Exception {
        write("d/".repeat(31) + "f", new byte[1]);
        assertThat(plain().hash(folder).digest().files()).hasSize(5);
        write("d/".repeat(32) + "f", new byte[1]);
        assertRefused(plain(), "at most 32 levels");
    }

    @Test
    void progressIsToldFromOneThreadAtATimeAndNeverOfLess() throws Exception {
        for (int i = 0; i < 200; i++) {
            write("many/" + i, new byte[10_000]);
        }
        List<HashingListener.Progress> told = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        FolderHasher.builder()
                .threads(4)
                .listener(progress -> {
                    assertThat(inside.incrementAndGet()).isOne();
                    told.add(progress);
                    inside.decrementAndGet();
                })
                .build()
                .hash(folder);
        long total = 2_000_004L + LARGE.length;
        assertThat(told.get(0)).isEqualTo(new HashingListener.Progress(0, total, 0, 204));
        assertThat(told.get(told.size() - 1)).isEqualTo(new HashingListener.Progress(total, total, 204, 204));
        assertThat(told).extracting(HashingListener.Progress::bytesDone).isSorted();
        assertThat(told).extracting(HashingListener.Progress::filesDone).isSorted();
    }

    @Test
    void whatAListenerThrowsEndsTheHashing() {
        FolderHasher hasher = FolderHasher.builder()
                .listener(progress -> {
                    throw new IllegalStateException("enough");
                })
                .build();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> hasher.hash(folder));
    }

    @Test
    void anInterruptedThreadGivesUp() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ClosedByInterruptException.class)
                .isThrownBy(() -> FolderHasher.builder().threads(1).build().hash(folder));
        assertThat(Thread.interrupted()).isTrue();
    }

    /** The listener hears the beginning after the folder was listed, and before anything is opened. */
    private FolderHasher doing(Change change) {
        return FolderHasher.builder()
                .threads(1)
                .listener(progress -> {
                    if (progress.filesDone() == 0) {
                        try {
                            change.make();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                })
                .build();
    }

    private interface Change {
        void make() throws IOException;
    }

    @Test
    void aFileThatALinkReplacesBeforeItIsOpenedIsRefused() throws Exception {
        Path outside = Files.write(root.resolve("outside"), LARGE);
        Path file = folder.resolve("weights/large");
        assertRefused(
                doing(() -> {
                    Files.delete(file);
                    Files.createSymbolicLink(file, outside);
                }),
                "weights/large: expected a regular file, found a symbolic link");
    }

    @Test
    void aFolderThatALinkReplacesBeforeItIsOpenedIsNotEntered() throws Exception {
        Path outside = root.resolve("outside");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> doing(() -> {
                            if (!Files.exists(outside)) {
                                Files.move(folder.resolve("weights"), outside);
                                Files.createSymbolicLink(folder.resolve("weights"), outside);
                            }
                        })
                        .hash(folder));
    }

    @Test
    void aFileThatAPipeReplacesBeforeItIsOpenedIsRefused() throws Exception {
        Path file = folder.resolve("weights/large");
        assertRefused(
                doing(() -> {
                    Files.delete(file);
                    try {
                        if (new ProcessBuilder("mkfifo", file.toString())
                                        .start()
                                        .waitFor()
                                != 0) {
                            throw new IOException("mkfifo failed");
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }),
                "weights/large: expected a regular file, found a special file");
    }

    @Test
    void aSocketOrADeviceIsRefused() throws Exception {
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(java.net.UnixDomainSocketAddress.of(folder.resolve("socket")));
            assertRefused(plain(), "socket: expected a regular file, found a special file");
        } catch (UnsupportedOperationException e) {
            Assumptions.abort("no sockets in files here");
        }
    }

    @Test
    void aFileThatWasWrittenWithItsTimeSetBackIsRefused() throws Exception {
        Path file = folder.resolve("weights/large");
        FileTime time = Files.getLastModifiedTime(file);
        Assumptions.assumeTrue(
                file.getFileSystem().supportedFileAttributeViews().contains("unix"));
        // Enough that the listener is heard while the file is open.
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(600L << 20);
        }
        Files.setLastModifiedTime(file, time);
        AtomicInteger writes = new AtomicInteger();
        FolderHasher hasher = FolderHasher.builder()
                .threads(1)
                .listener(progress -> {
                    if (progress.bytesDone() > 0 && progress.filesDone() == 0 && writes.getAndIncrement() == 0) {
                        try {
                            Files.write(file, new byte[] {9}, StandardOpenOption.WRITE);
                            Files.setLastModifiedTime(file, time);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                })
                .build();
        assertRefused(hasher, "weights/large: expected a file that stays as it is while it is read");
        assertThat(writes).hasPositiveValue();
    }

    @Test
    void aFileThatShrinksAfterItWasListedIsNoFileOfShards() throws Exception {
        AtomicInteger once = new AtomicInteger();
        FolderHasher hasher = FolderHasher.builder()
                .shardSize(1000)
                .listener(progress -> {
                    if (once.getAndIncrement() == 0) {
                        try {
                            Files.write(folder.resolve("weights/large"), new byte[10]);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                })
                .build();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> hasher.shards(folder))
                .withMessageContaining("weights/large: expected a file that stays as it is");
    }

    @Test
    void aFileThatIsReplacedAfterItWasListedIsHashedAsItIs() throws Exception {
        Path other = Files.write(root.resolve("other"), new byte[] {7});
        HashedFolder hashed = doing(
                        () -> Files.copy(other, folder.resolve("weights/large"), StandardCopyOption.REPLACE_EXISTING))
                .hash(folder);
        assertThat(hashed.digest().files())
                .contains(new FileDigest("weights/large", 1, Bytes.of((byte) 7).sha256()));
    }

    @Test
    void hardLinksAreFilesOfTheirOwn() throws Exception {
        Files.createLink(folder.resolve("again"), folder.resolve("config.json"));
        List<FileDigest> files = plain().hash(folder).digest().files();
        assertThat(files).extracting(FileDigest::name).contains("again", "config.json");
        assertThat(files.get(0).sha256()).isEqualTo(files.get(1).sha256());
    }

    @Test
    void aHardLinkToAnExcludedFileIsAnExtraFile() throws Exception {
        write("model.sig", new byte[] {1});
        Files.createLink(folder.resolve("model-sig"), folder.resolve("model.sig"));
        assertThat(FolderHasher.builder()
                        .exclude("model.sig")
                        .build()
                        .hash(folder)
                        .digest()
                        .files())
                .extracting(FileDigest::name)
                .contains("model-sig")
                .doesNotContain("model.sig");
    }

    @Test
    void aHundredThousandFilesAreAFolderAndTooManyForAManifest() {
        List<FileDigest> files = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            files.add(new FileDigest("part-" + i / 1000 + "/" + i, 1, Bytes.zeros(32)));
        }
        assertThat(new FolderDigest(files).files()).hasSize(100_000);
        assertThat(FolderDigest.MAX_IN_MANIFEST).isLessThan(100_000);
    }

    private static FolderHasher only(String... names) {
        return FolderHasher.builder().only(Arrays.asList(names)).shardSize(2).build();
    }

    @Test
    void namedFilesAreTakenAndNothingElseIsLookedAt() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("empty"));

        HashedFolder hashed = only("weights/deep/er", "config.json", "empty").hash(folder);

        assertThat(hashed.digest().files())
                .extracting(FileDigest::name)
                .containsExactly("config.json", "empty", "weights/deep/er");
        assertThat(hashed.shards())
                .extracting(ShardDigest::resource)
                .containsExactly("config.json:0:2", "config.json:2:3", "weights/deep/er:0:1");
        assertThat(only("config.json", "empty").shards(folder))
                .extracting(ShardDigest::resource)
                .containsExactly("config.json:0:2", "config.json:2:3");
    }

    @Test
    void namedFilesHaveToBeThereAndToBeRegular() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("empty"));
        Files.createSymbolicLink(folder.resolve("elsewhere"), folder.resolve("weights"));
        assertRefused(only("link"), "expected a regular file, found a symbolic link");
        assertRefused(only("config.json", "weights"), "expected a regular file, found a folder");
        assertRefused(only(), "found 0");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> only("none").hash(folder));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> only("elsewhere/large").hash(folder));
        assertThatIllegalArgumentException().isThrownBy(() -> only("../outside"));
    }
}
