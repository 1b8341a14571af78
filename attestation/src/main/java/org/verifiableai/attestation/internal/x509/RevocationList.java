package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;

/**
 * A certificate revocation list, parsed and not yet trusted (RFC 5280, section 5). Immutable.
 *
 * @param der the whole list as received
 * @param tbs the signed part as received
 * @param issuer the name of the authority that speaks
 * @param thisUpdate when it spoke
 * @param nextUpdate when it will have spoken again; a list without one is refused, since it would never grow old
 * @param revoked the serial numbers of the revoked certificates, in order. Sorted and not hashed: whoever sends a list
 *     chooses them, and forty thousand numbers of one hash code would keep a hash table busy for the better part of a minute
 * @param signature algorithm and value of the issuer's signature
 */
public record RevocationList(
        Bytes der,
        Bytes tbs,
        Name issuer,
        Instant thisUpdate,
        Instant nextUpdate,
        SortedSet<BigInteger> revoked,
        CertSignature signature) {

    /** The largest list that is read, in bytes. */
    public static final int MAX_SIZE = 1024 * 1024;

    /** Copies {@code revoked}. */
    public RevocationList {
        revoked = Collections.unmodifiableSortedSet(new TreeSet<>(revoked));
    }

    /**
     * Reads one DER list.
     *
     * @throws MalformedEvidenceException if {@code der} is not a list of version 2, or holds anything after it
     */
    public static RevocationList parse(Bytes der) throws MalformedEvidenceException {
        if (der.size() > MAX_SIZE) {
            throw new MalformedEvidenceException("crl", 0, "at most " + MAX_SIZE + " bytes", der.size() + " bytes");
        }
        Der whole = Der.of(der);
        Der list = whole.enter("crl", Der.SEQUENCE);
        whole.end("crl");
        Bytes tbs = list.raw("tbsCertList");
        SignatureAlgorithm outer = CertSignature.readAlgorithm("signatureAlgorithm", list);
        CertSignature signature = new CertSignature(outer, list.bitString("signatureValue"));
        list.end("crl");

        Der fields = Der.of(tbs).enter("tbsCertList", Der.SEQUENCE);
        BigInteger version = fields.integer("version");
        if (!version.equals(BigInteger.ONE)) {
            throw new MalformedEvidenceException("version", 0, "1, which is version 2", version.toString());
        }
        SignatureAlgorithm inner = CertSignature.readAlgorithm("signature", fields);
        if (inner != outer) {
            throw new MalformedEvidenceException("signatureAlgorithm", 0, "the signed " + inner, outer.toString());
        }
        Name issuer = Name.read("issuer", fields);
        Instant thisUpdate = Time.read("thisUpdate", fields);
        Instant nextUpdate = Time.read("nextUpdate", fields);
        SortedSet<BigInteger> revoked = fields.next(Der.SEQUENCE) ? readRevoked(fields) : Collections.emptySortedSet();
        Set<String> critical = new HashSet<>();
        CertReader.readExtensions("crlExtensions", fields, 0, critical);
        // RFC 5280, section 5.2: a list with a critical extension that is not understood must not be used. One of them
        // would make it speak of some certificates only.
        if (!critical.isEmpty()) {
            throw new MalformedEvidenceException(
                    "crlExtensions",
                    MalformedEvidenceException.NO_OFFSET,
                    "no critical extension",
                    new TreeSet<>(critical).toString());
        }
        fields.end("tbsCertList");
        return new RevocationList(der, tbs, issuer, thisUpdate, nextUpdate, revoked, signature);
    }

    /** Whether {@code issuerKey} made the signature of this list. */
    public boolean signedBy(VerificationKey issuerKey) {
        return signature.verifies(tbs, issuerKey);
    }

    /** Whether {@code instant} is not before thisUpdate and before nextUpdate. */
    public boolean currentAt(Instant instant) {
        return !instant.isBefore(thisUpdate) && instant.isBefore(nextUpdate);
    }

    private static SortedSet<BigInteger> readRevoked(Der fields) throws MalformedEvidenceException {
        SortedSet<BigInteger> serials = new TreeSet<>();
        Der entries = fields.enter("revokedCertificates", Der.SEQUENCE);
        while (!entries.atEnd()) {
            Der entry = entries.enter("revokedCertificate", Der.SEQUENCE);
            serials.add(entry.integer("userCertificate"));
            Time.read("revocationDate", entry);
            if (!entry.atEnd()) {
                // A critical entry extension could change what an entry means; a serial that is listed counts as
                // revoked.
                entry.raw("crlEntryExtensions");
            }
            entry.end("revokedCertificate");
        }
        return serials;
    }
}
