package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.machine.KeyBinding;

class ManifestSignerTest {

    @TempDir
    Path folder;

    @Test
    void eachThingIsAskedForWhatCoversTheOnesBefore() throws Exception {
        List<Bytes> asked = new ArrayList<>();
        ManifestSigner signer = ManifestSigner.builder(Samples.job().build(), data -> {
                    asked.add(data);
                    return Lab.MACHINE.report(data);
                })
                .gpu(nonce -> {
                    asked.add(nonce);
                    return Lab.GPU.evidence(nonce);
                })
                .attest();
        Bytes gpu = signer.gpuEvidence();
        assertThat(asked)
                .containsExactly(
                        KeyBinding.gpuNonce(signer.spki(), Samples.NONCE),
                        KeyBinding.reportData(
                                signer.spki(),
                                Samples.NONCE,
                                Samples.job().build().canonical(),
                                gpu));
    }

    @Test
    void everyJobHasAKeyOfItsOwn() throws Exception {
        assertThat(ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                        .attest()
                        .spki())
                .isNotEqualTo(ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                        .attest()
                        .spki());
    }

    @Test
    void oneReportStandsBehindOneModel() throws Exception {
        Lab.train(folder);
        ManifestSigner signer =
                ManifestSigner.builder(Samples.job().build(), Lab.MACHINE).attest();
        signer.sign(folder);
        assertThatIllegalStateException().isThrownBy(() -> signer.sign(folder));
    }

    @Test
    void aFolderThatCannotBeSignedCanBeMendedAndSigned() throws Exception {
        Lab.train(folder);
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("README.md"));
        ManifestSigner signer =
                ManifestSigner.builder(Samples.job().build(), Lab.MACHINE).attest();
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> signer.sign(folder));
        assertThat(folder.resolve("claims.jsonl")).doesNotExist();
        Files.delete(link);
        signer.sign(folder);
        assertThat(folder.resolve("claims.jsonl")).exists();
    }

    @Test
    void theManifestTellsWhenTheJobRanByTheGivenClock() throws Exception {
        Lab.train(folder);
        Provenance provenance = ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                .clock(Clock.fixed(Samples.STARTED.plusMillis(7), ZoneOffset.UTC))
                .attest()
                .sign(folder)
                .provenance();
        assertThat(provenance.startedOn()).isEqualTo(Samples.STARTED);
        assertThat(provenance.finishedOn()).isEqualTo(Samples.STARTED);
        assertThat(provenance.invocationId()).startsWith("urn:uuid:");
    }

    @Test
    void aSourceThatAnswersAnotherQuestionIsNoticedBeforeTraining() {
        assertThatExceptionOfType(EvidenceUnavailableException.class)
                .isThrownBy(
                        () -> ManifestSigner.builder(Samples.job().build(), data -> Lab.MACHINE.report(Bytes.zeros(64)))
                                .attest())
                .withMessageContaining("the report is for other data");
        assertThatExceptionOfType(EvidenceUnavailableException.class)
                .isThrownBy(() -> ManifestSigner.builder(Samples.job().build(), data -> Lab.brokenReport())
                        .attest())
                .withMessageContaining("the report is not one");
    }
}
