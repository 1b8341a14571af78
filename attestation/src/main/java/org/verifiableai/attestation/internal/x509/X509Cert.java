package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationKey;

/**
 * A certificate, parsed and not yet trusted (RFC 5280, section 4). Immutable.
 *
 * @param der the whole certificate as received
 * @param tbs the signed part as received
 * @param serialNumber the serial number; zero is legal, since AMD numbers every VEK so
 * @param issuer the issuer's name
 * @param subject the subject's name
 * @param notBefore the first instant of validity
 * @param notAfter the last instant of validity
 * @param spki the SubjectPublicKeyInfo as received
 * @param signature algorithm and value of the issuer's signature
 * @param basicConstraints whether the subject is an authority, if the certificate says so
 * @param keyUsage the key usage bits, bit 0 first, if the certificate says so
 * @param extensions the value of every extension by its identifier, without the OCTET STRING around it
 * @param criticalExtensions identifiers of the extensions that nobody may ignore who relies on the certificate
 */
public record X509Cert(
        Bytes der,
        Bytes tbs,
        BigInteger serialNumber,
        Name issuer,
        Name subject,
        Instant notBefore,
        Instant notAfter,
        Bytes spki,
        CertSignature signature,
        @Nullable BasicConstraints basicConstraints,
        @Nullable Integer keyUsage,
        Map<String, Bytes> extensions,
        Set<String> criticalExtensions) {

    /** The largest certificate that is read, in bytes. Real ones have 2 KiB at most. */
    public static final int MAX_SIZE = 16 * 1024;

    private static final int DIGITAL_SIGNATURE = 1;
    private static final int KEY_CERT_SIGN = 1 << 5;
    private static final int CRL_SIGN = 1 << 6;

    /** Copies {@code extensions} and {@code criticalExtensions}. */
    public X509Cert {
        extensions = Map.copyOf(extensions);
        criticalExtensions = Set.copyOf(criticalExtensions);
    }

    /**
     * What a certificate says of its subject as an authority.
     *
     * @param ca whether the subject may issue certificates
     * @param pathLength how many intermediate certificates may follow; null if there is no limit
     */
    public record BasicConstraints(boolean ca, @Nullable BigInteger pathLength) {}

    /**
     * Reads one DER certificate.
     *
     * @throws MalformedEvidenceException if {@code der} is not a certificate of version 3 in the profile that evidence
     *     uses, or holds anything after it
     */
    public static X509Cert parse(Bytes der) throws MalformedEvidenceException {
        return CertReader.read(der);
    }

    /** The value of the extension with this dotted identifier. */
    public Optional<Bytes> extension(String oid) {
        return Optional.ofNullable(extensions.get(oid));
    }

    /** Whether {@code issuerKey} made the signature of this certificate, by the algorithm that the certificate names. */
    public boolean signedBy(VerificationKey issuerKey) {
        return signature.verifies(tbs, issuerKey);
    }

    /** Whether the subject may sign certificates: basicConstraints says so, and keyUsage does not say otherwise. */
    public boolean mayIssue() {
        return basicConstraints != null && basicConstraints.ca() && mayUse(KEY_CERT_SIGN);
    }

    /** Whether the subject's key may sign data: it is no authority, and keyUsage does not say otherwise. */
    public boolean maySignData() {
        return (basicConstraints == null || !basicConstraints.ca()) && mayUse(DIGITAL_SIGNATURE);
    }

    /** Whether keyUsage lets the subject sign revocation lists. */
    public boolean mayRevoke() {
        return mayUse(CRL_SIGN);
    }

    /** Whether {@code instant} lies within the validity, both ends included (RFC 5280, section 4.1.2.5). */
    public boolean validAt(Instant instant) {
        return !instant.isBefore(notBefore) && !instant.isAfter(notAfter);
    }

    private boolean mayUse(int bit) {
        return keyUsage == null || (keyUsage & bit) != 0;
    }

    @Override
    public String toString() {
        return "X509Cert[" + subject + ", serial " + serialNumber + ", sha256 " + der.sha256() + "]";
    }
}
