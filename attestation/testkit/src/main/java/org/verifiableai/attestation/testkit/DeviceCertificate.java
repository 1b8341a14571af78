package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.verifiableai.attestation.Bytes;

/** Issues certificates of the forms that stand in a device's chain. */
final class DeviceCertificate {

    /** DICE CompositeDeviceID, in which Hopper and LS10 state the firmware identifier. */
    static final ASN1ObjectIdentifier COMPOSITE_DEVICE_ID = new ASN1ObjectIdentifier("2.23.133.5.4.1");

    /** DICE TcbInfo, in which Blackwell states it. */
    static final ASN1ObjectIdentifier TCB_INFO = new ASN1ObjectIdentifier("2.23.133.5.4.1.1");

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 158;
    private static final int TCB_INFO_FWIDS = 6;

    private final X509v3CertificateBuilder builder;

    private DeviceCertificate(X509v3CertificateBuilder builder) {
        this.builder = builder;
    }

    /** A certificate that may sign others. */
    static DeviceCertificate authority(String issuer, String subject, SoftwareKey key, Instant from, Instant until) {
        return begin(issuer, subject, key, from, until)
                .with(Extension.basicConstraints, true, new BasicConstraints(true))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    /** A certificate that may sign reports. */
    static DeviceCertificate leaf(String issuer, String subject, SoftwareKey key, Instant from, Instant until) {
        return begin(issuer, subject, key, from, until)
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    }

    /** A certificate without any extension. */
    static DeviceCertificate begin(String issuer, String subject, SoftwareKey key, Instant from, Instant until) {
        return begin(new X500Name(issuer), new X500Name(subject), key, from, until);
    }

    /** A certificate without any extension, whose names are encoded as they are. */
    static DeviceCertificate begin(X500Name issuer, X500Name subject, SoftwareKey key, Instant from, Instant until) {
        BigInteger serial = new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS);
        return new DeviceCertificate(new X509v3CertificateBuilder(
                issuer,
                serial,
                new Time(Date.from(from), Locale.ROOT),
                new Time(Date.from(until), Locale.ROOT),
                subject,
                key.spki()));
    }

    DeviceCertificate with(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(extension, critical, value);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** States a firmware identifier as Hopper does: version, key and digest. */
    DeviceCertificate withCompositeDeviceId(SoftwareKey key, Bytes fwid) {
        return with(COMPOSITE_DEVICE_ID, false, sequence(new ASN1Integer(1), key.spki(), fwid(fwid)));
    }

    /** States a firmware identifier as Blackwell does: first of two, with other fields before and behind. */
    DeviceCertificate withTcbInfo(Bytes fwid) {
        return with(
                TCB_INFO,
                false,
                sequence(
                        new DERTaggedObject(false, 0, new DERUTF8String("NVIDIA")),
                        new DERTaggedObject(
                                false, TCB_INFO_FWIDS, sequence(fwid(fwid), fwid(Bytes.zeros(fwid.size())))),
                        new DERTaggedObject(false, 8, new DEROctetString(new byte[] {0}))));
    }

    Bytes signedBy(SoftwareKey issuer) {
        try {
            return Bytes.of(builder.build(issuer.contentSigner()).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DERSequence fwid(Bytes digest) {
        return sequence(NISTObjectIdentifiers.id_sha384, new DEROctetString(digest.toByteArray()));
    }

    private static DERSequence sequence(ASN1Encodable... elements) {
        return new DERSequence(elements);
    }
}
