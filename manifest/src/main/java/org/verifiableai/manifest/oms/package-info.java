/**
 * OpenSSF Model Signing v1.0: models as lists of files, signed in sigstore bundles by bare keys or with certificates.
 *
 * <p>{@link org.verifiableai.manifest.oms.OmsVerifier} judges a signature and a model; {@link
 * org.verifiableai.manifest.oms.OmsSigner} makes signatures that other tools of that format take.
 */
@NullMarked
package org.verifiableai.manifest.oms;

import org.jspecify.annotations.NullMarked;
