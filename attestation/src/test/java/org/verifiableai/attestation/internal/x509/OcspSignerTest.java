package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.bool;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;

/** Issuer and responder have one key here, so that whatever is refused is so by a rule and not by its signature. */
class OcspSignerTest {

    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    private static final Bytes OCSP_SIGNING = oid("1.3.6.1.5.5.7.3.9");

    private final List<String> defects = new ArrayList<>();

    @Test
    void whoTheIssuerDelegatedItToMaySign() throws Exception {
        Optional<OcspSigner> signer = find(issuer(), delegate(OCSP_SIGNING));

        X509Cert delegate = Objects.requireNonNull(signer.orElseThrow().delegate());
        assertThat(delegate.subject().commonName()).contains("Responder");
        assertThat(defects).isEmpty();
        assertThat(signer.get().validAt(delegate.notBefore())).isTrue();
        assertThat(signer.get().validAt(delegate.notBefore().minusNanos(1))).isFalse();
        assertThat(signer.get().validAt(delegate.notAfter())).isTrue();
        assertThat(signer.get().validAt(delegate.notAfter().plusNanos(1))).isFalse();
    }

    @Test
    void theIssuersOwnValidityIsAMatterOfItsChain() throws Exception {
        assertThat(new OcspSigner(X509Cert.parse(issuer().build()), null).validAt(Instant.EPOCH))
                .isTrue();
    }

    @Test
    void whatIsNoCertificateIsPassedOver() throws Exception {
        assertThat(find(issuer(), sequence(), nothing(), delegate(OCSP_SIGNING), sequence()))
                .isPresent();
    }

    @Test
    void ofSeveralCertificatesOfTheResponderOneWillDo() throws Exception {
        assertThat(find(issuer(), delegate(), delegate(OCSP_SIGNING))).isPresent();
        assertThat(defects).isEmpty();
        assertThat(find(issuer(), delegate(), delegate())).isEmpty();
        assertThat(defects).hasSize(2);
    }

    @Test
    void anIssuerWithoutAKeyAnswersForNobody() throws Exception {
        CertBytes keyless = issuer();
        keyless.spki = sequence();

        assertThat(find(keyless, delegate(OCSP_SIGNING))).isEmpty();
        assertThat(defects).containsExactly("the issuer's key cannot be read");
    }

    @Test
    void aResponderWithoutAKeySignedNothing() throws Exception {
        CertBytes keyless = delegateOf(sequence(OCSP_SIGNING));
        keyless.spki = sequence();

        assertThat(find(issuer(), signed(keyless))).isEmpty();
        assertThat(defects).containsExactly("responder certificate 2.5.4.10=Org,CN=Responder did not sign it");
    }

    @Test
    void aResponderThatNoCertificateIsOfIsNamed() throws Exception {
        assertThat(find(issuer())).isEmpty();
        assertThat(defects).containsExactly("it comes without the certificate of 2.5.4.10=Org,CN=Responder");
    }

    @Test
    void purposesThatCannotBeReadAreNone() throws Exception {
        Bytes[] many = new Bytes[17];
        Arrays.fill(many, OCSP_SIGNING);
        for (Bytes wrong : List.of(
                nothing(),
                sequence(OCSP_SIGNING).concat(nothing()),
                sequence(OCSP_SIGNING, nothing()),
                sequence(many))) {
            defects.clear();

            assertThat(find(issuer(), signed(delegateOf(wrong)))).isEmpty();
            assertThat(defects)
                    .containsExactly(
                            "responder certificate 2.5.4.10=Org,CN=Responder must have the purpose of signing OCSP "
                                    + "answers, found []");
        }
        assertThat(find(issuer(), delegate(Collections.nCopies(16, OCSP_SIGNING).toArray(Bytes[]::new))))
                .isPresent();
    }

    @Test
    void noCheckMayBeCriticalToo() throws Exception {
        CertBytes delegate = CertBytes.of("Responder")
                .withCritical(EXTENDED_KEY_USAGE, sequence(OCSP_SIGNING))
                .withCritical(NO_CHECK, nothing());
        delegate.issuer = CertBytes.name("Issuer");

        assertThat(find(issuer(), signed(delegate))).isPresent();
    }

    @Test
    void issuersAreTheSameByNameAndKey() throws Exception {
        X509Cert issuer = X509Cert.parse(issuer().build());
        CertBytes renewed = issuer();
        renewed.serial = DerBytes.integer(9);
        CertBytes keyless = issuer();
        keyless.spki = sequence();

        assertThat(OcspSigner.same(issuer, X509Cert.parse(renewed.build()))).isTrue();
        assertThat(OcspSigner.same(issuer, X509Cert.parse(CertBytes.of("Other").build())))
                .isFalse();
        assertThat(OcspSigner.same(issuer, X509Cert.parse(keyless.build()))).isFalse();
    }

    private Optional<OcspSigner> find(CertBytes issuer, Bytes... certificates) throws MalformedEvidenceException {
        OcspBytes bytes = new OcspBytes();
        bytes.responderId = context(1, CertBytes.name("Responder"));
        bytes.certificates = context(0, sequence(certificates));
        bytes.signature = bits(GeneratorKey.sign(bytes.tbs()));
        OcspBasicResponse answer =
                Objects.requireNonNull(OcspResponse.parse(bytes.build()).basic());
        return OcspSigner.find(answer, X509Cert.parse(issuer.build()), SignatureEngine.bouncyCastle(), defects);
    }

    private static CertBytes issuer() {
        return CertBytes.of("Issuer").withCritical("2.5.29.19", sequence(bool(true)));
    }

    private static Bytes delegate(Bytes... purposes) {
        return signed(delegateOf(sequence(purposes)));
    }

    private static CertBytes delegateOf(Bytes purposes) {
        CertBytes delegate =
                CertBytes.of("Responder").with(EXTENDED_KEY_USAGE, purposes).with(NO_CHECK, nothing());
        delegate.issuer = CertBytes.name("Issuer");
        return delegate;
    }

    private static Bytes signed(CertBytes certificate) {
        certificate.signature = bits(GeneratorKey.sign(certificate.tbs()));
        return certificate.build();
    }
}
