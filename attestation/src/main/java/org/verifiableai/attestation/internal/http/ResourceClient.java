package org.verifiableai.attestation.internal.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.AnswerCache.Known;
import org.verifiableai.attestation.internal.http.ServiceTime.Deadline;

/**
 * Gets resources of one service, from its caches where they have it. An answer is kept in memory and, if a folder is given,
 * on disk; threads that want the same thing make one request; requests for the same thing keep their distance; and a
 * failure is tried again, with growing pauses and not before the service said in Retry-After, until the deadline of the
 * call. A call asks on the thread of its caller and is over by its deadline, whatever the service does. Immutable to its
 * users and thread-safe.
 */
public final class ResourceClient {

    /** After a refresh that failed, the answer at hand is used for this long before the service is asked again. */
    private static final Duration REFRESH_PAUSE = Duration.ofMinutes(1);

    private final SingleFlight<Resource, Answer> flights = new SingleFlight<>();
    private final AnswerCache cache;
    private final @Nullable Service service;
    private final Duration deadline;
    private final ServiceTime time;
    private final Clock clock;
    private final FetchListener listener;

    /** A client; without a service it is offline: what is not there cannot connect. */
    ResourceClient(
            AnswerCache cache,
            @Nullable Service service,
            Duration deadline,
            ServiceTime time,
            Clock clock,
            FetchListener listener) {
        this.cache = cache;
        this.service = service;
        this.deadline = deadline;
        this.time = time;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * The answer at hand, or else the service's.
     *
     * @throws EvidenceUnavailableException if there is none that serves
     */
    public Answer get(Resource resource) throws EvidenceUnavailableException {
        Instant now = clock.instant();
        Optional<Known> known = cache.inMemory(resource, now).filter(k -> k.isFresh(now));
        if (known.isPresent()) {
            listener.hit(resource.label(), FetchListener.Place.MEMORY);
            return known.get().answer();
        }
        return obtain(resource, Known::isFresh);
    }

    /**
     * A newer answer than the one at hand, also where that is fresh still; but the one at hand where the service has no
     * newer one at once, or was asked less than {@code spacing} ago.
     *
     * @throws EvidenceUnavailableException if there is none at hand and none that serves
     */
    public Answer renew(Resource resource, Duration spacing) throws EvidenceUnavailableException {
        return obtain(resource, (known, now) -> now.isBefore(known.asked().plus(spacing)));
    }

    private Answer obtain(Resource resource, BiPredicate<Known, Instant> suffices) throws EvidenceUnavailableException {
        Deadline end = time.in(deadline);
        return flights.run(resource, end, () -> obtain(resource, suffices, end));
    }

    private Answer obtain(Resource resource, BiPredicate<Known, Instant> suffices, Deadline end)
            throws EvidenceUnavailableException, InterruptedException {
        // Another thread may have been here between the look before and this one.
        Instant now = clock.instant();
        Optional<Known> known = cache.find(resource, now);
        if (known.isPresent() && (service == null || suffices.test(known.get(), now))) {
            listener.hit(resource.label(), known.get().from());
            return known.get().answer();
        }
        if (service == null) {
            throw new EvidenceUnavailableException(resource + ": not in the cache, and the client is offline", false);
        }
        listener.miss(resource.label());
        if (known.isPresent()) {
            return refreshed(resource, known.get(), service, end);
        }
        Answer answer = service.fetch(resource, end, false);
        cache.keep(resource, answer, clock.instant());
        return answer;
    }

    /** A newer answer if there is one at once; else the one at hand, which has not expired. */
    private Answer refreshed(Resource resource, Known known, Service service, Deadline end)
            throws InterruptedException {
        try {
            Answer answer = service.fetch(resource, end, true);
            // A mirror that lags behind must not take back what was revoked.
            if (!answer.issued().isBefore(known.answer().issued())) {
                cache.keep(resource, answer, clock.instant());
                return answer;
            }
        } catch (EvidenceUnavailableException e) {
            // The listener has heard of it. A verification does not need the refresh.
            postpone(resource, known);
            return known.answer();
        }
        postpone(resource, known);
        return known.answer();
    }

    private void postpone(Resource resource, Known known) {
        Instant now = clock.instant();
        cache.postpone(resource, known, now, now.plus(REFRESH_PAUSE));
    }
}
