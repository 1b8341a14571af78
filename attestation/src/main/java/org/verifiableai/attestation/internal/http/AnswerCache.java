package org.verifiableai.attestation.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.internal.BoundedCache;

/**
 * Answers that need not be asked for again: in memory, and in a folder if there is one. Keyed by what was asked for.
 * Thread-safe.
 */
final class AnswerCache {

    private static final int ROOM_FOR_THE_FEW = 16;

    private final BoundedCache<Resource, Known> many;
    private final BoundedCache<Resource, Known> few = new BoundedCache<>(ROOM_FOR_THE_FEW);
    private final @Nullable CacheFolder folder;
    private final Duration refreshAge;

    AnswerCache(int capacity, @Nullable CacheFolder folder, Duration refreshAge) {
        this.many = new BoundedCache<>(capacity);
        this.folder = folder;
        this.refreshAge = refreshAge;
    }

    /**
     * An answer at hand.
     *
     * @param answer the answer
     * @param fetched when the service gave it
     * @param asked when the service was last asked whether there is a newer one
     * @param refreshAt from when on it should be asked again
     * @param from where it was found
     */
    record Known(Answer answer, Instant fetched, Instant asked, Instant refreshAt, FetchListener.Place from) {

        boolean isFresh(Instant now) {
            return now.isBefore(refreshAt);
        }

        private Known in(FetchListener.Place place) {
            return new Known(answer, fetched, asked, refreshAt, place);
        }

        private Known askedAgain(Instant now, Instant next) {
            return new Known(answer, fetched, now, next, FetchListener.Place.MEMORY);
        }
    }

    /** What is in memory and is of use now. */
    Optional<Known> inMemory(Resource resource, Instant now) {
        return Optional.ofNullable(map(resource).get(resource))
                .filter(known -> isUsable(resource, known.answer(), known.fetched(), now));
    }

    /** What is in memory or in the folder and is of use now. */
    Optional<Known> find(Resource resource, Instant now) {
        Optional<Known> known = inMemory(resource, now);
        if (known.isPresent() || folder == null) {
            return known;
        }
        return folder.read(resource)
                // A file from the future says nothing about its age.
                .map(stored -> known(
                        resource, stored.answer(), stored.fetched().isAfter(now) ? Instant.EPOCH : stored.fetched()))
                .filter(stored -> isUsable(resource, stored.answer(), stored.fetched(), now))
                .map(stored -> {
                    map(resource).put(resource, stored);
                    return stored.in(FetchListener.Place.FOLDER);
                });
    }

    /** Keeps a new answer, unless it is of no use now or not to be kept. */
    void keep(Resource resource, Answer answer, Instant now) {
        if (!resource.keeps() || !isUsable(resource, answer, now, now)) {
            return;
        }
        map(resource).put(resource, known(resource, answer, now));
        if (folder != null && !answer.parts().isEmpty()) {
            folder.write(resource, answer, now);
        }
    }

    /** Keeps a known answer, for which there was no newer one now, and lets it count as fresh until {@code refreshAt}. */
    void postpone(Resource resource, Known known, Instant now, Instant refreshAt) {
        map(resource).put(resource, known.askedAgain(now, refreshAt));
    }

    /**
     * Whether an answer has not expired, and is none from the future, which would be newer than whatever the service said
     * in its place: one forged list would then keep all true ones out.
     */
    private static boolean isUsable(Resource resource, Answer answer, Instant fetched, Instant now) {
        return now.isBefore(resource.expiry(answer, fetched))
                && !(resource.changes() && answer.issued().isAfter(now));
    }

    private Known known(Resource resource, Answer answer, Instant fetched) {
        Instant refreshAt = resource.changes() ? fetched.plus(refreshAge) : Instant.MAX;
        return new Known(answer, fetched, fetched, refreshAt, FetchListener.Place.MEMORY);
    }

    private BoundedCache<Resource, Known> map(Resource resource) {
        return resource.isOneOfFew() ? few : many;
    }
}
