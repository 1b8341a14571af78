package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.internal.x509.RevocationList;

/**
 * Evidence with every part read and none of it trusted.
 *
 * @param report the report
 * @param certificates the VEK and what came with it
 * @param known the chain of these certificates, if the verifier has connected it before
 * @param revocationLists the lists, as far as they count
 */
record ParsedEvidence(
        SnpReport report,
        SnpCertificates certificates,
        @Nullable SnpChain known,
        List<RevocationList> revocationLists) {

    private static final int MAX_AUTHORITIES = 8;
    private static final int MAX_REVOCATION_LISTS = 8;

    /** Without the lists where {@code revocation} is off: they are then not looked at, and may be anything. */
    static ParsedEvidence parse(SnpEvidence evidence, SnpAuthorities authorities, Revocation revocation)
            throws MalformedEvidenceException {
        return parse(evidence, SnpReport.parse(evidence.report()), authorities, revocation);
    }

    /** With a report of which no field is to be read. */
    static ParsedEvidence parseSignatureOnly(SnpEvidence evidence, SnpAuthorities authorities, Revocation revocation)
            throws MalformedEvidenceException {
        return parse(evidence, SnpReport.parseSignatureOnly(evidence.report()), authorities, revocation);
    }

    private static ParsedEvidence parse(
            SnpEvidence evidence, SnpReport report, SnpAuthorities authorities, Revocation revocation)
            throws MalformedEvidenceException {
        limit("authority certificates", evidence.authorities(), MAX_AUTHORITIES);
        List<Bytes> wanted = revocation == Revocation.OFF ? List.of() : evidence.revocationLists();
        limit("revocation lists", wanted, MAX_REVOCATION_LISTS);
        SnpChain known =
                authorities.known(evidence.vek(), evidence.authorities()).orElse(null);
        SnpCertificates certificates =
                known != null ? known.certificates() : authorities.read(evidence.vek(), evidence.authorities());
        List<RevocationList> lists = new ArrayList<>();
        for (Bytes der : wanted) {
            lists.add(authorities.readList(der));
        }
        return new ParsedEvidence(report, certificates, known, List.copyOf(lists));
    }

    /** The certificate of the VEK. */
    VekCertificate vek() {
        return certificates.vek();
    }

    private static void limit(String what, List<Bytes> parts, int limit) throws MalformedEvidenceException {
        if (parts.size() > limit) {
            throw new MalformedEvidenceException(
                    what, MalformedEvidenceException.NO_OFFSET, "at most " + limit, parts.size() + "");
        }
    }
}
