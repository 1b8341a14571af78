package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationException;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.collateral.CertificateSource;
import org.verifiableai.attestation.snp.collateral.EvidenceCompletion;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;

/** The sample of the README on SEV-SNP alone: a service lets a guest in only if it is the one that was built. */
final class VerifyReport {

    private VerifyReport() {}

    static SnpReport admit(
            Bytes report, Bytes reportData, Path launchFile, CertificateSource certificates, SnpVerifier verifier)
            throws IOException, MalformedEvidenceException, EvidenceUnavailableException, VerificationException {
        // region sample
        // A report is enough: folders, a cache or AMD's key service have the certificate and the revocation list.
        SnpEvidence evidence = EvidenceCompletion.from(certificates).build().complete(report);

        // This challenge; this firmware, kernel and command line, as `vai measure --out-config` wrote them; this TCB.
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(reportData)
                .launch(LaunchConfiguration.fromJson(Files.readString(launchFile)))
                .minimumTcb(ProductLine.GENOA, TcbVersion.of(10, 0, 23, 84))
                .build();

        // A verifier is shared by all threads, and keeps the chains that it has verified.
        Verified<SnpReport> verified = verifier.verify(evidence, policy).orElseThrow();
        // endregion
        return verified.value();
    }
}
