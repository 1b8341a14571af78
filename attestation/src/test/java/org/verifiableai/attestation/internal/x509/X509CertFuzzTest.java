package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

class X509CertFuzzTest {

    private static final SignatureEngine ENGINE = SignatureEngine.standard();

    @MethodSource("seeds")
    @FuzzTest
    void aCertificateIsRefusedOrReadWhole(byte[] input) {
        X509Cert certificate;
        try {
            certificate = X509Cert.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(certificate.der()).isEqualTo(Bytes.of(input));
        assertThat(certificate.extensions().keySet()).containsAll(certificate.criticalExtensions());
        assertThat(certificate.mayIssue() && certificate.maySignData()).isFalse();
        assertThat(certificate.validAt(certificate.notBefore()))
                .isEqualTo(!certificate.notAfter().isBefore(certificate.notBefore()));
        assertThat(certificate.toString()).isNotEmpty();
        certificate.mayRevoke();
        certificate.subject().commonName();
        try {
            VerificationKey key = ENGINE.key(certificate.spki());
            assertThat(key.spki()).isEqualTo(certificate.spki());
            certificate.signedBy(key);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        Bytes authority = DerBytes.sequence(DerBytes.bool(true), DerBytes.integer(0));
        Bytes usage = Bytes.fromHex("03020106");
        return Stream.of(
                        CertBytes.of("leaf"),
                        CertBytes.of("authority")
                                .withCritical("2.5.29.19", authority)
                                .withCritical("2.5.29.15", usage),
                        CertBytes.of("pss").algorithm(CertBytes.PSS).with("1.2.3.4", Bytes.utf8("text")))
                .map(certificate -> certificate.build().toByteArray())
                .toList();
    }
}
