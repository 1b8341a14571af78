package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.verifiableai.attestation.Bytes;

/**
 * Certifies the keys of a service's tokens as NVIDIA does: an RSA intermediate signs them with sha256WithRSAEncryption, and
 * is itself signed by an authority on P-384.
 */
final class ServiceCertificates {

    private static final String ROOT = "CN=NVIDIA Attestation Service CA 001,O=NVIDIA Corporation,C=US";
    private static final String INTERMEDIATE =
            "CN=NVIDIA Attestation Service GPU Intermediate 004,O=NVIDIA Corporation,C=US";
    private static final String LEAF = "CN=NVIDIA Attestation Service GPU GH100,O=NVIDIA Corporation,C=US";
    private static final int BITS = 2048;

    private final KeyPair key;
    private final Bytes certificate;

    private ServiceCertificates(KeyPair key, Bytes certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    static ServiceCertificates create(Instant from, Instant until) {
        KeyPair key;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            key = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime makes no RSA keys of " + BITS + " bits", e);
        }
        Bytes certificate = issue(
                ROOT,
                INTERMEDIATE,
                SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()),
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign),
                from,
                until,
                SoftwareKey.generate().contentSigner());
        return new ServiceCertificates(key, certificate);
    }

    /** The intermediate's certificate, DER. */
    Bytes intermediate() {
        return certificate;
    }

    /** A certificate of {@code subject}, DER. */
    Bytes certify(SoftwareKey subject, Instant from, Instant until) {
        return certify(subject, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment), from, until);
    }

    /** A certificate of {@code subject} for some use, DER. */
    Bytes certify(SoftwareKey subject, KeyUsage usage, Instant from, Instant until) {
        try {
            return issue(
                    INTERMEDIATE,
                    LEAF,
                    subject.spki(),
                    usage,
                    from,
                    until,
                    new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("no signer for RSA", e);
        }
    }

    private static Bytes issue(
            String issuer,
            String subject,
            SubjectPublicKeyInfo key,
            KeyUsage usage,
            Instant from,
            Instant until,
            ContentSigner signer) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(from.getEpochSecond()),
                    new Time(Date.from(from), Locale.ROOT),
                    new Time(Date.from(until), Locale.ROOT),
                    new X500Name(subject),
                    key);
            if (usage.hasUsages(KeyUsage.keyCertSign)) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            }
            builder.addExtension(Extension.keyUsage, true, usage);
            return Bytes.of(builder.build(signer).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
