package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.octets;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.SignatureEngine;

/** One answer that speaks of the certificates of two issuers, which each have their own say. */
class OcspAnswersTest {

    private static final Instant NOW = Instant.parse("2025-01-02T12:00:00Z");
    private static final String FIRST = "First Authority";
    private static final String SECOND = "Second Authority";

    // The point of CertBytes.P384_SPKI with the other y.
    private static final Bytes OTHER_KEY = CertBytes.P384_SPKI
            .slice(0, CertBytes.P384_SPKI.size() - 48)
            .concat(Bytes.fromHex("c9e821b569d9d390a26167406d6d23d6070be242d765eb83"
                    + "1625ceec4a0f473ef59f4e30e2817e6285bce2846f15f1a0"));

    private final OcspExaminer examiner = new OcspExaminer(SignatureEngine.bouncyCastle(), 4);

    @Test
    void whoSignedForOneIssuerHasNotSignedForAnotherInTheSameAnswer() throws Exception {
        OcspLink own = link(1, FIRST, CertBytes.P384_SPKI);
        OcspLink foreign = link(2, SECOND, CertBytes.P384_SPKI);
        Bytes answer = answer(byName(FIRST), own, foreign);

        assertThat(statuses(answer, own, foreign))
                .containsExactly(RevocationStatus.GOOD, RevocationStatus.BAD_SIGNATURE);
        assertThat(statuses(answer, foreign, own))
                .containsExactly(RevocationStatus.BAD_SIGNATURE, RevocationStatus.GOOD);
    }

    @Test
    void anIssuerOfTheSameNameAndAnotherKeyIsAnother() throws Exception {
        OcspLink own = link(1, FIRST, CertBytes.P384_SPKI);
        OcspLink foreign = link(2, FIRST, OTHER_KEY);
        Bytes answer = answer(byName(FIRST), own, foreign);

        assertThat(statuses(answer, own, foreign))
                .containsExactly(RevocationStatus.GOOD, RevocationStatus.BAD_SIGNATURE);
        assertThat(statuses(answer, foreign, own))
                .containsExactly(RevocationStatus.BAD_SIGNATURE, RevocationStatus.GOOD);
    }

    @Test
    void answersAreExaminedOnAnyThread() throws Exception {
        OcspLink link = link(1, FIRST, CertBytes.P384_SPKI);
        Bytes answer = answer(byName(FIRST), link, link);

        for (int i = 0; i < 2; i++) { // judged now, and known from before
            OcspAnswers answers = examiner.hear(List.of(answer), NOW);
            List<OcspFinding> here = answers.examine(List.of(link));
            List<OcspFinding> there = CompletableFuture.supplyAsync(() -> answers.examine(List.of(link)))
                    .join();
            assertThat(there).isEqualTo(here);
            assertThat(here).extracting(OcspFinding::status).containsExactly(RevocationStatus.GOOD);
        }
    }

    @Test
    void aResponderWhosePurposesCannotBeReadHasNone() throws Exception {
        Bytes ocspSigning = oid("1.3.6.1.5.5.7.3.9");
        OcspLink link = link(1, FIRST, CertBytes.P384_SPKI);

        assertThat(statuses(delegated(link, sequence(ocspSigning)), link)).containsExactly(RevocationStatus.GOOD);
        for (Bytes purposes : List.of(
                sequence(ocspSigning).concat(nothing()), sequence(ocspSigning, integer(1)), ocspSigning, Bytes.EMPTY)) {
            assertThat(examiner.examine(List.of(link), List.of(delegated(link, purposes)), NOW))
                    .singleElement()
                    .satisfies(f -> assertThat(f.status()).isEqualTo(RevocationStatus.BAD_SIGNATURE))
                    .satisfies(f -> assertThat(f.detail()).contains("purpose of signing OCSP answers, found []"));
        }
    }

    private List<RevocationStatus> statuses(Bytes answer, OcspLink... links) {
        return examiner.examine(List.of(links), List.of(answer), NOW).stream()
                .map(OcspFinding::status)
                .toList();
    }

    private static Bytes byName(String name) {
        return context(1, CertBytes.name(name));
    }

    private static OcspLink link(int serial, String issuer, Bytes issuerKey) throws MalformedEvidenceException {
        CertBytes subject = CertBytes.of("Subject " + serial);
        subject.serial = integer(serial);
        subject.issuer = CertBytes.name(issuer);
        CertBytes authority = CertBytes.of(issuer);
        authority.spki = issuerKey;
        return new OcspLink(X509Cert.parse(subject.build()), X509Cert.parse(authority.build()));
    }

    /** An answer by the generator's key, which calls the certificates of these links good. */
    private static Bytes answer(Bytes responder, OcspLink first, OcspLink second) throws MalformedEvidenceException {
        OcspBytes bytes = about(second);
        Bytes single = bytes.single();
        bytes = about(first);
        bytes.moreSingles = single;
        bytes.responderId = responder;
        bytes.signature = bits(GeneratorKey.sign(bytes.tbs()));
        return bytes.build();
    }

    /** An answer by somebody with a certificate of these purposes. */
    private static Bytes delegated(OcspLink link, Bytes purposes) throws MalformedEvidenceException {
        CertBytes delegate = CertBytes.of("Responder")
                .withCritical("2.5.29.15", DerBytes.element(0x03, Bytes.fromHex("0780")))
                .with("2.5.29.37", purposes)
                .with("1.3.6.1.5.5.7.48.1.5", nothing());
        delegate.issuer = CertBytes.name(FIRST);
        delegate.signature = bits(GeneratorKey.sign(delegate.tbs()));
        OcspBytes bytes = about(link);
        bytes.responderId = byName("Responder");
        bytes.certificates = context(0, sequence(delegate.build()));
        bytes.signature = bits(GeneratorKey.sign(bytes.tbs()));
        return bytes.build();
    }

    private static OcspBytes about(OcspLink link) throws MalformedEvidenceException {
        OcspCertId id = OcspCertId.of(link.certificate(), link.issuer());
        OcspBytes bytes = new OcspBytes();
        bytes.serial = integer(id.serialNumber().longValueExact());
        bytes.issuerNameHash = octets(id.issuerNameHash());
        bytes.issuerKeyHash = octets(id.issuerKeyHash());
        return bytes;
    }
}
