package org.verifiableai.attestation.testkit;

import java.util.List;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;

/** A verifier that is given one device and no collateral. */
record OneDevice(GpuVerifier verifier) {

    Verdict<GpuSystem> verify(GpuEvidence evidence, GpuPolicy policy) {
        return verifier.verify(List.of(evidence), GpuCollateral.NONE, policy).verdict();
    }
}
