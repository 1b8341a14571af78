package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class OcspCertIdTest {

    @ParameterizedTest
    @EnumSource
    void aCertificateIsNamedByAnyHash(OcspHash hash) throws Exception {
        X509Cert issuer = X509Cert.parse(CertBytes.of("Issuer").build());
        X509Cert certificate = certificate("Issuer", 7);

        OcspCertId id = OcspCertId.of(hash, certificate, issuer);

        assertThat(id.issuerNameHash().size()).isEqualTo(hash.size());
        assertThat(id.issuerKeyHash().size()).isEqualTo(hash.size());
        assertThat(id.serialNumber()).isEqualTo(BigInteger.valueOf(7));
        assertThat(id.matches(certificate, issuer)).isTrue();
        assertThat(OcspHash.ofOid(hash.oid())).contains(hash);
        assertThat(OcspCertId.read(Der.of(id.encoded()))).isEqualTo(id);
    }

    @Test
    void sha384IsWhatIsAskedWith() throws Exception {
        X509Cert issuer = X509Cert.parse(CertBytes.of("Issuer").build());

        OcspCertId id = OcspCertId.of(certificate("Issuer", 7), issuer);

        assertThat(id.hash()).isEqualTo(OcspHash.SHA384);
        assertThat(id.issuerNameHash()).isEqualTo(CertBytes.name("Issuer").sha384());
        // The point of the key, without the head of its SubjectPublicKeyInfo.
        assertThat(id.issuerKeyHash())
                .isEqualTo(CertBytes.P384_SPKI
                        .slice(23, CertBytes.P384_SPKI.size())
                        .sha384());
    }

    @Test
    void serialIssuersNameAndIssuersKeyAllCount() throws Exception {
        X509Cert issuer = X509Cert.parse(CertBytes.of("Issuer").build());
        OcspCertId id = OcspCertId.of(certificate("Issuer", 7), issuer);
        CertBytes otherKey = CertBytes.of("Issuer");
        byte[] spki = CertBytes.P384_SPKI.toByteArray();
        spki[spki.length - 1] ^= 1;
        otherKey.spki = Bytes.of(spki);

        assertThat(id.matches(certificate("Issuer", 8), issuer)).isFalse();
        assertThat(id.matches(certificate("Other", 7), issuer)).isFalse();
        assertThat(id.matches(certificate("Issuer", 7), X509Cert.parse(otherKey.build())))
                .isFalse();
    }

    @Test
    void anIssuerWithoutAKeyIsNobodys() throws Exception {
        CertBytes keyless = CertBytes.of("Issuer");
        keyless.spki = DerBytes.sequence();
        X509Cert issuer = X509Cert.parse(keyless.build());
        X509Cert certificate = certificate("Issuer", 7);

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspCertId.of(certificate, issuer));
        assertThat(OcspCertId.of(
                                certificate,
                                X509Cert.parse(CertBytes.of("Issuer").build()))
                        .matches(certificate, issuer))
                .isFalse();
    }

    private static X509Cert certificate(String issuer, long serial) throws MalformedEvidenceException {
        CertBytes bytes = CertBytes.of("Subject");
        bytes.issuer = CertBytes.name(issuer);
        bytes.serial = DerBytes.integer(serial);
        return X509Cert.parse(bytes.build());
    }
}
