package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.FakeKds;
import org.verifiableai.attestation.testkit.ServiceFault;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;

/** Where {@code vai snp verify} finds what it is not shown, on a machine and a key service made of software. */
class SnpSourcesTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.TURIN);
    private static final SoftwareSnpPlatform MACHINE = AMD.platform(TcbVersion.ofTurin(1, 1, 0, 4, 75));

    @TempDir
    static Path files;

    @TempDir
    Path temporary;

    private FakeKds kds;

    @BeforeAll
    static void writeEvidence() throws IOException {
        SnpEvidence evidence = MACHINE.report(Bytes.zeros(64));
        write(files.resolve("report.bin"), evidence.report());
        write(files.resolve("vcek.der"), evidence.vek());
        write(files.resolve("ask.der"), AMD.ask());
        write(files.resolve("ark.der"), AMD.ark());
        write(files.resolve("table.bin"), MACHINE.certificateTable().encode());
        Path folder = Files.createDirectory(files.resolve("certificates"));
        write(folder.resolve("chip.crt"), evidence.vek());
        write(folder.resolve("ask.cer"), AMD.ask());
        write(folder.resolve("list.crl"), evidence.revocationLists().get(0));
        Files.writeString(folder.resolve("note.pem"), "no certificate");
    }

    @BeforeEach
    void startKeyService() {
        kds = FakeKds.start().serve(AMD).serve(MACHINE);
    }

    @AfterEach
    void stopKeyService() {
        kds.close();
    }

    @Test
    void aReportAloneIsJudgedByWhatTheKeyServiceHas() throws Exception {
        Run run = verify();

        assertThat(run.failures()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(kds.requests())
                .anySatisfy(r -> assertThat(r).contains("/vcek/v1/Turin/", "fmcSPL=1"))
                .anySatisfy(r -> assertThat(r).contains("/vcek/v1/Turin/crl"));
    }

    @Test
    void whatTheKeyServiceAnsweredIsKeptForWorkOffline() throws Exception {
        Path cache = temporary.resolve("cache");
        assertThat(verify("--kds-cache", cache).code()).isZero();
        int asked = kds.requests().size();

        Run offline = verify("--kds-cache", cache, "--offline");

        assertThat(offline.failures()).isEmpty();
        assertThat(kds.requests()).hasSize(asked);
    }

    @Test
    void aCertificateTableIsEnough() throws Exception {
        Run run = verify("--cert-table", files.resolve("table.bin"), "--offline");

        assertThat(run.failures()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void aCertificateThatIsNamedCountsOverTheTable() throws Exception {
        SoftwareSnpPlatform other = AMD.platform(TcbVersion.ofTurin(1, 1, 0, 4, 75));
        Path vek = temporary.resolve("other.der");
        write(vek, other.report(Bytes.zeros(64)).vek());

        Run run = verify("--cert-table", files.resolve("table.bin"), "--vek", vek, "--offline");

        assertThat(run.failures()).containsExactlyInAnyOrder("snp.signature", "snp.chip-id");
    }

    @Test
    void aTableThatIsNoneIsMalformed() throws Exception {
        Path table = temporary.resolve("table.bin");
        Files.write(table, Arrays.copyOf(Files.readAllBytes(files.resolve("table.bin")), 24));

        Run run = verify("--cert-table", table, "--offline");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json().get("accepted").asBoolean()).isFalse();
        assertThat(run.err()).contains("certificate table");
    }

    @Test
    void aFolderIsSearchedByContentAndWhatDoesNotServeIsNamed() throws Exception {
        Run run = verify("--certs-dir", files.resolve("certificates"), "--offline");

        assertThat(run.failures()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("passed over", "note.pem");
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void offlineNobodyIsAskedAndTheMissingCertificateIsUnavailable() {
        Run run = verify("--offline");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("offline");
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void aChipThatTheKeyServiceDoesNotKnowIsUnavailable() {
        kds.always(new ServiceFault.Status(404));

        Run run = verify();

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("knows no such chip");
    }

    @Test
    void aListThatCannotBeHadIsTheVerdictsBusiness() throws Exception {
        kds.always(new ServiceFault.Status(404));

        Run run = verify("--vek", files.resolve("vcek.der"), "--ca", files.resolve("ask.der"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).containsExactly("snp.revocation");
        assertThat(revocation(run).get("reason").asText()).isEqualTo("unavailable");
    }

    @Test
    void aRevokedAuthorityIsToldFromAMissingList() throws Exception {
        Path list = temporary.resolve("list.crl");
        Instant now = Instant.now();
        write(list, AMD.revocationList(now.minusSeconds(60), now.plusSeconds(3600), List.of(AMD.askSerial())));

        Run run = verify("--certs-dir", files.resolve("certificates"), "--crl", list, "--offline");

        assertThat(run.failures()).containsExactly("snp.revocation");
        assertThat(revocation(run).get("reason").asText()).isEqualTo("revoked");
    }

    @Test
    void ofAnotherInstantTodaysListIsNotAskedFor() throws Exception {
        Run run = verify("--at", Instant.now().minusSeconds(86_400).toString());

        assertThat(run.failures()).containsExactly("snp.revocation");
        assertThat(kds.requests()).noneSatisfy(r -> assertThat(r).contains("crl"));
    }

    @Test
    void aVersionThatIsNotKnownIsRefusedUnlessItsSignatureIsEnough() throws Exception {
        Path report = temporary.resolve("report.bin");
        write(report, MACHINE.withVersion(6).report(Bytes.zeros(64)).report());
        Object[] evidence = {
            "snp",
            "verify",
            "--report",
            report,
            "--vek",
            files.resolve("vcek.der"),
            "--ca",
            files.resolve("ask.der"),
            "--crl",
            files.resolve("certificates/list.crl"),
            "--trust-ark",
            files.resolve("ark.der"),
            "--json"
        };

        Run refused = Run.vai(with(evidence, "--any-measurement", "x", "--without-freshness", "x"));
        Run signature = Run.vai(with(evidence, "--signature-only", "new firmware"));

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.failures()).containsExactly("snp.format");
        assertThat(refused.out()).contains("unsupported version 6");
        assertThat(signature.json().get("accepted").asBoolean()).isTrue();
        assertThat(signature.json().get("facts").has("measurement")).isFalse();
    }

    private static JsonNode revocation(Run run) throws IOException {
        for (JsonNode check : run.json().get("checks")) {
            if (check.get("id").asText().equals("snp.revocation")) {
                return check;
            }
        }
        throw new AssertionError("no check of revocation in " + run.out());
    }

    private Run verify(Object... more) {
        Object[] words = {
            "snp",
            "verify",
            "--report",
            files.resolve("report.bin"),
            "--trust-ark",
            files.resolve("ark.der"),
            "--kds",
            kds.baseUri(),
            "--any-measurement",
            "x",
            "--without-freshness",
            "x",
            "--json"
        };
        return Run.vai(with(words, more));
    }

    private static Object[] with(Object[] words, Object... more) {
        List<Object> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    private static void write(Path file, Bytes content) throws IOException {
        Files.write(file, content.toByteArray());
    }
}
