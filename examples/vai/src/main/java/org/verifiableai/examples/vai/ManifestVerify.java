package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.ProvenanceVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai manifest verify}: a model's folder, judged under a policy. It never touches the network. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Judge a model's folder under a policy: chip, report, guest, GPU, key, manifest and files.")
final class ManifestVerify implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
    private Path model;

    @Option(names = "--policy", required = true, paramLabel = "FILE", description = "What is demanded, as JSON.")
    private Path policy;

    @Option(
            names = "--trust-gpu-root",
            paramLabel = "FILE",
            description = "Trust the root in this certificate in place of NVIDIA's: for GPUs made of software.")
    @Nullable
    private Path gpuRoot;

    @Override
    public Integer call() throws Exception {
        ProvenancePolicy demands = readPolicy();
        Output output = new Output(spec.commandLine(), common.json());
        Verdict<Provenance> verdict;
        try {
            verdict = ProvenanceVerifier.builder()
                    .snp(trust.snpVerifier(common, output))
                    .gpu(gpuVerifier(output))
                    .build()
                    .verify(model, demands);
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
        return output.verdict(verdict);
    }

    private ProvenancePolicy readPolicy() throws EvidenceUnavailableException {
        String json = PolicyFile.read(policy);
        try {
            return ProvenancePolicy.parse(json);
        } catch (IllegalArgumentException e) {
            throw PolicyFile.wrong(policy, e);
        }
    }

    private GpuVerifier gpuVerifier(Output output) throws MalformedEvidenceException, EvidenceUnavailableException {
        GpuVerifier.Builder builder = GpuVerifier.builder().clock(common.clock());
        if (gpuRoot != null) {
            NvidiaTrustAnchors anchors =
                    NvidiaTrustAnchors.ofCertificate(SnpFiles.certificate("root certificate", gpuRoot));
            output.note("trusting " + gpuRoot + " in place of NVIDIA's roots");
            builder.trustAnchors(anchors);
        }
        return builder.build();
    }
}
