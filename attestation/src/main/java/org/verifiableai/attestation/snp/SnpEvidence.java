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
