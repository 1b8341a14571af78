package org.verifiableai.attestation.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;

/** One way in which a {@link FakeKds} fails its clients. */
public sealed interface KdsFault {

    /**
     * Answers with a status and no body.
     *
     * @param code such as 404 or 500
     */
    record Status(int code) implements KdsFault {}

    /**
     * Answers 429.
     *
     * @param retryAfter the field Retry-After as it is sent, a number of seconds or a date
     */
    record Throttle(Optional<String> retryAfter) implements KdsFault {}

    /**
     * Answers 307.
     *
     * @param target where to
     */
    record Redirect(URI target) implements KdsFault {}

    /**
     * Answers 200 with something else, whatever was asked for.
     *
     * @param body such as another chip's certificate, or a page of HTML
     */
    record Instead(Bytes body) implements KdsFault {}

    /**
     * Announces the whole answer and hangs up in the middle of it.
     *
     * @param bytes how many are sent
     */
    record CutOff(int bytes) implements KdsFault {}

    /**
     * Sends the head and then the right answer byte by byte.
     *
     * @param interval the pause before each byte
     */
    record Trickle(Duration interval) implements KdsFault {}

    /** Sends a body without an end. */
    record Endless() implements KdsFault {}

    /** Takes the request and says nothing any more. */
    record Silence() implements KdsFault {}

    /** Takes the request and hangs up. */
    record HangUp() implements KdsFault {}

    /** A status with no body. */
    static KdsFault status(int code) {
        return new Status(code);
    }

    /** 429 without a word on when to come back. */
    static KdsFault throttle() {
        return new Throttle(Optional.empty());
    }

    /** 429 with this Retry-After. */
    static KdsFault throttle(String retryAfter) {
        return new Throttle(Optional.of(retryAfter));
    }
}
