package org.verifiableai.attestation.internal.http;

import java.time.Instant;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * One thing that a service hands out: where it lies there and in a cache, and what it has to be. Two that are equal are the
 * same thing and share one answer. The text of it names the thing in messages, on one line.
 */
public interface Resource {

    /** Path and query at the service, with a slash in front. */
    String path();

    /** What a listener hears it called: its path, where that says which thing it is. */
    default String label() {
        return path();
    }

    /** The largest answer that is read, in bytes, from the service or from a file. */
    int limit();

    /** The file of a cache folder, as a relative path with slashes and no part that leads upwards; empty if none keeps it. */
    Optional<String> file();

    /**
     * Reads what a file keeps, which is {@link Answer#body()}.
     *
     * @throws MalformedEvidenceException if {@code body} is anything else than what was asked for
     */
    Answer read(Bytes body) throws MalformedEvidenceException;

    /** How the service is asked, this time: for a thing that is just got, a GET whose answer is kept as it came. */
    default Question question() {
        return Question.get(this::read);
    }

    /**
     * What keeps its distance together, and is left alone together when the service asks for that: this thing by itself, or
     * all those that have an equal value here. It is remembered, and so has to be small.
     */
    default Object pace() {
        return this;
    }

    /** Whether an answer may be kept at all, in memory or in a file. */
    default boolean keeps() {
        return true;
    }

    /** Whether the service may say something new before the old answer has expired. */
    boolean changes();

    /** From when on an answer that was fetched at an instant is of no use any more. */
    default Instant expiry(Answer answer, Instant fetched) {
        return answer.expires();
    }

    /** Whether it is one of a few, whose room in memory no flood of others may take. */
    default boolean isOneOfFew() {
        return false;
    }

    /** The answer that a 404 is; empty if it is a failure. */
    default Optional<Answer> absence(Instant now) {
        return Optional.empty();
    }

    /** What a status says about this thing beyond its number, such as {@code it knows no such chip}; empty for nothing. */
    default Optional<String> meaning(int status) {
        return status == Transport.NOT_FOUND ? Optional.of("it has nothing at " + path()) : Optional.empty();
    }
}
