package org.verifiableai.examples.vai;

import java.util.List;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vai gpu verify}: reports of GPUs and switches, judged under a policy. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Judge what GPUs and switches signed, all of one machine in one verdict.",
            "The network is asked only for reference values and OCSP answers that are not named and that the policy wants;"
                    + " never with --offline, and with --at never for OCSP answers, which only speak of now."
        })
final class GpuVerify implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final GpuEvidenceOptions evidence = new GpuEvidenceOptions();

    @Mixin
    private final GpuSources sources = new GpuSources();

    @Mixin
    private final GpuPolicyOptions policy = new GpuPolicyOptions();

    @Mixin
    private final GpuTrustOptions trust = new GpuTrustOptions();

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        try {
            return output.gpus(verdict(output));
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
    }

    private GpuResult verdict(Output output) throws MalformedEvidenceException, EvidenceUnavailableException {
        GpuPolicy demands = policy.toPolicy(output);
        GpuVerifier verifier = trust.gpuVerifier(common, output);
        List<GpuEvidence> devices = evidence.toEvidence();
        return verifier.verify(devices, sources.complete(devices, evidence, demands, common, trust, output), demands);
    }
}
