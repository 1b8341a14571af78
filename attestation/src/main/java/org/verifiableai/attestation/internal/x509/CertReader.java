package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;

/** Reads a certificate, field by field, in the order of RFC 5280, section 4.1. */
final class CertReader {

    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final int VERSION_3 = 2;

    private CertReader() {}

    static X509Cert read(Bytes der) throws MalformedEvidenceException {
        if (der.size() > X509Cert.MAX_SIZE) {
            throw new MalformedEvidenceException(
                    "certificate", 0, "at most " + X509Cert.MAX_SIZE + " bytes", der.size() + " bytes");
        }
        Der whole = Der.of(der);
        Der certificate = whole.enter("certificate", Der.SEQUENCE);
        whole.end("certificate");
        Bytes tbs = certificate.raw("tbsCertificate");
        long outerOffset = certificate.offset();
        SignatureAlgorithm outer = CertSignature.readAlgorithm("signatureAlgorithm", certificate);
        CertSignature signature = new CertSignature(outer, certificate.bitString("signatureValue"));
        certificate.end("certificate");

        Der fields = Der.of(tbs).enter("tbsCertificate", Der.SEQUENCE);
        readVersion(fields);
        BigInteger serialNumber = fields.integer("serialNumber");
        SignatureAlgorithm inner = CertSignature.readAlgorithm("signature", fields);
        if (inner != outer) {
            throw new MalformedEvidenceException(
                    "signatureAlgorithm", outerOffset, "the signed " + inner, outer.toString());
        }
        Name issuer = Name.read("issuer", fields);
        Der validity = fields.enter("validity", Der.SEQUENCE);
        Instant notBefore = Time.read("notBefore", validity);
        Instant notAfter = Time.read("notAfter", validity);
        validity.end("validity");
        Name subject = Name.read("subject", fields);
        Bytes spki = fields.raw("subjectPublicKeyInfo");
        Set<String> critical = new HashSet<>();
        Map<String, Bytes> extensions = readExtensions("extensions", fields, 3, critical);
        fields.end("tbsCertificate");
        return new X509Cert(
                der,
                tbs,
                serialNumber,
                issuer,
                subject,
                notBefore,
                notAfter,
                spki,
                signature,
                readBasicConstraints(extensions.get(BASIC_CONSTRAINTS)),
                readKeyUsage(extensions.get(KEY_USAGE)),
                extensions,
                critical);
    }

    private static void readVersion(Der fields) throws MalformedEvidenceException {
        long offset = fields.offset();
        Der version = fields.enter("version", Der.context(0));
        BigInteger found = version.integer("version");
        version.end("version");
        if (!found.equals(BigInteger.valueOf(VERSION_3))) {
            throw new MalformedEvidenceException("version", offset, "2, which is version 3", found.toString());
        }
    }

    /**
     * Extensions of a certificate or a revocation list, under an explicit tag; none if there is no such tag. Adds to
     * {@code critical} those that are.
     */
    static Map<String, Bytes> readExtensions(String field, Der fields, int tag, Set<String> critical)
            throws MalformedEvidenceException {
        Map<String, Bytes> extensions = new HashMap<>();
        if (!fields.next(Der.context(tag))) {
            return extensions;
        }
        Der explicit = fields.enter(field, Der.context(tag));
        Der list = explicit.enter(field, Der.SEQUENCE);
        explicit.end(field);
        while (!list.atEnd()) {
            long offset = list.offset();
            Der extension = list.enter(field, Der.SEQUENCE);
            String oid = extension.oid("extnID");
            if (extension.next(Der.BOOLEAN) && extension.bool("critical")) {
                critical.add(oid);
            }
            Bytes value = extension.content("extnValue", Der.OCTET_STRING);
            extension.end(field);
            // RFC 5280, section 4.2: no more than one instance of an extension.
            if (extensions.put(oid, value) != null) {
                throw new MalformedEvidenceException(field, offset, "one extension " + oid, "a second");
            }
        }
        return extensions;
    }

    private static X509Cert.@Nullable BasicConstraints readBasicConstraints(@Nullable Bytes value)
            throws MalformedEvidenceException {
        if (value == null) {
            return null;
        }
        Der whole = Der.of(value);
        Der constraints = whole.enter("basicConstraints", Der.SEQUENCE);
        whole.end("basicConstraints");
        boolean ca = constraints.next(Der.BOOLEAN) && constraints.bool("cA");
        BigInteger pathLength = constraints.atEnd() ? null : constraints.integer("pathLenConstraint");
        constraints.end("basicConstraints");
        return new X509Cert.BasicConstraints(ca, pathLength);
    }

    private static @Nullable Integer readKeyUsage(@Nullable Bytes value) throws MalformedEvidenceException {
        if (value == null) {
            return null;
        }
        Der whole = Der.of(value);
        Bytes content = whole.content("keyUsage", Der.BIT_STRING);
        whole.end("keyUsage");
        if (content.size() < 2 || content.size() > 3 || content.unsigned(0) > 7) {
            throw new MalformedEvidenceException("keyUsage", 0, "a BIT STRING of 1 to 9 bits", content.hex());
        }
        int usage = 0;
        for (int bit = 0; bit < 8 * (content.size() - 1); bit++) {
            int octet = content.unsigned(1 + bit / 8);
            usage |= ((octet >> (7 - bit % 8)) & 1) << bit;
        }
        return usage;
    }
}
