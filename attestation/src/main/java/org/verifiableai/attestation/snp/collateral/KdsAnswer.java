package org.verifiableai.attestation.snp.collateral;

import java.time.Instant;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/**
 * An answer of the key service that is what it was asked for by its own account.
 *
 * @param body as received
 * @param parts the certificates or the list in it, DER, in the order in which callers get them
 * @param issued since when it says to be valid
 * @param expires from when on it is of no use any more
 */
record KdsAnswer(Bytes body, List<Bytes> parts, Instant issued, Instant expires) {}
