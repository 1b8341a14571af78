package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.verifiableai.attestation.nvidia.collateral.Samples.GPU;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NOW;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;
import static org.verifiableai.attestation.nvidia.collateral.Samples.scripted;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.internal.http.Transport;
import org.verifiableai.attestation.testkit.OcspDefect;
import org.verifiableai.attestation.testkit.SoftwareOcsp;

class OcspClientTest {

    private static final Bytes CERTIFICATE = GPU.certificates().get(1);
    private static final Bytes ISSUER = GPU.certificates().get(2);
    private static final SoftwareOcsp RESPONDER = GPU.ocsp(1);

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime(NOW);
    private final Script service = new Script(time);

    @Test
    void theQuestionIsPostedWithTheCertificateUnderSha384AndACriticalNonce() throws Exception {
        client(OcspNonce.REQUIRE, answering(RESPONDER)).response(CERTIFICATE, ISSUER);

        Transport.Request request = service.asked().get(0);
        assertThat(request.toString()).isEqualTo("POST https://ocsp.ndis.nvidia.com/");
        assertThat(request.fields())
                .containsEntry("Content-Type", "application/ocsp-request")
                .containsEntry("Accept", "application/ocsp-response");
        OCSPReq question = new OCSPReq(body(request).toByteArray());
        assertThat(question.getRequestList()[0].getCertID().getHashAlgOID().getId())
                .isEqualTo("2.16.840.1.101.3.4.2.2");
        Extension extension = question.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        assertThat(extension.isCritical()).isTrue();
        assertThat(ASN1OctetString.getInstance(extension.getParsedValue()).getOctets())
                .hasSize(32);
    }

    @Test
    void withoutNonceNoneIsSent() throws Exception {
        client(OcspNonce.NONE, answering(RESPONDER)).response(CERTIFICATE, ISSUER);

        assertThat(new OCSPReq(body(service.asked().get(0)).toByteArray()).hasExtensions())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = OcspNonce.class,
            names = {"IF_ECHOED", "NONE"})
    void anAnswerIsKeptUntilItsNextUpdate(OcspNonce mode) throws Exception {
        OcspClient client = client(mode, answering(RESPONDER.validFor(Duration.ofHours(20))));
        Optional<Bytes> first = client.response(CERTIFICATE, ISSUER);

        time.pass(Duration.ofHours(20).minusNanos(1));
        assertThat(client.response(CERTIFICATE, ISSUER)).isEqualTo(first).isPresent();
        assertThat(service.requests()).hasSize(1);
        time.pass(Duration.ofNanos(1));
        assertThat(client.response(CERTIFICATE, ISSUER)).isNotEqualTo(first);
        assertThat(service.requests()).hasSize(2);
    }

    @Test
    void anAnswerWithoutNextUpdateIsHandedOnAndNotKept() throws Exception {
        OcspClient client = client(OcspNonce.NONE, answering(RESPONDER.with(OcspDefect.NO_NEXT_UPDATE)));

        client.response(CERTIFICATE, ISSUER);
        client.response(CERTIFICATE, ISSUER);
        assertThat(service.requests()).hasSize(2);
    }

    @Test
    void anAnswerThatHoldsForLongIsRefreshedDaily() throws Exception {
        OcspClient client = client(OcspNonce.NONE, answering(RESPONDER.validFor(Duration.ofDays(7))));

        client.response(CERTIFICATE, ISSUER);
        time.pass(Duration.ofDays(1));
        client.response(CERTIFICATE, ISSUER);
        assertThat(service.requests()).hasSize(2);
    }

    @Test
    void whereTheNonceIsRequiredNothingIsKept() throws Exception {
        OcspClient client = stored(OcspNonce.REQUIRE, answering(RESPONDER));

        Optional<Bytes> first = client.response(CERTIFICATE, ISSUER);
        assertThat(client.response(CERTIFICATE, ISSUER)).isPresent().isNotEqualTo(first);
        assertThat(service.requests()).hasSize(2);
        assertThat(body(service.asked().get(0)))
                .isNotEqualTo(body(service.asked().get(1)));
        assertThat(files()).isEmpty();
    }

    @Test
    void anAnswerWithoutTheNonceServesOnlyWhereItIsNotRequired() throws Exception {
        SoftwareOcsp silent = RESPONDER.with(OcspDefect.NO_NONCE);

        assertThat(client(OcspNonce.IF_ECHOED, answering(silent)).response(CERTIFICATE, ISSUER))
                .isPresent();
        EvidenceUnavailableException failure = failure(
                () -> client(OcspNonce.REQUIRE, new Script(time), silent).response(CERTIFICATE, ISSUER));
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("nonce: expected ").hasMessageContaining(", found none");
    }

    @ParameterizedTest
    @EnumSource(
            value = OcspNonce.class,
            names = {"IF_ECHOED", "REQUIRE"})
    void anAnswerToAnotherQuestionIsNotTaken(OcspNonce mode) {
        OcspClient client = client(mode, answering(RESPONDER.with(OcspDefect.OTHER_NONCE)));

        assertThat(failure(() -> client.response(CERTIFICATE, ISSUER)))
                .hasMessageContaining("answered something else: nonce: expected ")
                .hasMessageContaining(", found " + "00".repeat(32));
    }

    @Test
    void anAnswerAboutAnotherCertificateIsNotTaken() {
        for (OcspDefect defect : List.of(OcspDefect.OTHER_CERTIFICATE, OcspDefect.OTHER_ISSUER)) {
            OcspClient client = client(OcspNonce.NONE, new Script(time), RESPONDER.with(defect));

            EvidenceUnavailableException failure = failure(() -> client.response(CERTIFICATE, ISSUER));
            assertThat(failure.retryable()).isTrue();
            assertThat(failure).hasMessageContaining("answered something else: certID: expected ");
        }
    }

