/** Not for callers: what the verifiers of this SDK share, exported to its own modules only. */
@NullMarked
package org.verifiableai.attestation.internal;

import org.jspecify.annotations.NullMarked;
