package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import org.verifiableai.attestation.nvidia.token.TokenVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai gpu token}: what NVIDIA's service or one of its verifiers printed, judged under a policy. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Judge a token about GPUs or switches: of NVIDIA's attestation service (NRAS), nvtrust, its SDK or nvattest.",
            "A token of a verifier that ran beside the GPU is no remote proof, and is refused."
        })
final class GpuToken implements Callable<Integer> {

    private static final int LIMIT = AttestationToken.MAX_SIZE;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--token", paramLabel = "FILE", required = true, description = "The token, in any of its forms.")
    private Path token;

    @Option(
            names = "--jwks",
            paramLabel = "FILE",
            description = "The key set of the issuer. NVIDIA's keys live for two days: keep the set beside the token.")
    @Nullable
    private Path jwks;

    @Mixin
    private final GpuTokenPolicyOptions policy = new GpuTokenPolicyOptions();

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        try {
            Verdict<AttestationToken> verdict = verdict(output);
            if (!common.json()) {
                return output.verdict(verdict);
            }
            spec.commandLine().getOut().println(TokenVerdictJson.write(verdict));
            spec.commandLine().getOut().flush();
            return verdict.accepted() ? ExitCode.OK : ExitCode.REJECTED;
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
    }

    private Verdict<AttestationToken> verdict(Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        TokenPolicy demands = policy.toPolicy(output);
        Bytes document = InputFile.read("token", token, LIMIT);
        return TokenVerifier.builder().clock(common.clock()).build().verify(document, keys(demands, output), demands);
    }

    private IssuerKeys keys(TokenPolicy demands, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        if (jwks == null) {
            output.note("no --jwks: no signature can be verified");
            return IssuerKeys.NONE;
        }
        Jwks keys = Jwks.parse(InputFile.read("key set", jwks, Jwks.MAX_SIZE));
        return IssuerKeys.of(issuer(demands.issuers()), keys);
    }

    /** A key set is one issuer's, so that a policy of several needs a program that says which. */
    private static String issuer(Set<String> issuers) {
        if (issuers.size() > 1) {
            throw new IllegalArgumentException(
                    "policy must name one issuer beside --jwks, found " + String.join(", ", issuers));
        }
        return issuers.iterator().next();
    }
}
