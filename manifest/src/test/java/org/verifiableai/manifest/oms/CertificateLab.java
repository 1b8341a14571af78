package org.verifiableai.manifest.oms;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.signing.SigningKey;

/** An authority of a test's own, with a root, one below it, and signers' certificates with one defect each. */
final class CertificateLab {

    static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant TO = Instant.parse("2027-01-01T00:00:00Z");
    static final Instant WITHIN = Instant.parse("2026-06-01T00:00:00Z");

    private final KeyPair root = pair();
    private final KeyPair between = pair();

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static SigningKey key(KeyPair pair) throws Exception {
        return SigningKey.parsePem(pem("PRIVATE KEY", Bytes.of(pair.getPrivate().getEncoded())));
    }

    static KeyPair signer() {
        return pair();
    }

    Bytes root() throws Exception {
        return pem(
                "CERTIFICATE", certificate("root", root.getPublic().getEncoded(), "root", authority(), FROM, TO, root));
    }

    Bytes between() throws Exception {
        return pem(
                "CERTIFICATE",
                certificate("between", between.getPublic().getEncoded(), "root", authority(), FROM, TO, root));
    }

    /** Another certificate of the authority between, by itself: it leads nowhere. */
    Bytes betweenByItself() throws Exception {
        return pem(
                "CERTIFICATE",
                certificate("between", between.getPublic().getEncoded(), "between", authority(), FROM, TO, between));
    }

    Bytes leaf(KeyPair signer) throws Exception {
        return leaf(signer, KeyUsage.digitalSignature, KeyPurposeId.id_kp_codeSigning, FROM, TO);
    }

    Bytes leaf(KeyPair signer, int usage, KeyPurposeId purpose, Instant from, Instant to) throws Exception {
        Extension[] extensions = {
            new Extension(Extension.keyUsage, true, new DEROctetString(new KeyUsage(usage))),
            new Extension(Extension.extendedKeyUsage, false, new DEROctetString(new ExtendedKeyUsage(purpose)))
        };
        return pem(
                "CERTIFICATE",
                certificate("signer", signer.getPublic().getEncoded(), "between", extensions, from, to, between));
    }

    private static Extension[] authority() throws Exception {
        return new Extension[] {
            new Extension(Extension.basicConstraints, true, new DEROctetString(new BasicConstraints(true))),
            new Extension(Extension.keyUsage, true, new DEROctetString(new KeyUsage(KeyUsage.keyCertSign)))
        };
    }

    private static Bytes certificate(
            String subject, byte[] spki, String issuer, Extension[] extensions, Instant from, Instant to, KeyPair by)
            throws Exception {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new org.bouncycastle.asn1.ASN1Integer(BigInteger.ONE));
        generator.setSignature(algorithm);
        generator.setIssuer(new X500Name("CN=" + issuer));
        generator.setSubject(new X500Name("CN=" + subject));
        generator.setStartDate(new Time(Date.from(from)));
        generator.setEndDate(new Time(Date.from(to)));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(spki));
        generator.setExtensions(new Extensions(extensions));
        var body = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(by.getPrivate());
        signature.update(body.getEncoded("DER"));
        ASN1EncodableVector parts = new ASN1EncodableVector();
        parts.add(body);
        parts.add(algorithm);
        parts.add(new DERBitString(signature.sign()));
        return Bytes.of(new DERSequence(parts).getEncoded("DER"));
    }

    static Bytes pem(String label, Bytes der) {
        return Bytes.utf8("-----BEGIN " + label + "-----\n" + der.base64() + "\n-----END " + label + "-----\n");
    }

    static List<Bytes> chain(Bytes... pem) {
        return new ArrayList<>(List.of(pem));
    }
}
