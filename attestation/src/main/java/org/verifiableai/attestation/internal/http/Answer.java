package org.verifiableai.attestation.internal.http;

import java.time.Instant;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/**
 * An answer of a service that is what it was asked for by its own account.
 *
 * @param body what a file keeps of it
 * @param parts what is in it, in the order in which callers get it; empty if the service does not have the thing
 * @param issued since when it says to be valid
 * @param expires from when on it is of no use any more
 */
public record Answer(Bytes body, List<Bytes> parts, Instant issued, Instant expires) {

    /** Copies {@code parts}. */
    public Answer {
        parts = List.copyOf(parts);
    }

    /** That the service does not have the thing, which is older news than any answer that has it. */
    public static Answer none(Instant expires) {
        return new Answer(Bytes.EMPTY, List.of(), Instant.MIN, expires);
    }
}
