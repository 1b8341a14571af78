package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.verifiableai.attestation.nvidia.collateral.Samples.AUTHORITY;
import static org.verifiableai.attestation.nvidia.collateral.Samples.GPU;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.ID;
import static org.verifiableai.attestation.nvidia.collateral.Samples.RIM;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.nvidia.RimId;

class RimDirectoryTest {

    @TempDir
    private Path folder;

    @Test
    void aManifestLiesUnderItsIdentifier() throws Exception {
        write(ID + ".xml", RIM);

        assertThat(RimDirectory.of(folder).rim(ID)).hasValue(RIM);
        assertThat(RimDirectory.of(folder).rim(new RimId("NV_GPU_DRIVER_GH100_550.90.08")))
                .isEmpty();
    }

    @Test
    void theOtherSuffixWillDoAndComesSecond() throws Exception {
        Bytes other = AUTHORITY.vbios(GPU).xml();
        write(ID + ".swidtag", RIM);
        RimDirectory directory = RimDirectory.of(folder);

        assertThat(directory.rim(ID)).hasValue(RIM);
        write(ID + ".xml", other);
        assertThat(directory.rim(ID)).hasValue(other);
    }

    @Test
    void noIdentifierLeadsOutOfTheFolder() throws Exception {
        write("outside.xml", RIM);
        Path inside = Files.createDirectory(folder.resolve("inside"));

        assertThat(RimDirectory.of(inside).rim(new RimId("outside"))).isEmpty();
        for (String text : List.of("../outside", "..", "/etc/passwd", "a/b", "a\\b", "", "a\u0000b", "x".repeat(129))) {
            assertThatThrownBy(() -> new RimId(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFileThatIsNoManifestIsNamed() throws Exception {
        for (Bytes other : List.of(Bytes.EMPTY, HTML, Bytes.zeros(1 << 20), RIM.slice(0, 500))) {
            write(ID + ".xml", other);

            EvidenceUnavailableException failure =
                    failure(() -> RimDirectory.of(folder).rim(ID));
            assertThat(failure.retryable()).isFalse();
            assertThat(failure).hasMessageStartingWith("rim " + ID + ": " + folder.resolve(ID + ".xml") + ": ");
        }
    }

    @Test
    void aFolderInPlaceOfAFileIsNamed() throws Exception {
        Files.createDirectory(folder.resolve(ID + ".xml"));

        assertThat(failure(() -> RimDirectory.of(folder).rim(ID)).retryable()).isFalse();
    }

    @Test
    void whatIsNoFolderIsNotLoaded() throws Exception {
        Path file = write("file", RIM);

        assertThat(failure(() -> RimDirectory.of(file))).hasMessage("rim folder must be a folder: " + file);
        assertThat(failure(() -> RimDirectory.of(folder.resolve("nowhere"))).retryable())
                .isFalse();
    }

    @Test
    void theFirstSourceThatHasAManifestAnswers() throws Exception {
        RimSource failing = id -> {
            throw new EvidenceUnavailableException("down", true);
        };
        RimSource having = id -> Optional.of(RIM);

        assertThat(RimSource.firstOf(RimSource.none(), failing, having).rim(ID)).hasValue(RIM);
        assertThat(RimSource.none().rim(ID)).isEmpty();
        assertThat(failure(() -> RimSource.firstOf(failing, RimSource.none()).rim(ID)))
                .hasMessage("down");
    }

    private Path write(String name, Bytes content) throws Exception {
        return Files.write(folder.resolve(name), content.toByteArray());
    }
}
