/**
 * Strict reading of the X.509 profile that machine evidence uses (RFC 5280). What was signed is kept as received; nothing
 * is re-encoded before it is hashed.
 */
@NullMarked
package org.verifiableai.attestation.internal.x509;

import org.jspecify.annotations.NullMarked;
