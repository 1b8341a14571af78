package org.verifiableai.examples.vai.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.CcMode;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestChecks;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.ProvenanceVerifier;

/** Four things that somebody may try, each on a copy of the genuine folder. */
final class Attacks {

    private final Path genuine;
    private final SimulatedMachine machine;
    private final Job job;
    private final ProvenancePolicy policy;
    private final Clock clock;

    Attacks(Path genuine, SimulatedMachine machine, Job job, ProvenancePolicy policy, Clock clock) {
        this.clock = clock;
        this.genuine = genuine;
        this.machine = machine;
        this.job = job;
        this.policy = policy;
    }

    /**
     * One attack and what the verifier said.
     *
     * @param name what was done
     * @param expected the check that has to refuse it
     * @param verdict what the verifier said
     */
    record Attack(String name, CheckId expected, Verdict<Provenance> verdict) {

        /** Whether it was refused, and for the reason that it should be. */
        boolean refused() {
            return verdict.failures().stream().anyMatch(c -> c.id().equals(expected));
        }
    }

    List<Attack> run() throws IOException, MalformedEvidenceException, EvidenceUnavailableException {
        return List.of(
                attack("one bit of the adapter's weights is changed", ManifestChecks.FILES, Attacks::flipOneBit),
                attack(
                        "another key signs the manifest and shows the genuine report",
                        ManifestChecks.KEY_BINDING,
                        Forgery::signWithAnotherKey),
                attack(
                        "the same job runs on a processor whose firmware is outdated",
                        SnpChecks.TCB_MINIMUM,
                        folder -> attest(folder, machine.withOutdatedFirmware())),
                attack(
                        "the same job runs on a GPU whose firmware its maker never published",
                        GpuChecks.MEASUREMENTS,
                        folder -> attest(folder, machine.withOtherGpuFirmware())));
    }

    /** What is done to a copy of the genuine folder. */
    @FunctionalInterface
    private interface Change {
        void apply(Path folder) throws IOException, MalformedEvidenceException, EvidenceUnavailableException;
    }

    private Attack attack(String name, CheckId expected, Change change)
            throws IOException, MalformedEvidenceException, EvidenceUnavailableException {
        Path copy = OutputFolder.scratchCopy(genuine);
        try {
            change.apply(copy);
            ProvenanceVerifier verifier = machine.verifier();
            return new Attack(name, expected, verifier.verify(copy, policy));
        } finally {
            OutputFolder.deleteAll(copy);
        }
    }

    private static void flipOneBit(Path folder) throws IOException {
        Path weights = folder.resolve("adapter_model.safetensors");
        byte[] content = Files.readAllBytes(weights);
        content[content.length - 1] ^= 1;
        Files.write(weights, content);
    }

    private void attest(Path folder, SimulatedMachine other)
            throws IOException, MalformedEvidenceException, EvidenceUnavailableException {
        OutputFolder.deleteAll(folder.resolve(ManifestFolder.EVIDENCE));
        Files.delete(folder.resolve(ManifestFolder.CLAIMS));
        ManifestSigner.builder(job, other.processor())
                .gpu(other.gpu())
                .ccMode(CcMode.ON)
                .collateral(other.collateral())
                .launch(other.launch())
                .clock(clock)
                .attest()
                .sign(folder);
    }
}
