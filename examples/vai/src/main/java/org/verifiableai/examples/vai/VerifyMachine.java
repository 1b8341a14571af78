package org.verifiableai.examples.vai;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationException;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.machine.Machine;
import org.verifiableai.attestation.machine.MachineEvidence;
import org.verifiableai.attestation.machine.MachinePolicy;
import org.verifiableai.attestation.machine.MachineVerifier;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.collateral.GpuCollateralCompletion;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;

/** The sample of the README on processor and GPUs in one verdict: a key is released to a machine, and to no other. */
final class VerifyMachine {

    private VerifyMachine() {}

    static Bytes keyOf(
            Bytes spki,
            Bytes challenge,
            SnpEvidence snp,
            Bytes gpuEvidence,
            Bytes measurement,
            GpuCollateralCompletion nvidia,
            MachineVerifier verifier)
            throws MalformedEvidenceException, EvidenceUnavailableException, VerificationException {
        // region sample
        // NVIDIA's reference values for these drivers and VBIOSes, and its OCSP answers: fetched once, before judging.
        GpuCollateral collateral = nvidia.complete(GpuEvidence.parseJson(gpuEvidence));

        // One guest, eight GPUs in confidential mode, one challenge. The GPUs' nonce is derived, not asked for.
        MachinePolicy policy = MachinePolicy.builder()
                .snp(SnpPolicy.builder().measurement(measurement))
                .gpu(GpuPolicy.builder().gpus(8))
                .challenge(challenge)
                .build();

        // The guest's key, the report that vouches for it, and the evidence byte for byte as the guest hashed it.
        MachineEvidence evidence = new MachineEvidence(spki, challenge, Bytes.EMPTY, snp, gpuEvidence, collateral);
        Verified<Machine> machine = verifier.verify(evidence, policy).orElseThrow();
        // endregion
        return machine.value().spki();
    }
}
