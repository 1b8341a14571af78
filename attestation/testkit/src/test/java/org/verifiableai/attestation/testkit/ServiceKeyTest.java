package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.verifiableai.attestation.testkit.TokenLab.NOW;
import static org.verifiableai.attestation.testkit.TokenLab.NRAS;
import static org.verifiableai.attestation.testkit.TokenLab.TOKEN;
import static org.verifiableai.attestation.testkit.TokenLab.check;
import static org.verifiableai.attestation.testkit.TokenLab.failed;
import static org.verifiableai.attestation.testkit.TokenLab.verify;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.x509.RsaSignedCert;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.TokenChecks;

/** The certificates that come with a service's key: one rule broken at a time. */
class ServiceKeyTest {

    private static final Instant FROM = NOW.minusSeconds(60);
    private static final Instant UNTIL = NOW.plusSeconds(60);
    private static final Bytes LEAF = NRAS.certificates().get(0);
    private static final Bytes INTERMEDIATE = NRAS.certificates().get(1);

    @Test
    void aKeyMayComeWithItsCertificateAlone() {
        assertThat(failed(with(List.of(LEAF)))).isEmpty();
    }

    @Test
    void furtherCertificatesAreNotLookedAt() {
        assertThat(failed(with(List.of(LEAF, INTERMEDIATE, Bytes.fromHex("3000")))))
                .isEmpty();
    }

    @Test
    void aCertificateThatIsNoneIsRefused() {
        assertRefused(with(List.of(Bytes.fromHex("3000"))), "x5c: ");
        assertRefused(with(List.of(LEAF, Bytes.fromHex("3000"))), "x5c: ");
    }

    @Test
    void certificatesInTheWrongOrderAreRefused() {
        assertRefused(with(List.of(INTERMEDIATE, LEAF)), "certificate of the key must hold that key");
    }

    @Test
    void aCertificateForAnotherUseIsRefused() {
        Bytes leaf = NRAS.authority().certify(NRAS.key(), new KeyUsage(KeyUsage.keyEncipherment), FROM, UNTIL);

        assertRefused(with(List.of(leaf, INTERMEDIATE)), "must let it sign");
    }

    @Test
    void aCertificateThatAnotherAuthorityOfTheNameSignedIsRefused() {
        Bytes leaf = ServiceCertificates.create(FROM, UNTIL).certify(NRAS.key(), FROM, UNTIL);

        assertRefused(with(List.of(leaf, INTERMEDIATE)), "must be signed by");
    }

    @Test
    void anAuthorityThatIsNoneIsRefused() {
        // A leaf that names itself its issuer, and certifies what it likes.
        Bytes self =
                DeviceCertificate.leaf("CN=a", "CN=a", NRAS.key(), FROM, UNTIL).signedBy(NRAS.key());

        assertRefused(with(List.of(self, self)), "must be signed by");
    }

    @Test
    void aServiceMayCertifyWithEllipticCurvesToo() {
        SoftwareKey authority = SoftwareKey.generate();
        Bytes issuer = DeviceCertificate.authority("CN=root", "CN=a", authority, FROM, UNTIL)
                .signedBy(SoftwareKey.generate());
        Bytes leaf =
                DeviceCertificate.leaf("CN=a", "CN=b", NRAS.key(), FROM, UNTIL).signedBy(authority);
        Bytes other =
                DeviceCertificate.leaf("CN=a", "CN=b", NRAS.key(), FROM, UNTIL).signedBy(NRAS.key());
        Bytes stranger =
                DeviceCertificate.leaf("CN=c", "CN=b", NRAS.key(), FROM, UNTIL).signedBy(authority);

        assertThat(failed(with(List.of(leaf, issuer)))).isEmpty();
        assertRefused(with(List.of(other, issuer)), "must be signed by");
        assertRefused(with(List.of(stranger, issuer)), "must be signed by");
    }

    @Test
    void validityIsThatOfTheTokensIssueToTheSecond() {
        assertThat(failed(valid(NOW, NOW))).isEmpty();
        assertRefused(valid(NOW.plusSeconds(1), UNTIL), "certificate of the key must be valid at " + NOW);
        assertRefused(valid(FROM, NOW.minusSeconds(1)), "certificate of the key must be valid at " + NOW);
    }

