package org.verifiableai.attestation.machine;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.snp.SnpEvidence;

/**
 * What a machine says of itself, not yet trusted. Immutable.
 *
 * @param spki the DER SubjectPublicKeyInfo of the key that the guest made
 * @param challenge the relying party's nonce that the guest claims to have been given; empty where there was none
 * @param job what the guest took on to do, in its canonical form; empty where there is nothing to say
 * @param snp the processor's report with its endorsements
 * @param gpuEvidence the JSON of the GPUs' evidence, byte for byte as the guest hashed it; empty where there is no GPU
 * @param collateral what NVIDIA says of the GPUs' firmware and certificates; bound by nothing, since NVIDIA signs it
 */
public record MachineEvidence(
        Bytes spki, Bytes challenge, Bytes job, SnpEvidence snp, Bytes gpuEvidence, GpuCollateral collateral) {

    /** Requires every part; what is not there is empty. */
    public MachineEvidence {
        Objects.requireNonNull(spki, "spki");
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(snp, "snp");
        Objects.requireNonNull(gpuEvidence, "gpuEvidence");
        Objects.requireNonNull(collateral, "collateral");
    }
}
