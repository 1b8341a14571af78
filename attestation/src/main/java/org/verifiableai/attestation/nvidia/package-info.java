/**
 * Evidence of NVIDIA GPUs and NVSwitches: reports signed by a device, the certificates of its key, and what a relying
 * party demands of them.
 */
@NullMarked
package org.verifiableai.attestation.nvidia;

import org.jspecify.annotations.NullMarked;
