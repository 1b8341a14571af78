package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.LineageVerifier;
import org.verifiableai.manifest.ModelSource;
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

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "FILE",
            description = "What is demanded, as JSON: of a model, or of a lineage.")
    private Path policy;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "Judge the models that this one was trained from too, as far as they are below DIR and have a "
                            + "manifest. May be given more than once. A policy for a model is then demanded of each.")
    private List<Path> models = new ArrayList<>();

    @Mixin
    private final GpuTrustOptions gpuTrust = new GpuTrustOptions();

    @Override
    public Integer call() throws Exception {
        ManifestPolicy demands = ManifestPolicy.read(policy);
        Output output = new Output(spec.commandLine(), common.json());
        ProvenanceVerifier verifier;
        try {
            verifier = ProvenanceVerifier.builder()
                    .snp(trust.snpVerifier(common, output))
                    .gpu(gpuTrust.gpuVerifier(common, output))
                    .build();
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
        if (demands.model().isPresent() && models.isEmpty()) {
            return output.verdict(verifier.verify(model, demands.model().get()));
        }
        return output.lineage(
                LineageVerifier.of(verifier).verifyAll(List.of(model), ModelSource.below(models), demands.lineage()));
    }
}
