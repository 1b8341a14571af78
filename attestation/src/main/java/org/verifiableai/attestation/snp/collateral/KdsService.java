package org.verifiableai.attestation.snp.collateral;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.BoundedCache;
import org.verifiableai.attestation.snp.collateral.KdsTime.Deadline;

/**
 * Asks the key service until it gives an answer that serves, the deadline is near, or it is clear that asking again is of
 * no use. It keeps the distance between requests for the same thing that the service wants. Thread-safe.
 */
final class KdsService {

    private static final int MAX_PAUSES = 10_000;
    private static final int MAX_REDIRECTS = 3;
    private static final int MAX_DOUBLINGS = 30;

    private final URI base;
    private final KdsTransport transport;
    private final Pacing pacing;
    private final KdsTime time;
    private final Clock clock;
    private final KdsListener listener;

    /** Until when, in nanoseconds of {@link #time}, a resource is not asked for. */
    private final BoundedCache<KdsResource, Long> pauses = new BoundedCache<>(MAX_PAUSES);

    KdsService(URI base, KdsTransport transport, Pacing pacing, KdsTime time, Clock clock, KdsListener listener) {
        this.base = base;
        this.transport = transport;
        this.pacing = pacing;
        this.time = time;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * How long things take.
     *
     * @param requestTimeout the longest wait for one answer
     * @param firstBackoff the wait before the second attempt, to which jitter is added
     * @param longestBackoff the wait that doubling it ends with
     * @param spacing the shortest time between two requests for the same thing
     */
    record Pacing(Duration requestTimeout, Duration firstBackoff, Duration longestBackoff, Duration spacing) {

        /** The wait after this many failed attempts. */
        Duration backoff(int failed, double dice) {
            Duration step = firstBackoff.multipliedBy(1L << Math.min(failed - 1, MAX_DOUBLINGS));
            Duration bounded = step.compareTo(longestBackoff) > 0 ? longestBackoff : step;
            // Jitter is added and never taken away: whoever was asked to wait is not early.
            return bounded.plusNanos((long) (bounded.toNanos() * dice / 2));
        }
    }

    /**
     * Gets a resource.
     *
     * @param once whether to ask at most once, and not to wait for that
     * @throws EvidenceUnavailableException if there is no answer that serves
     */
    KdsAnswer fetch(KdsResource resource, Deadline deadline, boolean once)
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
                listener.retry(resource.path(), attempt, wait);
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

    private KdsAnswer attempt(KdsResource resource, int attempt, Deadline deadline)
            throws FailedAttempt, InterruptedException {
        long began = time.nanos();
        OptionalInt status = OptionalInt.empty();
        FailedAttempt failure;
        try {
            KdsTransport.Reply reply = ask(resource, deadline);
            status = OptionalInt.of(reply.status());
            if (reply.status() == KdsTransport.OK) {
                KdsAnswer answer = resource.read(reply.body());
                rest(resource, pacing.spacing());
                tell(resource, attempt, began, status, null);
                return answer;
            }
            failure = FailedAttempt.of(reply, resource, clock.instant());
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

    /** One answer, after redirects within the same server: a service is what its address says, and no other. */
    private KdsTransport.Reply ask(KdsResource resource, Deadline deadline)
            throws IOException, FailedAttempt, InterruptedException {
        Deadline end = time.in(pacing.requestTimeout());
        URI uri = URI.create(base + resource.path());
        for (int redirects = 0; ; redirects++) {
            Duration left = end.left().compareTo(deadline.left()) < 0 ? end.left() : deadline.left();
            if (left.isNegative() || left.isZero()) {
                throw new HttpTimeoutException("no whole answer within " + pacing.requestTimeout());
            }
            KdsTransport.Reply reply = transport.get(uri, resource.limit(), left);
            if (!isRedirect(reply.status())) {
                return reply;
            }
            if (redirects == MAX_REDIRECTS) {
                throw FailedAttempt.redirected("redirected more than " + MAX_REDIRECTS + " times");
            }
            uri = Redirects.follow(uri, reply);
        }
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private Duration pause(KdsResource resource) {
        Long until = pauses.get(resource);
        return until == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, until - time.nanos()));
    }

    /** Those who share an address and were turned away together do not come back together. */
    private Duration pauseJitter(Duration pause) {
        return pause.isZero()
                ? Duration.ZERO
                : pause.plusNanos((long) (pacing.firstBackoff().toNanos() * time.random() / 2));
    }

    private void rest(KdsResource resource, Duration pause) {
        pauses.put(resource, time.nanos() + pause.toNanos());
    }

    private void tell(
            KdsResource resource, int attempt, long began, OptionalInt status, @Nullable FailedAttempt failure) {
        listener.fetched(new KdsListener.Fetch(
                resource.path(),
                attempt,
                Duration.ofNanos(time.nanos() - began),
                status,
                Optional.ofNullable(failure).map(Throwable::getMessage)));
    }

    private EvidenceUnavailableException outOfTime(
            KdsResource resource, int attempts, Duration wait, @Nullable FailedAttempt last) {
        String next = "the next request would be due in " + wait + ", after the deadline";
        return last == null
                ? new EvidenceUnavailableException(about(resource) + "was asked a moment ago; " + next, true)
                : new EvidenceUnavailableException(
                        about(resource) + last.getMessage() + "; asked " + attempts + " times, " + next, true, last);
    }

    private String about(KdsResource resource) {
        return resource + ": key service " + base + " ";
    }
}
