/**
 * Evidence of NVIDIA GPUs and NVSwitches. A report signed by the device is parsed, its certificate chain is followed to a
 * pinned authority of NVIDIA, its measurements are compared with the reference values that NVIDIA signed for exactly that
 * driver and that firmware image, NVIDIA's answers say whether a certificate was revoked, and all of it is appraised under a
 * {@link org.verifiableai.attestation.nvidia.GpuPolicy}: one verdict for all devices of a machine.
 *
 * <p>The path of most callers: obtain {@link org.verifiableai.attestation.nvidia.GpuEvidence} from a
 * {@link org.verifiableai.attestation.nvidia.GpuEvidenceSource} or a file, and the manifests and answers that go with it as
 * {@link org.verifiableai.attestation.nvidia.GpuCollateral}, and hand both to a
 * {@link org.verifiableai.attestation.nvidia.GpuVerifier}. Nothing here uses the network.
 *
 * <p>What an acceptance proves, as far as the policy did not waive it: devices to which NVIDIA gave an identity that it has
 * not withdrawn signed the reports, and signed them after the nonce was chosen; what they measured of their firmware and
 * their settings are NVIDIA's reference values; and no device stands for two. What it does not prove: that the devices sit
 * in the machine that presents the reports, that there are no others in it, anything about the driver in that machine's
 * kernel beyond what the device measures, or what runs on the devices. Whatever of the first a policy does without
 * it has to waive in words, and they stand in the verdict.
 */
@NullMarked
package org.verifiableai.attestation.nvidia;

import org.jspecify.annotations.NullMarked;
