package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Pem;

/**
 * A report and what came with it. Nothing in it is trusted, and nothing is read before a verifier does. Immutable.
 *
 * @param report the attestation report, {@link SnpReport#SIZE} bytes
 * @param vek the certificate of the key that signed the report, DER
 * @param authorities the certificates above it, DER, in any order: the ASK or ASVK, and the ARK if it is at hand
 * @param revocationLists revocation lists of the ARK, DER
 */
public record SnpEvidence(Bytes report, Bytes vek, List<Bytes> authorities, List<Bytes> revocationLists) {

    /** Copies the lists. */
    public SnpEvidence {
        authorities = List.copyOf(authorities);
        revocationLists = List.copyOf(revocationLists);
    }

    /**
     * Takes certificates and lists as files hold them: DER, or PEM with any number of blocks.
     *
     * @param report the attestation report
     * @param vek one certificate
     * @param authorities files of one or more certificates
     * @param revocationLists files of one or more lists
     * @throws MalformedEvidenceException if a file is neither DER nor PEM, or {@code vek} is not one certificate
     */
    public static SnpEvidence of(Bytes report, Bytes vek, List<Bytes> authorities, List<Bytes> revocationLists)
            throws MalformedEvidenceException {
        List<Bytes> leaf = Pem.blocks("vek certificate", "CERTIFICATE", vek);
        if (leaf.size() != 1) {
            throw new MalformedEvidenceException(
                    "vek certificate",
                    MalformedEvidenceException.NO_OFFSET,
                    "one certificate",
                    leaf.size() + " certificates");
        }
        return new SnpEvidence(
                report,
                leaf.get(0),
                blocks("authority certificate", "CERTIFICATE", authorities),
                blocks("revocation list", "X509 CRL", revocationLists));
    }

    /**
     * Takes a report and the certificate table that came with it. SIGNING_KEY of the report says which entry is its VEK;
     * a revocation list in the table comes along. Authorities and lists that cannot be read are left out, and
     * {@link ExtendedReport#dropped()} names them to a caller who wants to know.
     *
     * @param report the attestation report
     * @param certificateTable the table as the host gave it
     * @throws MalformedEvidenceException if the table is malformed, or holds no certificate of the key that signed the
     *     report, or one that is neither DER nor PEM
     */
    public static SnpEvidence ofExtendedReport(Bytes report, Bytes certificateTable) throws MalformedEvidenceException {
        return ExtendedReport.of(report, CertificateTable.parse(certificateTable))
                .evidence();
    }

    /**
     * Takes one file of a report and, right after its {@link SnpReport#SIZE} bytes, the certificate table.
     *
     * @param reportThenTable both, one after the other
     * @throws MalformedEvidenceException as {@link #ofExtendedReport(Bytes, Bytes)}, and if the file is shorter than a
     *     report
     */
    public static SnpEvidence ofExtendedReport(Bytes reportThenTable) throws MalformedEvidenceException {
        return ExtendedReport.parse(reportThenTable).evidence();
    }

    /** The same evidence with further revocation lists, which seldom come from where the report comes from. */
    public SnpEvidence withRevocationLists(List<Bytes> more) {
        List<Bytes> all = new ArrayList<>(revocationLists);
        all.addAll(more);
        return new SnpEvidence(report, vek, authorities, all);
    }

    private static List<Bytes> blocks(String field, String label, List<Bytes> files) throws MalformedEvidenceException {
        List<Bytes> blocks = new ArrayList<>();
        for (Bytes file : files) {
            blocks.addAll(Pem.blocks(field, label, file));
        }
        return blocks;
    }
}