    @Test
    void whatIsNoAnswerIsNotTaken() {
        for (Bytes other : List.of(HTML, Bytes.EMPTY, CERTIFICATE)) {
            OcspClient client = OcspClient.builder()
                    .settings(scripted(new Script(time).then(other), time).build())
                    .build();

            assertThat(failure(() -> client.response(CERTIFICATE, ISSUER)).retryable())
                    .isTrue();
        }
    }

    @Test
    void aRefusalOfTheResponderIsTypedAsItMeansIt() throws Exception {
        EvidenceUnavailableException refused =
                failure(() -> client(OcspNonce.NONE, answering(RESPONDER.with(OcspDefect.UNAUTHORIZED)))
                        .response(CERTIFICATE, ISSUER));
        assertThat(refused.retryable()).isFalse();
        assertThat(refused)
                .hasMessageEndingWith("ocsp service https://ocsp.ndis.nvidia.com gives no answer: unauthorized");
        assertThat(service.requests()).hasSize(1);

        Script busy = new Script(time);
        busy.thenAnswer(request -> RESPONDER.with(OcspDefect.TRY_LATER).respond(body(request), time.instant()))
                .thenAnswer(request -> RESPONDER.respond(body(request), time.instant()));
        OcspClient client =
                OcspClient.builder().settings(scripted(busy, time).build()).build();
        assertThat(client.response(CERTIFICATE, ISSUER)).isPresent();
        assertThat(busy.requests()).hasSize(2);
    }

    @Test
    void thatACertificateIsRevokedIsAnAnswer() throws Exception {
        assertThat(client(OcspNonce.REQUIRE, answering(RESPONDER.revoking(NOW.minusSeconds(60))))
                        .response(CERTIFICATE, ISSUER))
                .isPresent();
    }

    @Test
    void theCacheSurvivesARestart() throws Exception {
        Optional<Bytes> answer =
                stored(OcspNonce.IF_ECHOED, answering(RESPONDER)).response(CERTIFICATE, ISSUER);

        assertThat(offline().response(CERTIFICATE, ISSUER)).isEqualTo(answer);
        assertThat(failure(() -> offline().response(ISSUER, GPU.certificates().get(3))))
                .hasMessageEndingWith("not in the cache, and the client is offline");
        time.pass(Duration.ofDays(1));
        assertThat(failure(() -> offline().response(CERTIFICATE, ISSUER)).retryable())
                .isFalse();
    }

    @Test
    void aDamagedFileIsIgnored() throws Exception {
        stored(OcspNonce.NONE, answering(RESPONDER)).response(CERTIFICATE, ISSUER);
        Path file = files().get(0);
        Bytes other = GPU.ocsp(2).answer(ISSUER, NOW);
        Bytes refusal = RESPONDER.with(OcspDefect.UNAUTHORIZED).answer(CERTIFICATE, NOW);
        for (Bytes damaged : List.of(Bytes.EMPTY, HTML, other, refusal)) {
            Files.write(file, damaged.toByteArray());

            assertThat(failure(() -> offline().response(CERTIFICATE, ISSUER))).hasMessageContaining("offline");
        }
    }

    @Test
    void whatIsNoCertificateIsNotAskedAbout() {
        OcspClient client = client(OcspNonce.NONE, answering(RESPONDER));

        assertThatThrownBy(() -> client.response(HTML, ISSUER)).isInstanceOf(MalformedEvidenceException.class);
        assertThatThrownBy(() -> client.response(CERTIFICATE, HTML)).isInstanceOf(MalformedEvidenceException.class);
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void aListenerHearsWhichCertificate() throws Exception {
        List<String> misses = new ArrayList<>();
        OcspClient client = OcspClient.builder()
                .settings(scripted(answering(RESPONDER), time)
                        .listener(new ServiceListener() {
                            @Override
                            public void miss(String resource) {
                                misses.add(resource);
                            }
                        })
                        .build())
                .build();

        client.response(CERTIFICATE, ISSUER);
        assertThat(misses).singleElement().asString().startsWith("ocsp answer of certificate ");
    }

    @Test
    void theFirstSourceThatHasAnAnswerIsTaken() throws Exception {
        Bytes answer = RESPONDER.answer(CERTIFICATE, NOW);
        OcspSource failing = (certificate, issuer) -> {
            throw new EvidenceUnavailableException("down", true);
        };

        assertThat(OcspSource.firstOf(OcspSource.none(), failing, (c, i) -> Optional.of(answer))
                        .response(CERTIFICATE, ISSUER))
                .hasValue(answer);
        assertThat(OcspSource.none().response(CERTIFICATE, ISSUER)).isEmpty();
    }

    private Script answering(SoftwareOcsp responder) {
        return service.thenAnswer(request -> responder.respond(body(request), time.instant()));
    }

    private OcspClient client(OcspNonce mode, Script script, SoftwareOcsp responder) {
        return client(mode, script.thenAnswer(request -> responder.respond(body(request), time.instant())));
    }

    private OcspClient client(OcspNonce mode, Script script) {
        return OcspClient.builder()
                .settings(scripted(script, time).build())
                .nonce(mode)
                .build();
    }

    private OcspClient stored(OcspNonce mode, Script script) {
        return OcspClient.builder()
                .settings(scripted(script, time).cacheDirectory(folder).build())
                .nonce(mode)
                .build();
    }

    private OcspClient offline() {
        return OcspClient.builder()
                .settings(
                        scripted(service, time).cacheDirectory(folder).offline().build())
                .build();
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static Bytes body(Transport.Request request) {
        return request.post().orElseThrow();
    }
}
