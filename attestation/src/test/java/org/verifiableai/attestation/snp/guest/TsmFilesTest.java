package org.verifiableai.attestation.snp.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.snp.SnpEvidence;

class TsmFilesTest {

    private static final Bytes DATA = Bytes.fromHex("5a".repeat(64));
    private static final TsmFiles FILES = TsmFiles.MACHINE;

    @Test
    void aConversationGoesThroughRealFiles(@TempDir Path folder) throws Exception {
        SnpEvidence evidence = TsmReportSource.builder()
                .folder(folder)
                .files(new PreparedFolder())
                .build()
                .report(DATA);

        assertThat(evidence.report().slice(0x50, 0x90)).isEqualTo(DATA);
        assertThat(evidence.vek()).isEqualTo(Bytes.fromHex("300100"));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aMachineWithoutConfigfsSaysSo(@TempDir Path folder) {
        TsmReportSource source =
                TsmReportSource.builder().folder(folder.resolve("tsm/report")).build();

        EvidenceUnavailableException e =
                catchThrowableOfType(EvidenceUnavailableException.class, () -> source.report(DATA));

        assertThat(e).hasMessageStartingWith("there is no configfs-tsm at " + folder.resolve("tsm/report"));
        assertThat(e.retryable()).isFalse();
    }

    @Test
    void attributesAreNeitherCreatedNorTruncated(@TempDir Path folder) throws Exception {
        Path attribute = folder.resolve("inblob");

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> FILES.write(attribute, DATA));
        assertThat(attribute).doesNotExist();
        Files.writeString(attribute, "0123456789");
        FILES.write(attribute, Bytes.utf8("abc"));
        assertThat(attribute).hasContent("abc3456789");
    }

    @Test
    void attributesAreReadUpToALimit(@TempDir Path folder) throws Exception {
        Path attribute = folder.resolve("outblob");
        Files.write(attribute, new byte[10]);

        assertThat(FILES.read(attribute, 10)).isEqualTo(Bytes.zeros(10));
        assertThatIOException().isThrownBy(() -> FILES.read(attribute, 9)).withMessage("more than 9 bytes");
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> FILES.read(folder.resolve("none"), 9));
    }

    @Test
    void foldersAreMadeAndRemovedOneByOne(@TempDir Path folder) throws Exception {
        Path entry = folder.resolve("entry");

        FILES.makeDirectory(entry);
        assertThat(entry).isEmptyDirectory();
        Files.createFile(entry.resolve("file"));
        assertThatExceptionOfType(DirectoryNotEmptyException.class).isThrownBy(() -> FILES.removeDirectory(entry));
        Files.delete(entry.resolve("file"));
        FILES.removeDirectory(entry);
        assertThat(entry).doesNotExist();
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> FILES.makeDirectory(folder.resolve("none/entry")));
    }

    /** Real files, and at their edges the little of a kernel that a single request needs. */
    private static final class PreparedFolder implements TsmFiles {

        private static final List<String> ATTRIBUTES =
                List.of("provider", "generation", "privlevel", "privlevel_floor", "inblob", "outblob", "auxblob");

        private int generation;

        @Override
        public void makeDirectory(Path entry) throws IOException {
            FILES.makeDirectory(entry);
            for (String attribute : ATTRIBUTES) {
                Files.createFile(entry.resolve(attribute));
            }
            Files.writeString(entry.resolve("provider"), "sev_guest\n");
            Files.writeString(entry.resolve("generation"), "0\n");
            Files.writeString(entry.resolve("privlevel_floor"), "0\n");
        }

        @Override
        public void removeDirectory(Path entry) throws IOException {
            for (String attribute : ATTRIBUTES) {
                Files.delete(entry.resolve(attribute));
            }
            FILES.removeDirectory(entry);
        }

        @Override
        public Bytes read(Path attribute, int limit) throws IOException {
            return FILES.read(attribute, limit);
        }

        @Override
        public void write(Path attribute, Bytes value) throws IOException {
            FILES.write(attribute, value);
            generation++;
            Files.writeString(attribute.resolveSibling("generation"), generation + "\n");
            if (attribute.endsWith("inblob")) {
                Bytes inblob = FILES.read(attribute, 64);
                Bytes report = Bytes.zeros(0x50).concat(inblob, Bytes.zeros(0x4A0 - 0x90));
                Files.write(attribute.resolveSibling("outblob"), report.toByteArray());
                Bytes table = CertificateTable.builder()
                        .vcek(Bytes.fromHex("300100"))
                        .build()
                        .encode();
                Files.write(attribute.resolveSibling("auxblob"), table.toByteArray());
            }
        }
    }
}
