package org.verifiableai.attestation.internal.http;

import java.time.Duration;

/**
 * How long things take.
 *
 * @param requestTimeout the longest wait for one answer
 * @param firstBackoff the wait before the second attempt, to which jitter is added
 * @param longestBackoff the wait that doubling it ends with
 * @param spacing the shortest time between two requests for the same thing
 */
record Pacing(Duration requestTimeout, Duration firstBackoff, Duration longestBackoff, Duration spacing) {

    private static final int MAX_DOUBLINGS = 30;

    /** The wait after this many failed attempts. */
    Duration backoff(int failed, double dice) {
        Duration step = firstBackoff.multipliedBy(1L << Math.min(failed - 1, MAX_DOUBLINGS));
        Duration bounded = step.compareTo(longestBackoff) > 0 ? longestBackoff : step;
        // Jitter is added and never taken away: whoever was asked to wait is not early.
        return bounded.plusNanos((long) (bounded.toNanos() * dice / 2));
    }
}
