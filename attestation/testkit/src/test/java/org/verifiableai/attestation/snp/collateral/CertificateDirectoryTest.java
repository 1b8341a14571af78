package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;

class CertificateDirectoryTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("2045-01-01T00:00:00Z");
    private static final TcbVersion TCB = TcbVersion.of(4, 0, 22, 219);
    private static final SoftwareAmd MILAN = SoftwareAmd.create(ProductLine.MILAN, FROM, UNTIL);
    private static final Bytes VCEK =
            MILAN.platform(TCB).report(Bytes.zeros(64)).vek();
    private static final Bytes VLEK = MILAN.platformWithVlek(TCB, "CN=cloud.example")
            .report(Bytes.zeros(64))
            .vek();
    private static final VcekId ID = Samples.id(VCEK);
    private static final Map<String, Bytes> LISTS = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    @Test
    void aFlatFolderIsReadByWhatIsInItsFiles() throws Exception {
        write("vcek.der", VCEK);
        write("some name.CRT", VLEK);
        write("ask.pem", Samples.pem(MILAN.ask()));
        write("ark.cer", MILAN.ark());
        write("list.crl", crl(1, 30));
        write("report.bin", Bytes.zeros(1184));
        write("expected.json", Bytes.utf8("{}"));
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.skipped()).isEmpty();
        assertThat(directory.vcek(ID)).hasValue(VCEK);
        assertThat(directory.vlek(ProductLine.MILAN, TCB)).hasValue(VLEK);
        assertThat(directory.authorities(ProductLine.MILAN, SigningKey.VCEK)).containsExactly(MILAN.ask(), MILAN.ark());
        assertThat(directory.authorities(ProductLine.MILAN, SigningKey.VLEK)).isEmpty();
        assertThat(directory.revocationLists(ProductLine.MILAN, SigningKey.VLEK, NOW))
                .containsExactly(crl(1, 30));
    }

    @Test
    void whatIsNotThereIsEmpty() throws Exception {
        write("ark.pem", Samples.pem(MILAN.ark()));
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.vcek(ID)).isEmpty();
        assertThat(directory.vlek(ProductLine.MILAN, TCB)).isEmpty();
        assertThat(directory.authorities(ProductLine.MILAN, SigningKey.VCEK)).isEmpty();
        assertThat(directory.revocationLists(ProductLine.MILAN, SigningKey.VCEK, NOW))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> directory.authorities(ProductLine.MILAN, SigningKey.NONE))
                .withMessage("signing key must be VCEK or VLEK, found NONE");
    }

    @Test
    void oneFileMayHoldAllOfIt() throws Exception {
        write(
                "a/b/bundle.pem",
                Bytes.utf8("what is here\n" + Samples.pem("CERTIFICATE", VCEK) + Samples.pem("X509 CRL", crl(1, 30))
                        + Samples.pem("CERTIFICATE", MILAN.asvk())
                        + Samples.pem("PRIVATE KEY", Bytes.zeros(3))));
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.skipped()).isEmpty();
        assertThat(directory.vcek(ID)).hasValue(VCEK);
        assertThat(directory.authorities(ProductLine.MILAN, SigningKey.VLEK)).containsExactly(MILAN.asvk());
        assertThat(directory.revocationLists(ProductLine.MILAN, SigningKey.VCEK, NOW))
                .hasSize(1);
    }

    @Test
    void aCertificateOfAnotherTcbIsNotTheOne() throws Exception {
        write("vcek.der", VCEK);
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.vcek(new VcekId(ProductLine.MILAN, ID.hwId(), TcbVersion.of(4, 0, 22, 218))))
                .isEmpty();
        assertThat(directory.vcek(new VcekId(ProductLine.GENOA, ID.hwId(), TCB)))
                .isEmpty();
    }

    @Test
    void ofSeveralForOneThingTheLastIssuedCounts() throws Exception {
        SoftwareAmd older = SoftwareAmd.create(ProductLine.MILAN, FROM.minus(Duration.ofDays(1)), UNTIL);
        write("1.der", MILAN.ask());
        write("2.der", older.ask());
        write("3.der", older.ark());
        write("4.der", MILAN.ark());

        assertThat(CertificateDirectory.load(folder).authorities(ProductLine.MILAN, SigningKey.VCEK))
                .containsExactly(MILAN.ask(), MILAN.ark());
    }

    @Test
    void listsThatAreCurrentComeFirstAndElseTheLatest() throws Exception {
        write("1.crl", crl(20, -10));
        write("2.crl", crl(9, -5));
        write("3.crl", crl(8, 3));
        write("4.crl", crl(2, 30));
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(lists(directory, NOW)).containsExactly(crl(2, 30), crl(8, 3));
        assertThat(lists(directory, NOW.minus(Duration.ofDays(15)))).containsExactly(crl(20, -10));
        assertThat(lists(directory, NOW.plus(Duration.ofDays(99)))).containsExactly(crl(2, 30));
        assertThat(directory.revocationLists(ProductLine.GENOA, SigningKey.VCEK, NOW))
                .isEmpty();
    }

    @Test
    void hostileFilesAreNamedAndPassedOver() throws Exception {
        write("0.pem", Bytes.utf8("-----BEGIN CERTIFICATE-----\nno end"));
        write("1.der", Bytes.fromHex("30" + "84ffffffff"));
        write("2.pem", Bytes.utf8("no PEM at all"));
        write("3.der", VCEK.slice(0, 400));
        write("4.crl", Bytes.EMPTY);
        write("5.der", Bytes.zeros(CertificateDirectory.MAX_FILE_SIZE + 1));
        write("6.pem", Samples.pem(Bytes.utf8("no certificate"), VCEK));
        Files.createSymbolicLink(folder.resolve("7.der"), folder.resolve("nothing"));
        Files.createSymbolicLink(folder.resolve("8.der"), folder);
        write("a/b/c/d/e/vcek.der", VCEK);
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.vcek(ID)).hasValue(VCEK);
        assertThat(directory.skipped())
                .extracting(s -> folder.relativize(s.path()).toString())
                .containsExactlyInAnyOrder(
                        "0.pem", "1.der", "2.pem", "3.der", "4.crl", "5.der", "6.pem", "7.der", "8.der", "a/b/c/d/e");
        assertThat(directory.skipped())
                .allSatisfy(s -> assertThat(s.reason()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void certificatesOfOthersAreNamedAndPassedOver() throws Exception {
        SoftwareAmd genoa = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL);
        write("milan.pem", Samples.pem(MILAN.ask()));
        write("genoa.pem", Samples.pem(genoa.ask(), genoa.ark()));
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.skipped()).isEmpty();
        assertThat(directory.authorities(ProductLine.GENOA, SigningKey.VCEK)).hasSize(2);
        assertThat(directory.authorities(ProductLine.MILAN, SigningKey.VCEK)).containsExactly(MILAN.ask());
    }

    @Test
    void linksToFilesAreFollowed() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("..data/of today"));
        Files.write(elsewhere.resolve("vcek"), VCEK.toByteArray());
        Files.createSymbolicLink(folder.resolve("vcek.der"), elsewhere.resolve("vcek"));

        assertThat(CertificateDirectory.load(folder).vcek(ID)).hasValue(VCEK);
    }

    @Test
    void aFolderThatIsNotThereCannotBeAsked() {
        EvidenceUnavailableException failure = catchThrowableOfType(
                EvidenceUnavailableException.class, () -> CertificateDirectory.load(folder.resolve("none")));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessage("certificate folder cannot be read: " + folder.resolve("none"));
    }

    private static List<Bytes> lists(CertificateSource source, Instant at) throws EvidenceUnavailableException {
        return source.revocationLists(ProductLine.MILAN, SigningKey.VCEK, at);
    }

    /** A list from so many days before now until so many after; the same bytes each time. */
    private static Bytes crl(int daysBefore, int daysAfter) {
        return LISTS.computeIfAbsent(
                daysBefore + " " + daysAfter,
                key -> MILAN.revocationList(
                        NOW.minus(Duration.ofDays(daysBefore)), NOW.plus(Duration.ofDays(daysAfter)), List.of()));
    }

    private void write(String name, Bytes content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }
}
