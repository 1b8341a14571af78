package org.verifiableai.attestation.machine;

import java.util.Objects;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.snp.SnpReport;

/**
 * A machine that was verified: the value of an accepted verdict of {@link MachineVerifier}. Immutable.
 *
 * @param spki the DER SubjectPublicKeyInfo of the guest's key; what it signs is the guest's word
 * @param report the processor's report
 * @param gpus the GPUs and switches; empty where the policy asked for none
 */
public record Machine(Bytes spki, SnpReport report, Optional<GpuSystem> gpus) {

    /** Requires every part. */
    public Machine {
        Objects.requireNonNull(spki, "spki");
        Objects.requireNonNull(report, "report");
        Objects.requireNonNull(gpus, "gpus");
    }
}
