package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.snp.ExtendedReport;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;

class ExtendedReportTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);
    private static final TcbVersion TCB = TcbVersion.of(10, 0, 23, 84);
    private static final SoftwareSnpPlatform VCEK = AMD.platform(TCB);
    private static final SoftwareSnpPlatform VLEK = AMD.platformWithVlek(TCB, "CN=cloud.example");
    private static final Bytes DATA = Bytes.zeros(64);
    private static final int KEY_INFO = 0x048;

    @Test
    void aReportAndItsTableAreEvidenceThatIsAccepted() throws Exception {
        for (SoftwareSnpPlatform platform : List.of(VCEK, VLEK)) {
            SnpEvidence original = platform.report(DATA);

            SnpEvidence evidence = SnpEvidence.ofExtendedReport(
                    original.report(), platform.certificateTable().encode());

            assertThat(evidence).isEqualTo(original);
            assertThat(verify(evidence).failures()).isEmpty();
        }
    }

    @Test
    void oneFileHoldsBoth() throws Exception {
        SnpEvidence original = VCEK.report(DATA);
        Bytes file = original.report().concat(VCEK.certificateTable().encode());

        assertThat(SnpEvidence.ofExtendedReport(file)).isEqualTo(original);
        assertThat(ExtendedReport.parse(file))
                .isEqualTo(ExtendedReport.of(original.report(), VCEK.certificateTable()))
                .hasSameHashCodeAs(ExtendedReport.of(original.report(), VCEK.certificateTable()));
        assertThat(ExtendedReport.parse(original.report()).table()).isEqualTo(CertificateTable.empty());
    }

    @Test
    void theReportSaysWhichKeyItsCertificateIsOf() throws Exception {
        CertificateTable both = CertificateTable.builder()
                .vcek(VCEK.report(DATA).vek())
                .vlek(VLEK.report(DATA).vek())
                .build();

        ExtendedReport byVcek = ExtendedReport.of(VCEK.report(DATA).report(), both);
        ExtendedReport byVlek = ExtendedReport.of(VLEK.report(DATA).report(), both);

        assertThat(byVcek.signingKey()).isEqualTo(SigningKey.VCEK);
        assertThat(byVcek.vek()).hasValue(VCEK.report(DATA).vek());
        assertThat(byVcek.certificates()).containsExactly(VCEK.report(DATA).vek());
        assertThat(byVlek.signingKey()).isEqualTo(SigningKey.VLEK);
        assertThat(byVlek.vek()).hasValue(VLEK.report(DATA).vek());
    }

    @Test
    void aMalformedCertificateOfTheOtherKeyDoesNoHarm() throws Exception {
        CertificateTable table = CertificateTable.builder()
                .vcek(VCEK.report(DATA).vek())
                .vlek(Bytes.utf8("nonsense"))
                .ask(AMD.ask())
                .ark(AMD.ark())
                .crl(AMD.emptyRevocationList())
                .build();

        assertThat(verify(ExtendedReport.of(VCEK.report(DATA).report(), table).evidence())
                        .failures())
                .isEmpty();
    }

    @Test
    void entriesMayBePem() throws Exception {
        CertificateTable table = CertificateTable.builder()
                .vcek(pem("CERTIFICATE", VCEK.report(DATA).vek()))
                .ask(pem("CERTIFICATE", AMD.ask()))
                .ark(pem("CERTIFICATE", AMD.ark()))
                .crl(pem("X509 CRL", AMD.emptyRevocationList()))
                .build();

        ExtendedReport report = ExtendedReport.of(VCEK.report(DATA).report(), table);

        assertThat(report.dropped()).isEmpty();
        assertThat(report.authorities()).containsExactly(AMD.ask(), AMD.ark());
        assertThat(verify(report.evidence()).failures()).isEmpty();
    }

    @Test
    void whatCannotBeReadAboveTheLeafIsLeftOutAndNamed() throws Exception {
        CertificateTable table = CertificateTable.builder()
                .vcek(VCEK.report(DATA).vek())
                .ask(Bytes.utf8("neither DER nor PEM"))
                .ark(AMD.ark().slice(0, 100))
                .crl(AMD.ark())
                .build();

        ExtendedReport report = ExtendedReport.of(VCEK.report(DATA).report(), table);

        assertThat(report.authorities()).isEmpty();
        assertThat(report.revocationLists()).isEmpty();
        assertThat(report.dropped())
                .satisfiesExactly(
                        ask -> assertThat(ask)
                                .isEqualTo(
                                        "certificate table entry ASK is left out: certificate table entry ASK at offset "
                                                + "0x0: expected DER or PEM of a CERTIFICATE, found neither"),
                        ark -> assertThat(ark).startsWith("certificate table entry ARK is left out: "),
                        crl -> assertThat(crl).startsWith("certificate table entry CRL is left out: "));
        assertThat(report.evidence())
                .isEqualTo(new SnpEvidence(
                        VCEK.report(DATA).report(), VCEK.report(DATA).vek(), List.of(), List.of()));
    }

    @Test
    void aLeafThatCannotBeReadIsAnError() throws Exception {
        ExtendedReport text = ExtendedReport.of(
                VCEK.report(DATA).report(),
                CertificateTable.builder().vcek(Bytes.utf8("nonsense")).build());
        ExtendedReport der = ExtendedReport.of(
                VCEK.report(DATA).report(),
                CertificateTable.builder().vcek(Bytes.fromHex("300100")).build());

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(text::evidence)
                .withMessageStartingWith("certificate table entry VCEK at offset 0x0");
        assertThat(verify(der.evidence()).failures())
                .extracting(CheckResult::id)
                .containsExactly(SnpChecks.FORMAT);
    }

    @Test
    void aMissingLeafIsNamedByItsGuid() throws Exception {
        ExtendedReport nothing = ExtendedReport.of(VCEK.report(DATA).report(), CertificateTable.empty());
        ExtendedReport other = ExtendedReport.of(VLEK.report(DATA).report(), VCEK.certificateTable());

        assertThat(nothing.vek()).isEmpty();
        assertThat(other.certificates()).containsExactly(AMD.ask(), AMD.ark());
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(nothing::evidence)
                .withMessage(
                        "certificate table: expected an entry 63da758d-e664-4564-adc5-f4b93be8accd with the VCEK that "
                                + "signed the report, found no entries");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(other::evidence)
                .withMessageStartingWith(
                        "certificate table: expected an entry a8074bc2-a25a-483e-aae6-39c045a0b8a1 with "
                                + "the VLEK that signed the report, found CertificateTable[VCEK of ");
    }

    @Test
    void aMissingLeafCanComeFromElsewhere() throws Exception {
        SnpEvidence original = VCEK.report(DATA);
        CertificateTable authorities = CertificateTable.builder()
                .ask(AMD.ask())
                .ark(AMD.ark())
                .crl(original.revocationLists().get(0))
                .build();

        assertThat(ExtendedReport.of(original.report(), authorities).evidence(original.vek()))
                .isEqualTo(original);
    }

    @Test
    void aReportThatNoKeySignedHasNoLeaf() throws Exception {
        for (int keyInfo : new int[] {7 << 2, 2 << 2}) {
            Bytes report = VCEK.with(KEY_INFO, Bytes.of((byte) keyInfo, (byte) 0, (byte) 0, (byte) 0))
                    .report(DATA)
                    .report();

            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() ->
                            ExtendedReport.of(report, VCEK.certificateTable()).evidence())
                    .withMessageStartingWith("KEY_INFO at offset 0x48: expected VCEK or VLEK as SIGNING_KEY, found ");
        }
    }

    @Test
    void aReportOfAVersionStillUnknownIsLeftToTheVerifier() throws Exception {
        SoftwareSnpPlatform later = VCEK.withVersion(9);

        SnpEvidence evidence = ExtendedReport.of(later.report(DATA).report(), later.certificateTable())
                .evidence();

        assertThat(evidence.vek()).isEqualTo(later.report(DATA).vek());
    }

    @Test
    void whatIsNoReportIsRefused() {
        Bytes report = VCEK.report(DATA).report();

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> ExtendedReport.parse(report.slice(0, SnpReport.SIZE - 1)))
                .withMessage("extended report at offset 0x0: expected at least the 1184 bytes of a report, "
                        + "found 1183 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> ExtendedReport.of(report.concat(Bytes.zeros(1)), CertificateTable.empty()))
                .withMessage("attestation report at offset 0x0: expected exactly 1184 bytes, found 1185 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpEvidence.ofExtendedReport(report.concat(Bytes.zeros(1))))
                .withMessageStartingWith("certificate table at offset 0x0");
    }

    private static Verdict<SnpReport> verify(SnpEvidence evidence) {
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(DATA)
                .anyMeasurement("test")
                .allowVlek("test")
                .build();
        return SnpVerifier.builder().trustAnchors(AMD.trustAnchors()).build().verify(evidence, policy);
    }

    private static Bytes pem(String label, Bytes der) {
        return Bytes.utf8("-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der.toByteArray())
                + "\n-----END " + label + "-----\n");
    }
}
