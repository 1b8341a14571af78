package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void fileThatCannotBeFinishedIsNotThere() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("f"), out -> {
                    out.write(new byte[1 << 22]);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileHasTheModeOfAnyNewFile() throws IOException {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path usual = Files.createFile(folder.resolve("usual"));
        Path file = folder.resolve("deeper/f");
        AtomicFile.write(file, out -> out.write(1));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
        assertThat(file.getParent()).isDirectoryNotContaining(f -> !f.equals(file));
    }

    @Test
    void olderFileStaysWhenItsSuccessorCannotBeFinished() throws IOException {
        Path file = folder.resolve("f");
        AtomicFile.write(file, out -> out.write("old".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(1);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile()).isDirectoryNotContaining(f -> !f.equals(file.toFile()));
    }
}
