/**
 * Machines made of software: authorities that stand where those of the makers stand, and devices that sign whatever a
 * test asks for, sound or not.
 *
 * <p>Nothing here is trusted by default. An authority of this package is an anchor only where a caller passes its
 * {@code trustAnchors()} to a verifier, and evidence of its devices proves nothing about any machine.
 */
@NullMarked
package org.verifiableai.attestation.testkit;

import org.jspecify.annotations.NullMarked;
