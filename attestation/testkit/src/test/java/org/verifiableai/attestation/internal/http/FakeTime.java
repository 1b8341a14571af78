package org.verifiableai.attestation.internal.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only where somebody sleeps or a test says so. For one thread. */
public final class FakeTime extends Clock implements ServiceTime {

    private final Instant start;
    private final List<Duration> sleeps = new ArrayList<>();
    private Duration passed = Duration.ZERO;
    private double dice;

    public FakeTime(Instant start) {
        this.start = start;
    }

    public void pass(Duration duration) {
        passed = passed.plus(duration);
    }

    public void dice(double next) {
        dice = next;
    }

    /** How long it was slept each time. */
    public List<Duration> sleeps() {
        return sleeps;
    }

    @Override
    public long nanos() {
        return Long.MAX_VALUE - 1_000 + passed.toNanos(); // it overflows, as nanoTime may
    }

    @Override
    public void sleep(Duration duration) {
        sleeps.add(duration);
        pass(duration);
    }

    @Override
    public double random() {
        return dice;
    }

    @Override
    public Instant instant() {
        return start.plus(passed);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
