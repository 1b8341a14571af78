package org.verifiableai.attestation.snp.collateral;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.internal.BoundedCache;

/**
 * Answers that need not be asked for again: in memory, and in a folder if there is one. Keyed by what was asked for, and
 * so a VCEK by line, chip and TCB. Thread-safe.
 */
final class KdsCache {

    /** Chains and lists have room of their own, so that a flood of chips does not wash them out. */
    private static final int SHARED_RESOURCES = 16;

    private final BoundedCache<KdsResource, Known> vceks;
    private final BoundedCache<KdsResource, Known> shared = new BoundedCache<>(SHARED_RESOURCES);
    private final @Nullable CacheFolder folder;
    private final Duration refreshAge;

    KdsCache(int capacity, @Nullable CacheFolder folder, Duration refreshAge) {
        this.vceks = new BoundedCache<>(capacity);
        this.folder = folder;
        this.refreshAge = refreshAge;
    }

    /**
     * An answer at hand.
     *
     * @param answer the answer
     * @param refreshAt from when on the service should be asked whether there is a newer one
     * @param from where it was found
     */
    record Known(KdsAnswer answer, Instant refreshAt, KdsListener.Cache from) {

        Known(KdsAnswer answer, Instant refreshAt) {
            this(answer, refreshAt, KdsListener.Cache.MEMORY);
        }

        boolean isFresh(Instant now) {
            return now.isBefore(refreshAt);
        }
    }

    /** What is in memory and is of use now. */
    Optional<Known> inMemory(KdsResource resource, Instant now) {
        return Optional.ofNullable(map(resource).get(resource))
                .filter(known -> isUsable(resource, known.answer(), now));
    }

    /** What is in memory or in the folder and is of use now. */
    Optional<Known> find(KdsResource resource, Instant now) {
        Optional<Known> known = inMemory(resource, now);
        if (known.isPresent() || folder == null) {
            return known;
        }
        return folder.read(resource)
                .filter(stored -> isUsable(resource, stored.answer(), now))
                .map(stored -> {
                    // A file from the future says nothing about its age.
                    Instant fetched = stored.fetched().isAfter(now) ? Instant.EPOCH : stored.fetched();
                    Instant refreshAt = refreshAt(resource, fetched);
                    map(resource).put(resource, new Known(stored.answer(), refreshAt));
                    return new Known(stored.answer(), refreshAt, KdsListener.Cache.DIRECTORY);
                });
    }

    /** Keeps a new answer, unless it is of no use now. */
    void keep(KdsResource resource, KdsAnswer answer, Instant now) {
        if (!isUsable(resource, answer, now)) {
            return;
        }
        map(resource).put(resource, new Known(answer, refreshAt(resource, now)));
        if (folder != null) {
            folder.write(resource, answer, now);
        }
    }

    /** Keeps a known answer and lets it count as fresh until {@code refreshAt}. */
    void postpone(KdsResource resource, KdsAnswer answer, Instant refreshAt) {
        map(resource).put(resource, new Known(answer, refreshAt));
    }

    /**
     * Whether an answer has not expired, and is none from the future, which would be newer than whatever the service said
     * in its place: one forged list would then keep all true ones out.
     */
    private static boolean isUsable(KdsResource resource, KdsAnswer answer, Instant now) {
        return now.isBefore(answer.expires())
                && !(resource.changes() && answer.issued().isAfter(now));
    }

    private Instant refreshAt(KdsResource resource, Instant fetched) {
        return resource.changes() ? fetched.plus(refreshAge) : Instant.MAX;
    }

    private BoundedCache<KdsResource, Known> map(KdsResource resource) {
        return resource instanceof KdsResource.Vcek ? vceks : shared;
    }
}
