package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchProviderException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * A certificate whose issuer signed with sha256WithRSAEncryption (RFC 4055, section 5), as NVIDIA's attestation service
 * certifies the keys of its tokens. Parsed and not yet trusted. Immutable.
 *
 * <p>It is a type of its own so that this old padding stays out of every other chain: a chain of {@link X509Cert} cannot
 * hold one.
 *
 * @param der the whole certificate as received
 * @param tbs the signed part as received
 * @param issuer the issuer's name
 * @param subject the subject's name
 * @param notBefore the first instant of validity
 * @param notAfter the last instant of validity
 * @param spki the SubjectPublicKeyInfo as received
 * @param signature the issuer's signature
 * @param extensions the value of every extension by its identifier, without the OCTET STRING around it
 */
public record RsaSignedCert(
        Bytes der,
        Bytes tbs,
        Name issuer,
        Name subject,
        Instant notBefore,
        Instant notAfter,
        Bytes spki,
        Bytes signature,
        Map<String, Bytes> extensions) {

    private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    private static final int VERSION_3 = 2;
    private static final int MIN_BITS = 2048;
    // Verification time grows with the square of the modulus: a hostile certificate must not choose it freely.
    private static final int MAX_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 32;

    /** Copies {@code extensions}. */
    public RsaSignedCert {
        extensions = Map.copyOf(extensions);
    }

    /**
     * Reads one DER certificate.
     *
     * @throws MalformedEvidenceException if {@code der} is not a certificate of version 3 that is signed with
     *     sha256WithRSAEncryption, or holds anything after it
     */
    public static RsaSignedCert parse(Bytes der) throws MalformedEvidenceException {
        if (der.size() > X509Cert.MAX_SIZE) {
            throw new MalformedEvidenceException(
                    "certificate", 0, "at most " + X509Cert.MAX_SIZE + " bytes", der.size() + " bytes");
        }
        Der whole = Der.of(der);
        Der certificate = whole.enter("certificate", Der.SEQUENCE);
        whole.end("certificate");
        Bytes tbs = certificate.raw("tbsCertificate");
        readAlgorithm("signatureAlgorithm", certificate);
        Bytes signature = certificate.bitString("signatureValue");
        certificate.end("certificate");

        Der fields = Der.of(tbs).enter("tbsCertificate", Der.SEQUENCE);
        Der version = fields.enter("version", Der.context(0));
        long offset = version.offset();
        BigInteger number = version.integer("version");
        version.end("version");
        if (!number.equals(BigInteger.valueOf(VERSION_3))) {
            throw new MalformedEvidenceException("version", offset, "2, which is version 3", number.toString());
        }
        fields.integer("serialNumber");
        readAlgorithm("signature", fields);
        Name issuer = Name.read("issuer", fields);
        Der validity = fields.enter("validity", Der.SEQUENCE);
        Instant notBefore = Time.read("notBefore", validity);
        Instant notAfter = Time.read("notAfter", validity);
        validity.end("validity");
        Name subject = Name.read("subject", fields);
        Bytes spki = fields.raw("subjectPublicKeyInfo");
        Set<String> critical = new HashSet<>();
        Map<String, Bytes> extensions = CertReader.readExtensions("extensions", fields, 3, critical);
        fields.end("tbsCertificate");
        return new RsaSignedCert(der, tbs, issuer, subject, notBefore, notAfter, spki, signature, extensions);
    }

    /** Whether {@code instant} lies within the validity, both ends included (RFC 5280, section 4.1.2.5). */
    public boolean validAt(Instant instant) {
        return !instant.isBefore(notBefore) && !instant.isAfter(notAfter);
    }

    /**
     * Whether the RSA key of {@code issuerSpki} made the signature of this certificate.
     *
     * @return false for every key that is no RSA key of 2048 to 8192 bits too
     */
    public boolean signedBy(Bytes issuerSpki) {
        try {
            RSAPublicKey key = (RSAPublicKey)
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(issuerSpki.toByteArray()));
            int bits = key.getModulus().bitLength();
            if (bits < MIN_BITS
                    || bits > MAX_BITS
                    || key.getPublicExponent().bitLength() > MAX_EXPONENT_BITS
                    || signature.size() != (bits + 7) / 8) {
                return false;
            }
            Signature verifier = verifier();
            verifier.initVerify(key);
            verifier.update(tbs.toByteArray());
            return verifier.verify(signature.toByteArray());
        } catch (SignatureException | ClassCastException e) {
            return false; // what the runtime throws at a value out of range, and at a key of another kind
        } catch (GeneralSecurityException e) {
            return false; // no RSA key
        }
    }

    /** The runtime's own, whatever an application has put before it; its default where it has none of that name. */
    private static Signature verifier() throws GeneralSecurityException {
        try {
            return Signature.getInstance("SHA256withRSA", "SunRsaSign");
        } catch (NoSuchProviderException noSuch) {
            return Signature.getInstance("SHA256withRSA");
        }
    }

    /** RFC 4055, section 5: the parameters are NULL. */
    private static void readAlgorithm(String field, Der parent) throws MalformedEvidenceException {
        long offset = parent.offset();
        Der identifier = parent.enter(field, Der.SEQUENCE);
        String oid = identifier.oid(field);
        if (!oid.equals(SHA256_WITH_RSA)) {
            throw new MalformedEvidenceException(field, offset, "sha256WithRSAEncryption", oid);
        }
        identifier.enter(field, Der.NULL).end(field);
        identifier.end(field);
    }

    @Override
    public String toString() {
        return "RsaSignedCert[" + subject + ", sha256 " + der.sha256() + "]";
    }
}
