package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.FakeKds;
import org.verifiableai.attestation.testkit.ServiceFault;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;

class EvidenceCompletionTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2045-01-01T00:00:00Z");
    private static final Bytes REPORT_DATA = Bytes.fromHex("5a".repeat(64));
    private static final int KEY_INFO = 0x048;
    private static final int CPUID = 0x188;
    private static final int CHIP_ID = 0x1A0;

    private static final TcbVersion TCB = TcbVersion.of(10, 0, 23, 84);
    private static final TcbVersion TURIN_TCB = TcbVersion.ofTurin(1, 3, 2, 5, 97);
    private static final SoftwareAmd GENOA = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL);
    private static final SoftwareAmd TURIN = SoftwareAmd.create(ProductLine.TURIN, FROM, UNTIL);
    private static final SoftwareSnpPlatform PLATFORM = GENOA.platform(TCB);
    private static final SoftwareSnpPlatform TURIN_PLATFORM = TURIN.platform(TURIN_TCB);
    private static final SoftwareSnpPlatform VLEK_PLATFORM = GENOA.platformWithVlek(TCB, "CN=cloud.example");

    // Signatures of lists are salted, so that two lists of the same content differ.
    private static final Bytes GENOA_LIST = GENOA.revocationList(FROM, UNTIL, List.of());
    private static final Bytes TURIN_LIST = TURIN.revocationList(FROM, UNTIL, List.of());

    private final FakeKds kds = FakeKds.start()
            .serve(GENOA, GENOA_LIST)
            .serve(TURIN, TURIN_LIST)
            .serve(PLATFORM)
            .serve(TURIN_PLATFORM);

    @AfterEach
    void close() {
        kds.close();
    }

    @Test
    void aReportAloneIsCompletedAndAccepted() throws Exception {
        SnpEvidence genoa = PLATFORM.withRevocationLists(List.of(GENOA_LIST)).report(REPORT_DATA);
        SnpEvidence turin =
                TURIN_PLATFORM.withRevocationLists(List.of(TURIN_LIST)).report(REPORT_DATA);

        assertThat(completion().build().complete(genoa.report())).isEqualTo(genoa);
        assertThat(completion().build().complete(turin.report())).isEqualTo(turin);
        assertThat(verify(GENOA, genoa).failures()).isEmpty();
        assertThat(verify(TURIN, turin).failures()).isEmpty();
        assertThat(kds.requests()).hasSize(6);
    }

    @Test
    void aReportOfVersion2IsLookedUpOnMilanAndThenOnGenoa() throws Exception {
        SoftwareSnpPlatform silent = PLATFORM.withVersion(2).with(CPUID, Bytes.zeros(3));
        SnpEvidence evidence =
                completion().build().complete(silent.report(REPORT_DATA).report());

        assertThat(verify(GENOA, evidence).failures()).isEmpty();
        assertThat(kds.requests().get(0)).startsWith("/vcek/v1/Milan/");
        assertThat(kds.requests().get(1)).startsWith("/vcek/v1/Genoa/");
        assertThat(kds.requests().get(2)).isEqualTo("/vcek/v1/Genoa/crl");
    }

    @Test
    void theCallersLineSparesTheSearch() throws Exception {
        SoftwareSnpPlatform silent = PLATFORM.withVersion(2).with(CPUID, Bytes.zeros(3));
        completion()
                .productLine(ProductLine.GENOA)
                .build()
                .complete(silent.report(REPORT_DATA).report());

        assertThat(kds.requests()).hasSize(3).allMatch(path -> path.startsWith("/vcek/v1/Genoa/"));
    }

    @Test
    void aShortChipIdentifierInVersion2IsLookedUpOnTurin() throws Exception {
        SoftwareSnpPlatform silent = TURIN_PLATFORM.withVersion(2).with(CPUID, Bytes.zeros(3));
        SnpEvidence evidence =
                completion().build().complete(silent.report(REPORT_DATA).report());

        assertThat(verify(TURIN, evidence).failures()).isEmpty();
        assertThat(kds.requests().get(0)).startsWith("/vcek/v1/Turin/");
    }

    @Test
    void fromVersion3OnTheReportIsBelievedAndNotTheCaller() throws Exception {
        completion()
                .productLine(ProductLine.MILAN)
                .build()
                .complete(PLATFORM.report(REPORT_DATA).report());

        assertThat(kds.requests().get(0)).startsWith("/vcek/v1/Genoa/");
    }

    @Test
    void aChipThatNobodyKnowsIsNotRetryable() {
        SoftwareSnpPlatform silent = GENOA.platform(TCB).withVersion(2).with(CPUID, Bytes.zeros(3));
        EvidenceUnavailableException failure =
                unavailable(completion().build(), silent.report(REPORT_DATA).report());

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("vcek of Milan").hasMessageContaining("vcek of Genoa");
        assertThat(unavailable(
                        EvidenceCompletion.from(CertificateSource.none()).build(),
                        PLATFORM.report(REPORT_DATA).report()))
                .hasMessageContaining("no source has it");
    }

    @Test
    void whereOneLineCouldNotBeAskedItIsRetryable() {
        kds.next(ServiceFault.status(500));
        SoftwareSnpPlatform silent = GENOA.platform(TCB).withVersion(2).with(CPUID, Bytes.zeros(3));
        KdsClient impatient = client().deadline(Duration.ofMillis(500))
                .backoff(Duration.ofSeconds(1), Duration.ofSeconds(1))
                .build();

        assertThat(unavailable(
                                EvidenceCompletion.from(impatient).build(),
                                silent.report(REPORT_DATA).report())
                        .retryable())
                .isTrue();
    }

    @Test
    void aHiddenChipCannotBeLookedUp() {
        SoftwareSnpPlatform masked = PLATFORM.with(CHIP_ID, Bytes.zeros(64));
        EvidenceUnavailableException failure =
                unavailable(completion().build(), masked.report(REPORT_DATA).report());

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("hides its chip");
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void aProcessorOfNoLineCannotBeLookedUp() {
        SoftwareSnpPlatform venice = PLATFORM.with(CPUID, Bytes.fromHex("1a5001"));
        EvidenceUnavailableException failure =
                unavailable(completion().build(), venice.report(REPORT_DATA).report());

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("family 1ah model 50h");
    }

    @Test
    void aProcessorOfNoLineIsLeftToTheVerifierIfTheCertificateIsThere() throws Exception {
        SnpEvidence venice = PLATFORM.with(CPUID, Bytes.fromHex("1a5001")).report(REPORT_DATA);

        assertThat(completion().build().complete(venice)).isEqualTo(venice);
    }

    @Test
    void aReportThatNobodySignedIsMalformedAndNotUnavailable() {
        for (String keyInfo : List.of("1c000000", "08000000", "02000000")) {
            SoftwareSnpPlatform unsigned = PLATFORM.with(KEY_INFO, Bytes.fromHex(keyInfo));

            assertThat(catchThrowableOfType(
                            MalformedEvidenceException.class,
                            () -> completion()
                                    .build()
                                    .complete(unsigned.report(REPORT_DATA).report())))
                    .hasMessageContaining("KEY_INFO at offset 0x48");
        }
        assertThat(catchThrowableOfType(
                        MalformedEvidenceException.class,
                        () -> completion().build().complete(Bytes.zeros(7))))
                .hasMessageContaining("exactly 1184 bytes");
    }

    @Test
    void theCertificateOfAVlekHasToComeAlong() throws Exception {
        SnpEvidence whole =
                VLEK_PLATFORM.withRevocationLists(List.of(GENOA_LIST)).report(REPORT_DATA);
        EvidenceUnavailableException failure = unavailable(completion().build(), whole.report());
        SnpEvidence evidence = completion().build().complete(whole.report(), List.of(whole.vek()), List.of());

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("it has to come with the evidence");
        assertThat(evidence).isEqualTo(whole);
        assertThat(kds.requests()).containsExactly("/vlek/v1/Genoa/crl", "/vlek/v1/Genoa/cert_chain");
    }

    @Test
    void whatIsThereIsNotAskedForAgainButForTheList() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        kds.serve(GENOA, whole.revocationLists().get(0));

        assertThat(completion().build().complete(whole)).isEqualTo(whole);
        assertThat(completion()
                        .build()
                        .complete(
                                whole.report(),
                                List.of(Samples.pem(GENOA.ark(), whole.vek()), GENOA.ask()),
                                whole.revocationLists())
                        .vek())
                .isEqualTo(whole.vek());
        assertThat(kds.requests()).isNotEmpty().allMatch(path -> path.equals("/vcek/v1/Genoa/crl"));
    }

    @Test
    void theRootIsNotAddedTwice() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        SnpEvidence evidence = completion()
                .build()
                .complete(new SnpEvidence(whole.report(), whole.vek(), List.of(GENOA.ark()), whole.revocationLists()));

        assertThat(evidence.authorities()).containsExactly(GENOA.ark(), GENOA.ask());
    }

    @Test
    void severalCertificatesOfVeksAreAmbiguous() {
        Bytes other = GENOA.platform(TCB).report(REPORT_DATA).vek();
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);

        assertThat(catchThrowableOfType(
                        MalformedEvidenceException.class,
                        () -> completion().build().complete(whole.report(), List.of(whole.vek(), other), List.of())))
                .hasMessageContaining("2 certificates");
    }

    @Test
    void authoritiesThatCannotBeHadAreLeftToTheVerifier() throws Exception {
        try (FakeKds poor = FakeKds.start().serve(PLATFORM).serve("/vcek/v1/Genoa/crl", GENOA_LIST)) {
            SnpEvidence evidence = EvidenceCompletion.from(
                            client().baseUri(poor.baseUri()).build())
                    .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                    .build()
                    .complete(PLATFORM.report(REPORT_DATA).report());

            assertThat(evidence.authorities()).isEmpty();
            assertThat(evidence.revocationLists()).containsExactly(GENOA_LIST);
            assertThat(poor.requests()).contains("/vcek/v1/Genoa/cert_chain");
        }
    }

    @Test
    void revocationDecidesWhetherAListHasToBeThere() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        SnpEvidence bare = new SnpEvidence(whole.report(), whole.vek(), whole.authorities(), List.of());
        kds.always(ServiceFault.status(404));

        EvidenceUnavailableException failure = catchThrowableOfType(
                EvidenceUnavailableException.class, () -> completion().build().complete(bare));
        assertThat(failure).hasMessageContaining("revocation list of ARK-Genoa for SEV-Genoa");
        assertThat(catchThrowableOfType(
                        EvidenceUnavailableException.class,
                        () -> EvidenceCompletion.from(CertificateSource.none())
                                .build()
                                .complete(bare)))
                .hasMessage("revocation list of ARK-Genoa: no source has one, and policy requires it");
        assertThat(completion().revocation(Revocation.USE_IF_AVAILABLE).build().complete(bare))
                .isEqualTo(bare);
        int asked = kds.requests().size();
        assertThat(completion().revocation(Revocation.OFF).build().complete(bare))
                .isEqualTo(bare);
        assertThat(kds.requests()).hasSize(asked);
    }

    @Test
    void aListThatIsStaleOrOfAnotherRootIsJoinedByACurrentOne() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        Bytes stale = GENOA.revocationList(FROM, NOW, List.of());
        Bytes elsewhere = TURIN.revocationList(FROM, UNTIL, List.of());
        SnpEvidence evidence = completion()
                .build()
                .complete(new SnpEvidence(whole.report(), whole.vek(), whole.authorities(), List.of(stale, elsewhere)));

        assertThat(evidence.revocationLists()).hasSize(3).startsWith(stale, elsewhere);
        assertThat(verify(GENOA, evidence).failures()).isEmpty();
    }

    @Test
    void aCurrentListThatCameAlongDoesNotHideANewerOne() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        Bytes kind = GENOA.revocationList(FROM, UNTIL, List.of());
        Bytes newer = GENOA.revocationList(NOW, UNTIL, List.of(GENOA.askSerial()));
        SnpEvidence shown = new SnpEvidence(whole.report(), whole.vek(), whole.authorities(), List.of(kind));
        kds.serve(GENOA, newer);

        SnpEvidence complete = completion().build().complete(shown);

        assertThat(complete.revocationLists()).containsExactly(kind, newer);
        assertThat(verify(GENOA, complete).failures())
                .extracting(CheckResult::id)
                .containsExactly(SnpChecks.REVOCATION);
        kds.always(ServiceFault.status(404));
        assertThat(completion().build().complete(shown)).isEqualTo(shown);
    }

    @Test
    void aStaleListIsLeftToTheVerifierIfNobodyHasAnother() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        SnpEvidence stale = new SnpEvidence(
                whole.report(), whole.vek(), whole.authorities(), List.of(GENOA.revocationList(FROM, NOW, List.of())));

        assertThat(EvidenceCompletion.from(CertificateSource.none())
                        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                        .build()
                        .complete(stale))
                .isEqualTo(stale);
    }

    @Test
    void aCertificateThatCannotBeReadIsLeftToTheVerifier() throws Exception {
        SnpEvidence whole = PLATFORM.report(REPORT_DATA);
        SnpEvidence broken = new SnpEvidence(whole.report(), Bytes.utf8("garbage"), List.of(), List.of());

        assertThat(completion().build().complete(broken)).isEqualTo(broken);
    }

    private EvidenceCompletion.Builder completion() {
        return EvidenceCompletion.from(client().build()).clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private KdsClient.Builder client() {
        URI address = kds.baseUri();
        return KdsClient.builder()
                .baseUri(address)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .spacing(Duration.ZERO)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(50));
    }

    private static Verdict<SnpReport> verify(SoftwareAmd amd, SnpEvidence evidence) {
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(REPORT_DATA)
                .anyMeasurement("the chain is in question")
                .build();
        return SnpVerifier.builder()
                .trustAnchors(amd.trustAnchors())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build()
                .verify(evidence, policy);
    }

    private static EvidenceUnavailableException unavailable(EvidenceCompletion completion, Bytes report) {
        return catchThrowableOfType(EvidenceUnavailableException.class, () -> completion.complete(report));
    }
}
