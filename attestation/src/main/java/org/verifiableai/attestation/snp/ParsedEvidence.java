package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;

/** Evidence with every part read and none of it trusted. */
record ParsedEvidence(
        SnpReport report, VekCertificate vek, List<X509Cert> authorities, List<RevocationList> revocationLists) {

    private static final int MAX_AUTHORITIES = 8;
    private static final int MAX_REVOCATION_LISTS = 8;

    static ParsedEvidence parse(SnpEvidence evidence) throws MalformedEvidenceException {
        return parse(evidence, SnpReport.parse(evidence.report()));
    }

    /** With a report of which no field is to be read. */
    static ParsedEvidence parseSignatureOnly(SnpEvidence evidence) throws MalformedEvidenceException {
        return parse(evidence, SnpReport.parseSignatureOnly(evidence.report()));
    }

    private static ParsedEvidence parse(SnpEvidence evidence, SnpReport report) throws MalformedEvidenceException {
        VekCertificate vek = VekCertificate.parse(evidence.vek());
        limit("authority certificates", evidence.authorities(), MAX_AUTHORITIES);
        limit("revocation lists", evidence.revocationLists(), MAX_REVOCATION_LISTS);
        List<X509Cert> authorities = new ArrayList<>();
        for (Bytes der : evidence.authorities()) {
            authorities.add(X509Cert.parse(der));
        }
        List<RevocationList> lists = new ArrayList<>();
        for (Bytes der : evidence.revocationLists()) {
            lists.add(RevocationList.parse(der));
        }
        return new ParsedEvidence(report, vek, List.copyOf(authorities), List.copyOf(lists));
    }

    private static void limit(String what, List<Bytes> parts, int limit) throws MalformedEvidenceException {
        if (parts.size() > limit) {
            throw new MalformedEvidenceException(
                    what, MalformedEvidenceException.NO_OFFSET, "at most " + limit, parts.size() + "");
        }
    }
}
