/**
 * Evidence of NVIDIA GPUs and NVSwitches: a report signed by the device is parsed, its certificate chain is followed to a
 * pinned authority of NVIDIA, and both are appraised under a {@link org.verifiableai.attestation.nvidia.GpuPolicy}.
 *
 * <p>The path of most callers: obtain {@link org.verifiableai.attestation.nvidia.GpuEvidence} from a
 * {@link org.verifiableai.attestation.nvidia.GpuEvidenceSource} or a file, and hand it to a
 * {@link org.verifiableai.attestation.nvidia.GpuVerifier}.
 *
 * <p>What an acceptance proves: a device whose key NVIDIA's authority vouches for signed the report, and signed it after
 * the nonce was chosen. What it does not prove: that the firmware which the device measured is the firmware that NVIDIA
 * released (reference values are not appraised yet), that NVIDIA still stands by the certificates (revocation is not
 * appraised yet), that the device sits in the machine that presents the report, or anything about the driver in that
 * machine's kernel. A policy has to waive the first two in words before it can be built.
 */
@NullMarked
package org.verifiableai.attestation.nvidia;

import org.jspecify.annotations.NullMarked;
