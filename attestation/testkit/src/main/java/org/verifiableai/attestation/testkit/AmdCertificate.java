package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;

/** Issues certificates of the forms that AMD's authorities and endorsement keys have (57230). */
final class AmdCertificate {

    private static final String ARC = "1.3.6.1.4.1.3704.1.";

    private final X509v3CertificateBuilder builder;

    private AmdCertificate(X509v3CertificateBuilder builder) {
        this.builder = builder;
    }

    /** An ARK, or an ASK or ASVK, which no further authority may follow. */
    static AmdCertificate authority(
            String issuer, String subject, int serial, SubjectPublicKeyInfo key, Instant from, Instant until) {
        boolean root = issuer.equals(subject);
        return begin(issuer, subject, serial, key, from, until)
                .with(
                        Extension.keyUsage,
                        new KeyUsage(root ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.keyCertSign))
                .with(Extension.basicConstraints, root ? new BasicConstraints(true) : new BasicConstraints(0));
    }

    /** A VCEK of a chip. */
    static AmdCertificate vcek(
            ProductLine line, SubjectPublicKeyInfo key, TcbVersion tcb, Bytes hwId, Instant from, Instant until) {
        return begin("SEV-" + line.amdName(), "SEV-VCEK", 0, key, from, until)
                .withTcb(line, line == ProductLine.MILAN ? "Milan-B0" : line.amdName(), tcb)
                .withRaw("4", hwId);
    }

    /** A VLEK of a cloud provider. */
    static AmdCertificate vlek(
            ProductLine line, SubjectPublicKeyInfo key, TcbVersion tcb, String cspId, Instant from, Instant until) {
        return begin("SEV-VLEK-" + line.amdName(), "SEV-VLEK", 0, key, from, until)
                .withTcb(line, line.amdName(), tcb)
                .withText("5", cspId);
    }

    static X500Name name(String commonName) {
        return new X500Name("OU=Engineering,C=US,L=Santa Clara,ST=CA,O=Advanced Micro Devices,CN=" + commonName);
    }

    Bytes signedBy(RsaKey issuer) {
        try {
            return Bytes.of(builder.build(issuer.contentSigner()).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AmdCertificate begin(
            String issuer, String subject, int serial, SubjectPublicKeyInfo key, Instant from, Instant until) {
        return new AmdCertificate(new X509v3CertificateBuilder(
                name(issuer),
                BigInteger.valueOf(serial),
                new Time(Date.from(from), Locale.ROOT),
                new Time(Date.from(until), Locale.ROOT),
                name(subject),
                key));
    }

    private AmdCertificate withTcb(ProductLine line, String productName, TcbVersion tcb) {
        AmdCertificate certificate = withNumber("1", line == ProductLine.TURIN ? 1 : 0)
                .withText("2", productName)
                .withNumber("3.1", tcb.bootLoader())
                .withNumber("3.2", tcb.tee())
                .withNumber("3.3", tcb.snp());
        if (tcb.fmc().isPresent()) {
            certificate.withNumber("3.9", tcb.fmc().getAsInt());
        } else {
            certificate.withNumber("3.4", 0);
        }
        return certificate
                .withNumber("3.5", 0)
                .withNumber("3.6", 0)
                .withNumber("3.7", 0)
                .withNumber("3.8", tcb.microcode());
    }

    private AmdCertificate withNumber(String tail, int value) {
        return withRaw(tail, encoded(new ASN1Integer(value)));
    }

    private AmdCertificate withText(String tail, String value) {
        return withRaw(tail, encoded(new DERIA5String(value)));
    }

    /** AMD's hwID is no DER at all, so extensions are added as bytes. */
    private AmdCertificate withRaw(String tail, Bytes value) {
        try {
            builder.addExtension(new ASN1ObjectIdentifier(ARC + tail), false, value.toByteArray());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AmdCertificate with(ASN1ObjectIdentifier extension, ASN1Encodable value) {
        try {
            builder.addExtension(extension, true, value);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bytes encoded(ASN1Object value) {
        try {
            return Bytes.of(value.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
