package org.verifiableai.attestation.internal.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.verifiableai.attestation.Bytes;

/** A service that answers what a test wrote down, one line a request, and the last line for ever. For one thread. */
public final class Script implements Transport {

    private final FakeTime time;
    private final Queue<Line> lines = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final List<Request> asked = new ArrayList<>();
    private final List<Duration> timeouts = new ArrayList<>();

    public Script(FakeTime time) {
        this.time = time;
    }

    @FunctionalInterface
    private interface Line {
        Reply say(Request request) throws IOException;
    }

    /** What a service makes of a request. */
    @FunctionalInterface
    public interface Reading {
        Bytes answer(Request request);
    }

    /** An answer that depends on the question. */
    public Script thenAnswer(Reading reading) {
        return then(request -> new Reply(200, null, null, reading.answer(request)));
    }

    public Script then(Bytes body) {
        return then(request -> new Reply(200, null, null, body));
    }

    public Script then(int status) {
        return then(request -> new Reply(status, null, null, Bytes.EMPTY));
    }

    public Script thenRetryAfter(int status, String retryAfter) {
        return then(request -> new Reply(status, retryAfter, null, Bytes.EMPTY));
    }

    public Script thenRedirect(int status, String location) {
        return then(request -> new Reply(status, null, location, Bytes.EMPTY));
    }

    public Script thenRedirect(String location) {
        return then(request -> new Reply(307, null, location, Bytes.EMPTY));
    }

    /** What was asked. */
    public List<Request> asked() {
        return asked;
    }

    public Script then(IOException failure) {
        return then(request -> {
            throw failure;
        });
    }

    /** The answer takes as long as it may, and does not come. */
    public Script thenTimeout() {
        return then(request -> {
            time.pass(timeouts.get(timeouts.size() - 1));
            throw new IOException("no whole answer");
        });
    }

    public List<String> requests() {
        return requests;
    }

    /** How long each answer might have taken. */
    public List<Duration> timeouts() {
        return timeouts;
    }

    @Override
    public Reply send(Request request, Duration timeout) throws IOException {
        asked.add(request);
        requests.add(request.uri().toString());
        timeouts.add(timeout);
        Line line = lines.size() > 1 ? lines.remove() : lines.element();
        return line.say(request);
    }

    private Script then(Line line) {
        lines.add(line);
        return this;
    }
}
