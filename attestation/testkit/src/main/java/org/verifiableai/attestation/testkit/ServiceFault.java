package org.verifiableai.attestation.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;

/** One way in which a {@link FakeKds} or a {@link FakeNvidia} fails its clients. */
public sealed interface ServiceFault {

    /**
     * Answers with a status and no body.
     *
     * @param code such as 404 or 500
     */
    record Status(int code) implements ServiceFault {}

    /**
     * Answers 429.
     *
     * @param retryAfter the field Retry-After as it is sent, a number of seconds or a date
     */
    record Throttle(Optional<String> retryAfter) implements ServiceFault {}

    /**
     * Answers 307.
     *
     * @param target where to
     */
    record Redirect(URI target) implements ServiceFault {}

    /**
     * Answers 200 with something else, whatever was asked for.
     *
     * @param body such as another chip's certificate, or a page of HTML
     */
    record Instead(Bytes body) implements ServiceFault {}

    /**
     * Announces the whole answer and hangs up in the middle of it.
     *
     * @param bytes how many are sent
     */
    record CutOff(int bytes) implements ServiceFault {}

    /**
     * Sends the head and then the right answer byte by byte.
     *
     * @param interval the pause before each byte
     */
    record Trickle(Duration interval) implements ServiceFault {}

    /** Sends a body without an end. */
    record Endless() implements ServiceFault {}

    /** Takes the request and says nothing any more. */
    record Silence() implements ServiceFault {}

    /** Takes the request and hangs up. */
    record HangUp() implements ServiceFault {}

    /** A status with no body. */
    static ServiceFault status(int code) {
        return new Status(code);
    }

    /** 429 without a word on when to come back. */
    static ServiceFault throttle() {
        return new Throttle(Optional.empty());
    }

    /** 429 with this Retry-After. */
    static ServiceFault throttle(String retryAfter) {
        return new Throttle(Optional.of(retryAfter));
    }
}
