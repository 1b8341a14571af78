/**
 * Asking services for what evidence lacks: within limits of size and time, at a distance that the service can bear, once
 * for all who want the same, and not at all where a cache has it. What comes is what was asked for by its own account, and
 * otherwise not trusted.
 *
 * <p>A client describes each thing that its service has as a {@link org.verifiableai.attestation.internal.http.Resource} and
 * gets it through a {@link org.verifiableai.attestation.internal.http.ResourceClient}. What judges evidence sees nothing of
 * this package.
 */
@NullMarked
package org.verifiableai.attestation.internal.http;

import org.jspecify.annotations.NullMarked;
