package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
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
            "A token of a verifier that ran beside the GPU is no remote proof, and is refused.",
            "The network is asked only for the keys of a token's issuer that no --jwks names; never with --offline."
        })
final class GpuToken implements Callable<Integer> {

    private static final int LIMIT = AttestationToken.MAX_SIZE;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--token", paramLabel = "FILE", required = true, description = "The token, in any of its forms.")
    private Path token;

    @Mixin
    private final GpuTokenKeys keys = new GpuTokenKeys();

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
        return TokenVerifier.builder()
                .clock(common.clock())
                .build()
                .verify(document, keys.toKeys(document, demands, common, output), demands);
    }
}
