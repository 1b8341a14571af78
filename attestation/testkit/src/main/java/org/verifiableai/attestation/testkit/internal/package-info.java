/** Not for callers: what the tests of this SDK share. */
@NullMarked
package org.verifiableai.attestation.testkit.internal;

import org.jspecify.annotations.NullMarked;
