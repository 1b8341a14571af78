package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.internal.files.SteadyFile;

class FolderDigestTest {

    @TempDir
    Path folder;

    @BeforeEach
    void fill() throws IOException {
        write("a/b", "one");
        write("a-b", "two");
        write("a.b", "three");
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void assertRefused(String because) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FolderDigest.of(folder))
                .withMessageContaining(because);
    }

    @Test
    void filesAreInTheOrderOfCodePointsOfTheWholeName() throws Exception {
        write("\uD83D\uDE00", "four");
        write("\uFB33", "five");
        assertThat(FolderDigest.of(folder).files())
                .extracting(FileDigest::name)
                .containsExactly("a-b", "a.b", "a/b", "\uFB33", "\uD83D\uDE00");
    }

    @Test
    void bothRootsAreThoseThatTheirRulesGive() throws Exception {
        FolderDigest digest = FolderDigest.of(folder);
        Bytes one = Bytes.utf8("one").sha256();
        Bytes two = Bytes.utf8("two").sha256();
        Bytes three = Bytes.utf8("three").sha256();
        assertThat(digest.omsRoot()).isEqualTo(two.concat(three, one).sha256());
        assertThat(digest.dirHash1())
                .isEqualTo(Bytes.utf8(two + "  a-b\n" + three + "  a.b\n" + one + "  a/b\n")
                        .sha256());
        assertThat(digest.files()).extracting(FileDigest::size).containsExactly(3L, 5L, 3L);
    }

    @Test
    void swappedNamesKeepTheOmsRootAndChangeTheDirHash() throws Exception {
        FolderDigest before = FolderDigest.of(folder);
        Files.move(folder.resolve("a-b"), folder.resolve("a+b"));
        FolderDigest after = FolderDigest.of(folder);
        assertThat(after.omsRoot()).isEqualTo(before.omsRoot());
        assertThat(after.dirHash1()).isNotEqualTo(before.dirHash1());
    }

    @Test
    void exclusionsAreEntriesDirectlyInTheFolder() throws Exception {
        write("deep/a-b", "four");
        assertThat(FolderDigest.of(folder, Set.of("a", "a-b")).files())
                .extracting(FileDigest::name)
                .containsExactly("a.b", "deep/a-b");
    }

    @Test
    void aFileOfSeveralBuffersIsHashedWhole() throws Exception {
        byte[] large = new byte[(2 << 20) + 17];
        large[large.length - 1] = 1;
        Files.write(folder.resolve("large"), large);
        assertThat(FolderDigest.of(folder).files())
                .contains(new FileDigest("large", large.length, Bytes.of(large).sha256()));
    }

    @Test
    void aSymbolicLinkIsRefused() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a-b"));
        assertRefused("link: expected a regular file, found a symbolic link");
    }

    @Test
    void aLinkToAFolderIsRefused() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        assertRefused("found a symbolic link");
    }

    @Test
    void aPipeIsRefusedWithoutWaitingForItsWriter() throws Exception {
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
        } catch (IOException e) {
            org.junit.jupiter.api.Assumptions.abort("no mkfifo here");
            return;
        }
        assertThat(made.waitFor()).isZero();
        assertRefused("pipe: expected a regular file, found a special file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"line\nbreak", "back\\slash", "tail.", "tail ", "C:x", "delete\u007f", "\u0001"})
    void aNameThatMeansAnotherFileElsewhereIsRefused(String name) throws Exception {
        write(name, "x");
        assertRefused("file name");
    }

    @Test
    void namesThatAFileSystemTakesForOneAnotherAreRefused() throws Exception {
        write("A-b", "x");
        assertRefused("found A-b and a-b");
        Files.delete(folder.resolve("A-b"));
        write("\u00e9", "x");
        write("e\u0301", "x");
        assertRefused("case and composition");
    }

    @Test
    void foldersThatAFileSystemTakesForOneAnotherAreRefused() throws Exception {
        write("A/c", "x");
        assertRefused("found A and a");
    }

    @Test
    void anEmptyFolderIsNoModel(@TempDir Path empty) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> FolderDigest.of(empty))
                .withMessageContaining("expected 1 to 1000000, found 0");
    }

    @Test
    void aFolderThatIsNotThereIsNotBadEvidence() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> FolderDigest.of(folder.resolve("none")));
    }

    @Test
    void aFileThatGrowsWhileItIsReadIsRefused() throws Exception {
        Path file = folder.resolve("a-b");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SteadyFile.read(file, "a-b", ByteBuffer.allocate(1 << 20), chunk -> append(file)))
                .withMessageContaining("stays as it is");
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadIsRefused() throws Exception {
        Path file = folder.resolve("a-b");
        var time = Files.getLastModifiedTime(file);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SteadyFile.read(file, "a-b", ByteBuffer.allocate(1 << 20), chunk -> {
                    try {
                        Path other = Files.writeString(folder.resolve("other"), "TWO");
                        Files.setLastModifiedTime(other, time);
                        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }))
                .withMessageContaining("stays as it is");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "a/",
                "a//b",
                "./a",
                "a/../b",
                "..",
                "a\u0000b",
                "a\\b",
                "\ud800",
                "c:/x",
                "a/b.",
                "a\nb"
            })
    void aNameThatLeavesTheFolderOrIsNotOneIsNoFile(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FileDigest(name, 1, Bytes.zeros(32)));
    }

    @Test
    void oneNameTwiceIsNoFolder() {
        FileDigest file = new FileDigest("a", 1, Bytes.zeros(32));
        assertThatIllegalArgumentException().isThrownBy(() -> new FolderDigest(List.of(file, file)));
    }

    @Test
    void recordsOfJsonLinesAreWhatStandsBetweenLineFeeds() throws Exception {
        for (Object[] line : new Object[][] {
            {"", 0L}, {"a", 1L}, {"a\n", 1L}, {"a\nb", 2L}, {"a\n\nb\n", 3L}, {"\n", 1L}, {"a\r\nb\r\n", 2L}
        }) {
            write("data", (String) line[0]);
            DataSet set = DataSet.readJsonl("train", folder.resolve("data"));
            assertThat(set.records()).as((String) line[0]).isEqualTo(line[1]);
            assertThat(set.sha256()).isEqualTo(Bytes.utf8((String) line[0]).sha256());
        }
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "more", java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aNameOfManyFoldersIsRefused() {
        new FileDigest("a/".repeat(63) + "a", 0, Bytes.EMPTY.sha256());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileDigest("a/".repeat(64) + "a", 0, Bytes.EMPTY.sha256()))
                .withMessageContaining("expected at most 64 components");
    }
}
