package org.verifiableai.attestation.internal.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Hears what a {@link ResourceClient} does, each thing by its {@link Resource#label()}. What it throws is dropped. */
public interface FetchListener {

    /** Hears nothing. */
    FetchListener NONE = new FetchListener() {};

    /** Where an answer was found. */
    enum Place {
        /** In memory. */
        MEMORY,
        /** In the cache folder. */
        FOLDER
    }

    /**
     * One request to the service.
     *
     * @param resource the label of what was asked for
     * @param attempt 1 for the first of a call
     * @param duration how long it took
     * @param status the HTTP status; empty if there was no answer
     * @param failure why the answer does not serve; empty if it does
     */
    record Fetch(String resource, int attempt, Duration duration, OptionalInt status, Optional<String> failure) {}

    /** A cache had the answer. */
    default void hit(String resource, Place place) {}

    /** No cache had the answer, or none that is new enough. */
    default void miss(String resource) {}

    /** The service was asked. */
    default void fetched(Fetch fetch) {}

    /** The service will be asked again after {@code delay}. */
    default void retry(String resource, int attempt, Duration delay) {}

    /** The cache folder could not be used for this resource, which does no harm but to speed. */
    default void cacheTrouble(String resource, String reason) {}
}
