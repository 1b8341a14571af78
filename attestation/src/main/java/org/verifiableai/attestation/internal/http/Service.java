package org.verifiableai.attestation.internal.http;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.BoundedCache;
import org.verifiableai.attestation.internal.http.ServiceTime.Deadline;

/**
 * Asks a service until it gives an answer that serves, the deadline is near, or it is clear that asking again is of no use.
 * It keeps the distance between requests for the same thing that the service wants. Thread-safe.
 */
final class Service {

    private static final int MAX_PAUSES = 10_000;
    private static final int MAX_REDIRECTS = 3;

    private final Server server;
    private final Transport transport;
    private final Pacing pacing;
    private final ServiceTime time;
    private final Clock clock;
    private final FetchListener listener;

    /** Until when, in nanoseconds of {@link #time}, nothing of this {@link Resource#pace()} is asked for. */
    private final BoundedCache<Object, Long> pauses = new BoundedCache<>(MAX_PAUSES);

    Service(Server server, Transport transport, Pacing pacing, ServiceTime time, Clock clock, FetchListener listener) {
        this.server = server;
        this.transport = transport;
        this.pacing = pacing;
        this.time = time;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Gets a resource.
     *
     * @param once whether to ask at most once, and not to wait for that
     * @throws EvidenceUnavailableException if there is no answer that serves
     */
    Answer fetch(Resource resource, Deadline deadline, boolean once)
            throws EvidenceUnavailableException, InterruptedException {
        FailedAttempt last = null;
        for (int attempt = 1; ; attempt++) {
            Duration pause = pause(resource);
            Duration backoff = attempt == 1 ? pauseJitter(pause) : pacing.backoff(attempt - 1, time.random());
            Duration wait = pause.compareTo(backoff) > 0 ? pause : backoff;
            if (wait.compareTo(deadline.left()) >= 0 || (once && !wait.isZero())) {
                throw outOfTime(resource, attempt - 1, wait, last);
            }
            if (!wait.isZero()) {
                listener.retry(resource.label(), attempt, wait);
                time.sleep(wait);
            }
            try {
                return attempt(resource, attempt, deadline);
            } catch (FailedAttempt e) {
                if (!e.retryable() || once) {
                    throw new EvidenceUnavailableException(about(resource) + e.getMessage(), e.retryable(), e);
                }
                last = e;
            }
        }
    }

    private Answer attempt(Resource resource, int attempt, Deadline deadline)
            throws FailedAttempt, InterruptedException {
        long began = time.nanos();
        OptionalInt status = OptionalInt.empty();
        FailedAttempt failure;
        try {
            Question question = resource.question();
            Transport.Reply reply = ask(server.request(resource, question), deadline);
            status = OptionalInt.of(reply.status());
            Instant now = clock.instant();
            Optional<Answer> answer = read(resource, question, reply, now);
            if (answer.isPresent()) {
                rest(resource, pacing.spacing());
                tell(resource, attempt, began, status, null);
                return answer.get();
            }
            failure = FailedAttempt.of(reply, resource, now);
        } catch (FailedAttempt e) {
            failure = e;
        } catch (IOException e) {
            failure = FailedAttempt.of(e);
        } catch (MalformedEvidenceException e) {
            failure = FailedAttempt.of(e);
        }
        // A request that never got there was not counted there either.
        Duration rest = failure.reached() ? pacing.spacing() : Duration.ZERO;
        rest(resource, failure.pause().compareTo(rest) > 0 ? failure.pause() : rest);
        tell(resource, attempt, began, status, failure);
        throw failure;
    }

    private static Optional<Answer> read(Resource resource, Question question, Transport.Reply reply, Instant now)
            throws MalformedEvidenceException, FailedAttempt {
        return switch (reply.status()) {
            case Transport.OK -> Optional.of(question.reader().read(reply.body()));
            case Transport.NOT_FOUND -> resource.absence(now);
            default -> Optional.empty();
        };
    }

    /** One answer, after redirects within the same server: a service is what its address says, and no other. */
    private Transport.Reply ask(Transport.Request first, Deadline deadline)
            throws IOException, FailedAttempt, InterruptedException {
        Deadline end = time.in(pacing.requestTimeout());
        Transport.Request request = first;
        for (int redirects = 0; ; redirects++) {
            Duration left = end.left().compareTo(deadline.left()) < 0 ? end.left() : deadline.left();
            if (left.isNegative() || left.isZero()) {
                throw new HttpTimeoutException("no whole answer within " + pacing.requestTimeout());
            }
            Transport.Reply reply = transport.send(request, left);
            if (!Redirects.is(reply.status())) {
                return reply;
            }
            if (redirects == MAX_REDIRECTS) {
                throw FailedAttempt.redirected("redirected more than " + MAX_REDIRECTS + " times");
            }
            request = Redirects.follow(request, reply);
        }
    }

    private Duration pause(Resource resource) {
        Long until = pauses.get(resource.pace());
        return until == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, until - time.nanos()));
    }

    /** Those who share an address and were turned away together do not come back together. */
    private Duration pauseJitter(Duration pause) {
        return pause.isZero()
                ? Duration.ZERO
                : pause.plusNanos((long) (pacing.firstBackoff().toNanos() * time.random() / 2));
    }

    private void rest(Resource resource, Duration pause) {
        if (!pause.isZero()) { // and an earlier pause is over
            pauses.put(resource.pace(), time.nanos() + pause.toNanos());
        }
    }

    private void tell(Resource resource, int attempt, long began, OptionalInt status, @Nullable FailedAttempt failure) {
        listener.fetched(new FetchListener.Fetch(
                resource.label(),
                attempt,
                Duration.ofNanos(time.nanos() - began),
                status,
                Optional.ofNullable(failure).map(Throwable::getMessage)));
    }

    private EvidenceUnavailableException outOfTime(
            Resource resource, int attempts, Duration wait, @Nullable FailedAttempt last) {
        String next = "the next request would be due in " + wait + ", after the deadline";
        return last == null
                ? new EvidenceUnavailableException(about(resource) + "was asked a moment ago; " + next, true)
                : new EvidenceUnavailableException(
                        about(resource) + last.getMessage() + "; asked " + attempts + " times, " + next, true, last);
    }

    private String about(Resource resource) {
        return resource + ": " + server + " ";
    }
}
