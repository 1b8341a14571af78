/**
 * What completes evidence of NVIDIA's devices before it is judged: reference values, answers of the revocation service and
 * the keys of the attestation service, from a folder or from NVIDIA; and the attestation service itself.
 *
 * <p>Nothing that comes from here is trusted. A source only finds what evidence calls for; whether it is genuine is for
 * {@link org.verifiableai.attestation.nvidia.GpuVerifier} and the verifier of tokens to say, which themselves touch neither
 * network nor disk. A source that is down, slow or lying can therefore keep evidence from being judged, and can never make
 * it accepted.
 *
 * <p>NVIDIA's services want a licence for use in production, and some of them a service key. Everything here that asks them
 * can be done without: from folders, or with an {@linkplain
 * org.verifiableai.attestation.nvidia.collateral.ServiceSettings.Builder#offline() offline} client over what it kept.
 */
@NullMarked
package org.verifiableai.attestation.nvidia.collateral;

import org.jspecify.annotations.NullMarked;
