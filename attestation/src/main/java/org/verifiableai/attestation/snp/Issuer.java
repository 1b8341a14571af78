package org.verifiableai.attestation.snp;

import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * An authority whose signatures count: one that is pinned, or whose certificate leads to one. Whether it may still speak
 * at some instant, or was revoked, is another question.
 *
 * @param name its common name
 * @param encodedName its whole name as its certificate has it; null for a pinned one, of which only the common name is
 *     known
 * @param serialNumber the serial number of its certificate
 * @param notBefore the first instant of that certificate's validity
 * @param notAfter the last instant of that certificate's validity
 * @param key its key, decoded once
 */
record Issuer(
        String name,
        @Nullable Bytes encodedName,
        BigInteger serialNumber,
        Instant notBefore,
        Instant notAfter,
        VerificationKey key) {

    static Issuer of(X509Cert certificate, VerificationKey key) {
        return new Issuer(
                certificate.subject().commonName().orElse(""),
                certificate.subject().encoded(),
                certificate.serialNumber(),
                certificate.notBefore(),
                certificate.notAfter(),
                key);
    }

    static Issuer of(SnpTrustAnchors.Anchor anchor, VerificationKey key) {
        return new Issuer(anchor.subject(), null, anchor.serialNumber(), anchor.notBefore(), anchor.notAfter(), key);
    }

    /** Whether no certificate came for it. */
    boolean pinned() {
        return encodedName == null;
    }

    /** Whether {@code certificate} names this authority as its issuer. */
    boolean isNamedBy(X509Cert certificate) {
        return encodedName == null
                ? name.equals(certificate.issuer().commonName().orElse(""))
                : encodedName.equals(certificate.issuer().encoded());
    }
}
