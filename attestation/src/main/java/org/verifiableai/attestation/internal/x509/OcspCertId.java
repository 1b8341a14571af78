package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Of which certificate a question or an answer speaks (CertID; RFC 6960, section 4.1.1). Immutable.
 *
 * @param hash what the issuer is hashed with
 * @param issuerNameHash over the DER of the issuer's name, as it stands in the certificate
 * @param issuerKeyHash over the issuer's public key: the BIT STRING of its SubjectPublicKeyInfo without tag, length and
 *     number of unused bits
 * @param serialNumber the certificate's
 */
public record OcspCertId(OcspHash hash, Bytes issuerNameHash, Bytes issuerKeyHash, BigInteger serialNumber) {

    private static final String FIELD = "certID";

    /** A CertID with SHA-384, as {@link #of(OcspHash, X509Cert, X509Cert)}. */
    public static OcspCertId of(X509Cert certificate, X509Cert issuer) throws MalformedEvidenceException {
        return of(OcspHash.SHA384, certificate, issuer);
    }

    /**
     * What names {@code certificate}, if {@code issuer} issued it, which nothing here asks.
     *
     * @throws MalformedEvidenceException if the issuer's key is not a SubjectPublicKeyInfo
     */
    public static OcspCertId of(OcspHash hash, X509Cert certificate, X509Cert issuer)
            throws MalformedEvidenceException {
        return new OcspCertId(
                hash,
                hash.of(certificate.issuer().encoded()),
                hash.of(keyBits(issuer.spki())),
                certificate.serialNumber());
    }

    /** Whether this names {@code certificate} as issued by {@code issuer}, by whatever hash it uses itself. */
    public boolean matches(X509Cert certificate, X509Cert issuer) {
        if (!serialNumber.equals(certificate.serialNumber())) {
            return false; // before anything is hashed
        }
        try {
            return equals(of(hash, certificate, issuer));
        } catch (MalformedEvidenceException e) {
            return false; // no key, and so none that could be named
        }
    }

    static OcspCertId read(Der parent) throws MalformedEvidenceException {
        Der certId = parent.enter(FIELD, Der.SEQUENCE);
        Der algorithm = certId.enter("hashAlgorithm", Der.SEQUENCE);
        long offset = algorithm.offset();
        String oid = algorithm.oid("hashAlgorithm");
        OcspHash hash = OcspHash.ofOid(oid)
                .orElseThrow(() ->
                        new MalformedEvidenceException("hashAlgorithm", offset, "SHA-1, SHA-256 or SHA-384", oid));
        if (!algorithm.atEnd()) { // RFC 5754, section 2: to be absent, and to be accepted as NULL
            algorithm.enter("hashAlgorithm", Der.NULL).end("hashAlgorithm");
        }
        algorithm.end("hashAlgorithm");
        Bytes nameHash = hashOf("issuerNameHash", hash, certId);
        Bytes keyHash = hashOf("issuerKeyHash", hash, certId);
        BigInteger serialNumber = certId.integer("serialNumber");
        certId.end(FIELD);
        return new OcspCertId(hash, nameHash, keyHash, serialNumber);
    }

    /** DER, with the NULL beside the hash that responders compare as it is. */
    Bytes encoded() {
        return DerWriter.sequence(
                DerWriter.sequence(DerWriter.oid(hash.oid()), DerWriter.element(Der.NULL)),
                DerWriter.octets(issuerNameHash),
                DerWriter.octets(issuerKeyHash),
                DerWriter.integer(serialNumber));
    }

    /** The public key of a SubjectPublicKeyInfo, as it is hashed to name a key. */
    static Bytes keyBits(Bytes spki) throws MalformedEvidenceException {
        Der info = Der.of(spki).enter("subjectPublicKeyInfo", Der.SEQUENCE);
        info.raw("algorithm");
        return info.bitString("subjectPublicKey");
    }

    private static Bytes hashOf(String field, OcspHash hash, Der certId) throws MalformedEvidenceException {
        long offset = certId.offset();
        Bytes value = certId.content(field, Der.OCTET_STRING);
        if (value.size() != hash.size()) {
            throw new MalformedEvidenceException(field, offset, hash.size() + " bytes", value.size() + " bytes");
        }
        return value;
    }
}
