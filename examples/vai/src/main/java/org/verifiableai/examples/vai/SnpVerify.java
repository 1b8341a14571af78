package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai snp verify}: a report and its certificates, judged under a policy. It never touches the network. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Judge a report under a policy, and say what came of each check.")
final class SnpVerify implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final SnpPolicyOptions policy = new SnpPolicyOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(names = "--report", required = true, paramLabel = "FILE", description = "The report.")
    private Path report;

    @Option(
            names = "--vek",
            required = true,
            paramLabel = "FILE",
            description = "The certificate of the key that signed it, DER or PEM.")
    private Path vek;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            arity = "1..*",
            description = "The certificates above it, DER or PEM, in any order.")
    private final List<Path> authorities = new ArrayList<>();

    @Option(
            names = "--crl",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Revocation lists of the root, DER or PEM.")
    private final List<Path> revocationLists = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        SnpPolicy demands = policy.toPolicy();
        Output output = new Output(spec.commandLine(), common.json());
        Verdict<SnpReport> verdict;
        try {
            verdict = trust.snpVerifier(common, output).verify(evidence(), demands);
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
        return output.verdict(verdict);
    }

    private SnpEvidence evidence() throws MalformedEvidenceException, EvidenceUnavailableException {
        return SnpEvidence.of(
                SnpFiles.report(report),
                SnpFiles.certificate("vek certificate", vek),
                SnpFiles.certificates("authority certificate", authorities),
                SnpFiles.certificates("revocation list", revocationLists));
    }
}
