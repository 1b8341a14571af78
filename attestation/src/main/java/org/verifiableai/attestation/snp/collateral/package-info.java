/**
 * What completes SEV-SNP evidence before it is judged: certificates and revocation lists, from a folder or from AMD's key
 * distribution service (KDS).
 *
 * <p>Nothing that comes from here is trusted. A source only finds what a report calls for; whether it is genuine is for
 * {@link org.verifiableai.attestation.snp.SnpVerifier} to say, which itself touches neither network nor disk. A source
 * that is down, slow or lying can therefore keep evidence from being judged, and can never make it accepted.
 */
@NullMarked
package org.verifiableai.attestation.snp.collateral;

import org.jspecify.annotations.NullMarked;
