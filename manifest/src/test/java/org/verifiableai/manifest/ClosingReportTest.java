package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.signing.SigningKey;

/** A second report, over the finished manifest, by the guest that began. */
class ClosingReportTest {

    private final SigningKey key = SigningKey.generate();

    @TempDir
    Path folder;

    private SignedManifest sign(SoftwareSnpPlatform machine) throws Exception {
        Lab.train(folder);
        return ManifestSigner.builder(Samples.job().build(), machine)
                .gpu(Lab.GPU)
                .key(key)
                .attest()
                .sign(folder);
    }

    private Verdict<Provenance> verify() throws Exception {
        return Lab.verifier().verify(folder, Lab.policy().build());
    }

    private static List<String> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(check -> check.id().name()).toList();
    }

    private static String detail(Verdict<?> verdict, String check) {
        return verdict.checks().stream()
                .filter(result -> result.id().name().equals(check))
                .findFirst()
                .map(CheckResult::detail)
                .orElseThrow();
    }

    @Test
    void theSecondReportIsAskedForOverKeyAndManifest() throws Exception {
        List<Bytes> asked = new ArrayList<>();
        Lab.train(folder);
        SignedManifest manifest = ManifestSigner.builder(Samples.job().build(), data -> {
                    asked.add(data);
                    return Lab.MACHINE.report(data);
                })
                .key(key)
                .attest()
                .sign(folder);

        assertThat(asked).hasSize(2);
        assertThat(asked.get(1)).isEqualTo(KeyBinding.closingData(key.spki(), manifest.digest()));
    }

    @Test
    void aMachineThatIsLaunchedAnewDuringTrainingIsNoticedByTheSigner() throws Exception {
        Lab.train(folder);
        List<SoftwareSnpPlatform> machines = new ArrayList<>(List.of(Lab.MACHINE, Lab.MACHINE.reboot()));
        ManifestSigner signer = ManifestSigner.builder(
                        Samples.job().build(), data -> machines.remove(0).report(data))
                .attest();

        assertThatExceptionOfType(EvidenceUnavailableException.class)
                .isThrownBy(() -> signer.sign(folder))
                .withMessageContaining("the closing report is of another guest");
        assertThat(folder.resolve("claims.jsonl")).doesNotExist();
    }

    @Test
    void aMachineThatIsBusyCanBeAskedAgain() throws Exception {
        Lab.train(folder);
        List<Integer> calls = new ArrayList<>();
        ManifestSigner signer = ManifestSigner.builder(Samples.job().build(), data -> {
                    calls.add(0);
                    if (calls.size() == 2) {
                        throw new EvidenceUnavailableException("busy", true);
                    }
                    return Lab.MACHINE.report(data);
                })
                .gpu(Lab.GPU)
                .attest();

        assertThatExceptionOfType(EvidenceUnavailableException.class).isThrownBy(() -> signer.sign(folder));
        signer.sign(folder);

        assertThat(failed(verify())).isEmpty();
    }

    @Test
    void aReportIdThatNamesNoGuestIsRefused() throws Exception {
        for (String nobody : new String[] {"00".repeat(32), "ff".repeat(32)}) {
            sign(Lab.MACHINE.withReportId(Bytes.fromHex(nobody)));

            Verdict<Provenance> verdict = verify();

            assertThat(failed(verdict)).containsExactly("manifest.closing.guest");
            assertThat(detail(verdict, "manifest.closing.guest"))
                    .contains("report id must name a guest, found " + nobody);
        }
    }

    @Test
    void aReportOfAnotherChipIsRefused() throws Exception {
        SignedManifest manifest = sign(Lab.MACHINE);
        SoftwareSnpPlatform other = Lab.otherChip().withReportId(Lab.MACHINE.reportId());
        Bytes data = KeyBinding.closingData(key.spki(), manifest.digest());

        Lab.close(folder, manifest, key, key, other.report(data));

        Verdict<Provenance> verdict = verify();
        assertThat(failed(verdict)).containsExactly("manifest.closing.guest");
        assertThat(detail(verdict, "manifest.closing.guest")).contains("chip id must be that of the first report");
    }

    @Test
    void theFirstReportDoesNotCloseTheJob() throws Exception {
        SignedManifest manifest = sign(Lab.MACHINE);
        Bytes first = KeyBinding.reportData(
                key.spki(), Samples.NONCE, Samples.job().build().canonical(), Bytes.EMPTY);

        Lab.close(folder, manifest, key, key, Lab.MACHINE.report(first));

        assertThat(failed(verify())).containsExactly("manifest.closing.report-data");
    }

    @Test
    void aClaimThatClosesAnotherManifestClosesNothing() throws Exception {
        SignedManifest manifest = sign(Lab.MACHINE);
        ClosingClaim other = new ClosingClaim(
                Bytes.utf8("other").sha256(),
                ClosingClaim.parse(claim(2).payload()).evidence());

        Claim claim =
                Claim.read(Bytes.utf8(SignedManifest.sign(other.payload(), key).toJson()));
        new ManifestFolder(folder).write(manifest, List.of(claim), List.of());

        Verdict<Provenance> verdict = verify();
        assertThat(failed(verdict)).containsExactly("manifest.closing");
        assertThat(detail(verdict, "manifest.closing.guest"))
                .isEqualTo("could not run because manifest.closing failed");
    }

    @Test
    void otherLinesAndForgedClosingsBesideTheRightOneChangeNothing() throws Exception {
        SignedManifest manifest = sign(Lab.MACHINE);
        SignedManifest closing = claim(2);
        SignedManifest forged = SignedManifest.sign(closing.payload(), SigningKey.generate());
        Path claims = folder.resolve("claims.jsonl");
        Files.writeString(
                claims,
                String.join(
                        "\n", manifest.toJson(), "not json", "{}", forged.toJson(), "", closing.toJson(), "{\"a\":1}"));
        Files.writeString(claims, "\n\n", StandardOpenOption.APPEND);

        assertThat(failed(verify())).isEmpty();
    }

    @Test
    void evidenceOfTheClosingReportThatIsNotThereIsNamed() throws Exception {
        sign(Lab.MACHINE);
        Bytes report = ClosingClaim.parse(claim(2).payload()).evidence().get(0).sha256();
        Files.delete(folder.resolve("evidence").resolve(report.hex()));

        assertThat(failed(verify())).containsExactly("manifest.closing");
    }

    @Test
    void whatIsWrongWithBothReportsIsSaidOfTheFirst() throws Exception {
        sign(Lab.MACHINE.withMeasurement(Bytes.utf8("other software").sha384()));

        Verdict<Provenance> verdict = verify();

        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(SnpChecks.MEASUREMENT);
        assertThat(detail(verdict, "manifest.closing.report"))
                .isEqualTo("could not run because snp.measurement failed");
    }

    @Test
    void aManifestWithoutClosingPassesWhereThePolicySaysWhy() throws Exception {
        Lab.train(folder);
        ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                .gpu(Lab.GPU)
                .withoutClosing()
                .attest()
                .sign(folder);

        assertThat(failed(verify())).containsExactly("manifest.closing");
        Verdict<Provenance> waived = Lab.verifier()
                .verify(folder, Lab.policy().withoutClosing("one report each").build());
        assertThat(waived.accepted()).isTrue();
        assertThat(waived.checks())
                .filteredOn(check -> ManifestChecks.CLOSING_ALL.contains(check.id()))
                .hasSize(5)
                .allMatch(check -> check.outcome() == Outcome.NOT_EVALUATED
                        && check.detail().equals("waived by policy: one report each"));
    }

    private SignedManifest claim(int line) throws Exception {
        return SignedManifest.parse(new ManifestFolder(folder).lines().get(line));
    }
}
