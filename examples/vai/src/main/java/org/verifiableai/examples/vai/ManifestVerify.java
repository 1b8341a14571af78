package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
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

    @Mixin
    private final GpuTrustOptions gpuTrust = new GpuTrustOptions();

    @Override
    public Integer call() throws Exception {
        ProvenancePolicy demands = readPolicy();
        Output output = new Output(spec.commandLine(), common.json());
        Verdict<Provenance> verdict;
        try {
            verdict = ProvenanceVerifier.builder()
                    .snp(trust.snpVerifier(common, output))
                    .gpu(gpuTrust.gpuVerifier(common, output))
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
}
