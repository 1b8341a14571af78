package org.verifiableai.examples.vai;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.collateral.EvidenceCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai snp verify}: a report and its certificates, judged under a policy. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Judge a report under a policy, and say what came of each check.",
            "The network is asked only for a certificate of the report's key that is not at hand, or a revocation list that"
                    + " is not and that the policy wants; never with --offline."
        })
final class SnpVerify implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final SnpEvidenceOptions evidence = new SnpEvidenceOptions();

    @Mixin
    private final SnpSources sources = new SnpSources();

    @Mixin
    private final SnpPolicyOptions policy = new SnpPolicyOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = "--signature-only",
            paramLabel = "WHY",
            description =
                    "Judge certificates and signature, and no field: for reports of a version that is not known. Of the"
                            + " demands below, only that on revocation counts.")
    @Nullable
    private String signatureOnly;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        String why = signatureOnly;
        try {
            return output.verdict(why == null ? wholeVerdict(output) : signatureVerdict(why, output));
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
    }

    private Verdict<?> wholeVerdict(Output output) throws MalformedEvidenceException, EvidenceUnavailableException {
        SnpPolicy demands = policy.toPolicy();
        SnpVerifier verifier = trust.snpVerifier(common, output);
        return verifier.verify(evidence.toEvidence(completion(demands.revocation(), output), output), demands);
    }

    private Verdict<?> signatureVerdict(String why, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        Revocation revocation = policy.revocation();
        SnpVerifier verifier = trust.snpVerifier(common, output);
        return verifier.verifySignatureOnly(
                evidence.toEvidence(completion(revocation, output), output), revocation, why);
    }

    private EvidenceCompletion completion(Revocation revocation, Output output) throws EvidenceUnavailableException {
        // A list that is missing is not an error here but a finding of the verifier, whose policy may require it.
        Revocation wanted = revocation == Revocation.OFF ? Revocation.OFF : Revocation.USE_IF_AVAILABLE;
        EvidenceCompletion.Builder completion = EvidenceCompletion.from(
                        sources.toSource(common, trust, !evidence.namesLists(), output))
                .revocation(wanted)
                .clock(common.clock());
        policy.product().ifPresent(completion::productLine);
        return completion.build();
    }
}
