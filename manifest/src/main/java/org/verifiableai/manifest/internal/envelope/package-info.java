/** Signed envelopes and what they say of keys: DSSE, sigstore bundles, encodings of signatures. Not exported. */
@NullMarked
package org.verifiableai.manifest.internal.envelope;

import org.jspecify.annotations.NullMarked;
