package org.verifiableai.attestation.internal.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How a client waits: time that only goes forward, sleep, and the dice for jitter. Tests bring their own. */
public interface ServiceTime {

    /** Nanoseconds since some instant, as {@link System#nanoTime()}. */
    long nanos();

    /** Returns after {@code duration}. */
    void sleep(Duration duration) throws InterruptedException;

    /** From 0, inclusive, to 1, exclusive. */
    double random();

    /** The machine's. */
    static ServiceTime system() {
        return new ServiceTime() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                TimeUnit.NANOSECONDS.sleep(duration.toNanos());
            }

            @Override
            public double random() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }

    /** The instant by which a call has to end. */
    default Deadline in(Duration duration) {
        return new Deadline(this, nanos() + duration.toNanos());
    }

    /**
     * When a call has to end.
     *
     * @param time whose time
     * @param end in its nanoseconds
     */
    record Deadline(ServiceTime time, long end) {

        /** How long there is until then; not positive when it is over. */
        Duration left() {
            return Duration.ofNanos(end - time.nanos());
        }
    }
}
