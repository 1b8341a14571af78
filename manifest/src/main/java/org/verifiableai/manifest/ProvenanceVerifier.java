package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.MachineVerifier;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.SnpVerifier;

/**
 * Appraises a model's folder under a policy: chip, report, guest, GPU, key, manifest, files. Immutable and thread-safe.
 *
 * <p>An acceptance proves that a guest of the measured software, on a machine whose maker vouches for it, held the key
 * that signed the manifest; that it took on the manifest's job, challenge and GPU before it started; and that the folder
 * held exactly the manifest's files while it was read. It does not prove that the software did what the manifest says:
 * that follows from what the policy's measurement stands for. It does not hold the folder still: who loads the model
 * later does so from a folder that nobody else can write.
 *
 * <p>The facts of an acceptance, besides those of the report ({@code snp.*}) and the GPU ({@code gpu.*}):
 * {@code manifest.model} and {@code manifest.digest}, the key and the value of a chain's entry; {@code manifest.key}, the
 * fingerprint of the signing key; {@code manifest.base-model} and {@code manifest.base-model-digest};
 * {@code manifest.data.} with the name of each data set; {@code manifest.nonce}, the challenge, where the job was given
 * one; {@code manifest.started-at} and {@code manifest.finished-at}.
 *
 * <pre>{@code
 * Verdict<Provenance> verdict = ProvenanceVerifier.builder().build().verify(folder, policy);
 * registry.publish(verdict.orElseThrow());
 * }</pre>
 */
public final class ProvenanceVerifier {

    private final MachineVerifier machines;
    private final SnpVerifier snp;
    private final SignatureEngine signatureEngine;

    private ProvenanceVerifier(Builder builder) {
        this.machines =
                MachineVerifier.builder().snp(builder.snp).gpu(builder.gpu).build();
        this.snp = builder.snp;
        this.signatureEngine = builder.signatureEngine;
    }

    /** A verifier to be set up: AMD's and NVIDIA's authorities and the system's clock unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs every check. Reads the folder from disk.
     *
     * @param modelFolder the adapter's files, {@code claims.jsonl} and {@code evidence/}; see {@link ManifestFolder}
     * @param policy what the relying party demands
     * @return the verdict; a folder however malformed gives a rejection
     * @throws EvidenceUnavailableException if something cannot be read
     */
    public Verdict<Provenance> verify(Path modelFolder, ProvenancePolicy policy) throws EvidenceUnavailableException {
        if (!Files.isDirectory(modelFolder)) {
            throw new EvidenceUnavailableException("there is no folder " + modelFolder, false);
        }
        try {
            return new ProvenanceAppraisal(machines, snp, signatureEngine, new ManifestFolder(modelFolder), policy)
                    .run();
        } catch (IOException e) {
            throw new EvidenceUnavailableException("cannot read " + modelFolder + ": " + e.getMessage(), false, e);
        }
    }

    /** Collects the world of a {@link ProvenanceVerifier}. Not thread-safe. */
    public static final class Builder {

        private SnpVerifier snp = SnpVerifier.builder().build();
        private GpuVerifier gpu = GpuVerifier.builder().build();
        private SignatureEngine signatureEngine = SignatureEngine.standard();

        private Builder() {}

        /** What appraises reports; one with AMD's authorities and the system's clock by default. */
        public Builder snp(SnpVerifier verifier) {
            snp = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /** What appraises a GPU's evidence; one with NVIDIA's authorities and the system's clock by default. */
        public Builder gpu(GpuVerifier verifier) {
            gpu = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /** What verifies the manifest's signature; {@link SignatureEngine#standard()} by default. */
        public Builder signatureEngine(SignatureEngine engine) {
            signatureEngine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /** The verifier. */
        public ProvenanceVerifier build() {
            return new ProvenanceVerifier(this);
        }
    }
}
