package org.verifiableai.examples.benchmarks;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.verifiableai.attestation.Bytes;

/** What a benchmark needs of certificates, by the Java runtime's own means. */
final class Certificates {

    private Certificates() {}

    /** The DER SubjectPublicKeyInfo. */
    static Bytes spki(Bytes certificate) {
        try {
            return Bytes.of(CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.toByteArray()))
                    .getPublicKey()
                    .getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("no certificate: " + certificate, e);
        }
    }
}