    @Test
    void theAuthorityHasToBeValidToo() {
        Instant past = NOW.minus(Duration.ofDays(2));
        ServiceCertificates expired = ServiceCertificates.create(past, NOW.minusSeconds(1));
        Bytes leaf = expired.certify(NRAS.key(), FROM, UNTIL);

        assertRefused(with(List.of(leaf, expired.intermediate())), "certificate of its issuer must be valid at " + NOW);
    }

    @Test
    void aPointThatIsNotOnTheCurveIsNoKey() throws Exception {
        String jwks = new String(NRAS.withoutCertificates().jwks().toByteArray(), StandardCharsets.UTF_8);
        int x = jwks.indexOf("\"x\":\"") + 5;
        String off = jwks.substring(0, x) + "A".repeat(64) + jwks.substring(x + 64);

        Verdict<AttestationToken> verdict = verify(TOKEN.json(), IssuerKeys.nras(Jwks.parse(Bytes.utf8(off))), p -> p);

        assertRefused(verdict, "a point on the curve");
        assertThat(check(verdict, TokenChecks.SIGNATURE).detail()).contains("could not run because token.key failed");
    }

    @Test
    void anRsaCertificateIsReadFieldByField() throws Exception {
        RsaSignedCert leaf = RsaSignedCert.parse(LEAF);

        assertThat(leaf.der()).isEqualTo(LEAF);
        assertThat(leaf.subject().commonName()).contains("NVIDIA Attestation Service GPU GH100");
        assertThat(leaf.issuer().commonName()).contains("NVIDIA Attestation Service GPU Intermediate 004");
        assertThat(leaf.spki()).isEqualTo(NRAS.key().spkiDer());
        assertThat(leaf.validAt(leaf.notBefore())).isTrue();
        assertThat(leaf.validAt(leaf.notAfter())).isTrue();
        assertThat(leaf.validAt(leaf.notBefore().minusNanos(1))).isFalse();
        assertThat(leaf.validAt(leaf.notAfter().plusNanos(1))).isFalse();
        assertThat(leaf.signedBy(X509Cert.parse(INTERMEDIATE).spki())).isTrue();
        assertThat(leaf.signedBy(NRAS.key().spkiDer())).isFalse();
        assertThat(leaf.signedBy(Bytes.fromHex("3000"))).isFalse();
        assertThat(leaf.signedBy(RsaKey.generate().spkiDer())).isFalse();
        assertThat(leaf.toString()).contains("GH100").contains(LEAF.sha256().hex());
    }

    @Test
    void aChangedBitOfAnRsaCertificateIsFound() throws Exception {
        Bytes issuer = X509Cert.parse(INTERMEDIATE).spki();
        for (int i = 0; i < LEAF.size(); i++) {
            byte[] changed = LEAF.toByteArray();
            changed[i] ^= 1;
            try {
                assertThat(RsaSignedCert.parse(Bytes.of(changed)).signedBy(issuer))
                        .as("byte " + i)
                        .isFalse();
            } catch (MalformedEvidenceException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
    }

    @Test
    void certificatesOfOtherAlgorithmsAreNotReadAsRsaSigned() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RsaSignedCert.parse(INTERMEDIATE))
                .withMessageContaining("sha256WithRSAEncryption");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RsaSignedCert.parse(LEAF.concat(Bytes.zeros(1))));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RsaSignedCert.parse(Bytes.zeros(X509Cert.MAX_SIZE + 1)));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> X509Cert.parse(LEAF));
    }

    private static Verdict<AttestationToken> with(List<Bytes> certificates) {
        return verify(TOKEN.json(), NRAS.withCertificates(certificates).issuerKeys(), p -> p);
    }

    private static Verdict<AttestationToken> valid(Instant from, Instant until) {
        return verify(TOKEN.json(), NRAS.withKeyValid(from, until).issuerKeys(), p -> p);
    }

    private static void assertRefused(Verdict<AttestationToken> verdict, String reason) {
        assertThat(failed(verdict)).containsExactly(TokenChecks.KEY);
        assertThat(check(verdict, TokenChecks.KEY).detail()).contains(reason);
    }
}
