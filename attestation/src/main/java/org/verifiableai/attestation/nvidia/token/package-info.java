/**
 * Tokens about NVIDIA GPUs and NVSwitches: what NVIDIA's attestation service and its verifiers print, in every form that
 * its tools write, taken apart and appraised under a {@link org.verifiableai.attestation.nvidia.token.TokenPolicy}.
 *
 * <p>The path of most callers: {@link org.verifiableai.attestation.nvidia.token.Jwks} of the service, a policy, and a
 * {@link org.verifiableai.attestation.nvidia.token.TokenVerifier}.
 *
 * <p>A token is somebody else's verdict. What an acceptance proves: the service whose keys the caller trusts judged these
 * devices good. What it does not prove: anything that the service did not look at, and nothing at all for a token of a
 * verifier beside the GPU, unless the guest around it has been verified and its report binds the token.
 */
@NullMarked
package org.verifiableai.attestation.nvidia.token;

import org.jspecify.annotations.NullMarked;
