/**
 * A whole machine: one processor, the guest on it, its GPUs, and the key that the guest made.
 *
 * <p>Each part alone can be borrowed: a genuine GPU answers whoever asks it, wherever it stands. What holds them together
 * is {@link org.verifiableai.attestation.machine.KeyBinding}, and {@link org.verifiableai.attestation.machine.MachineVerifier}
 * judges parts and binding in one verdict.
 */
@NullMarked
package org.verifiableai.attestation.machine;

import org.jspecify.annotations.NullMarked;
