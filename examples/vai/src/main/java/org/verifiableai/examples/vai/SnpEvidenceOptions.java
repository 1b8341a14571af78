package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.snp.ExtendedReport;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.collateral.EvidenceCompletion;
import picocli.CommandLine.Option;

/** The options that name evidence. What they do not name is looked for, and only then. */
final class SnpEvidenceOptions {

    @Option(names = "--report", required = true, paramLabel = "FILE", description = "The report.")
    private Path report;

    @Option(
            names = "--vek",
            paramLabel = "FILE",
            description = "The certificate of the key that signed it, DER or PEM; looked for if it is not named.")
    @Nullable
    private Path vek;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            arity = "1..*",
            description = "The certificates above it, DER or PEM, in any order; AMD's are known without.")
    private final List<Path> authorities = new ArrayList<>();

    @Option(
            names = "--cert-table",
            paramLabel = "FILE",
            description = "The certificate table that the host gave with the report. --vek counts over it.")
    @Nullable
    private Path table;

    @Option(
            names = "--crl",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Revocation lists of the root, DER or PEM.")
    private final List<Path> revocationLists = new ArrayList<>();

    /** Whether revocation lists are named, which then are the ones to go by. */
    boolean namesLists() {
        return !revocationLists.isEmpty();
    }

    /**
     * The evidence, completed as far as it can be. A revocation list that cannot be had is no error here: the verdict says
     * that it is missing.
     *
     * @throws MalformedEvidenceException if a file is not what it should be
     * @throws EvidenceUnavailableException if a file cannot be read, or the VEK's certificate is nowhere to be had
     */
    SnpEvidence toEvidence(EvidenceCompletion completion, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        Bytes raw = SnpFiles.report(report);
        List<Bytes> above = SnpFiles.certificates("authority certificate", authorities);
        List<Bytes> lists = SnpFiles.certificates("revocation list", revocationLists);
        Bytes leaf = vek == null ? null : SnpFiles.certificate("vek certificate", vek);
        if (table != null) {
            ExtendedReport extended =
                    ExtendedReport.of(raw, CertificateTable.parse(SnpFiles.certificate("certificate table", table)));
            extended.dropped().forEach(output::note);
            above.addAll(extended.authorities());
            lists.addAll(extended.revocationLists());
            leaf = leaf == null ? extended.vek().orElse(null) : leaf;
        }
        return leaf == null
                ? completion.complete(raw, above, lists)
                : completed(SnpEvidence.of(raw, leaf, above, lists), completion, output);
    }

    /** What is at hand is judged, also where it is not of a kind for which anything could be looked for. */
    private static SnpEvidence completed(SnpEvidence evidence, EvidenceCompletion completion, Output output)
            throws EvidenceUnavailableException {
        try {
            return completion.complete(evidence);
        } catch (MalformedEvidenceException e) {
            output.note("nothing was looked for: " + e.getMessage());
            return evidence;
        }
    }
}
