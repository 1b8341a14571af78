package org.verifiableai.attestation.nvidia.collateral;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Hears what the clients of NVIDIA's services do, for metrics and logs. Called on the threads that ask a client, so it has to
 * be thread-safe and quick; what it throws is dropped. Every method does nothing unless it is overridden.
 *
 * <p>A resource is named by its path at the service, such as {@code /v1/rim/NV_GPU_DRIVER_GH100_550.90.07}, and where all
 * paths are one, as with OCSP, by what was asked for. No service key is in anything that is heard.
 */
public interface ServiceListener {

    /** Where an answer was found. */
    enum Cache {
        /** In memory. */
        MEMORY,
        /** In the cache folder. */
        DIRECTORY
    }

    /**
     * One request to a service.
     *
     * @param resource what was asked for
     * @param attempt 1 for the first of a call
     * @param duration how long it took
     * @param status the HTTP status; empty if there was no answer
     * @param failure why the answer does not serve; empty if it does
     */
    record Fetch(String resource, int attempt, Duration duration, OptionalInt status, Optional<String> failure) {}

    /** A cache had the answer. */
    default void hit(String resource, Cache cache) {}

    /** No cache had the answer, or none that is new enough. */
    default void miss(String resource) {}

    /** The service was asked. */
    default void fetched(Fetch fetch) {}

    /** The service will be asked again after {@code delay}. */
    default void retry(String resource, int attempt, Duration delay) {}

    /** The cache folder could not be used for this resource, which does no harm but to speed. */
    default void cacheTrouble(String resource, String reason) {}
}
