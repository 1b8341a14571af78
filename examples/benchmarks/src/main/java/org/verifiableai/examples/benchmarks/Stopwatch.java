package org.verifiableai.examples.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.verifiableai.attestation.Verdict;

/** How long calls take, and how many go through. */
final class Stopwatch {

    private static final int BATCH = 20;
    private static final double NANOS = 1e9;

    private Stopwatch() {}

    /** The median of what one verification takes of this thread's processor time, in microseconds. */
    static double microseconds(Supplier<? extends Verdict<?>> call, double seconds) {
        return median(() -> run(call), seconds);
    }

    /** The median of what one call takes of this thread's processor time, in microseconds; the call must give true. */
    static double microsecondsOf(BooleanSupplier call, double seconds) {
        return median(
                () -> {
                    if (!call.getAsBoolean()) {
                        throw new IllegalStateException("expected an acceptance, found none");
                    }
                },
                seconds);
    }

    private static double median(Runnable call, double seconds) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Double> samples = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * NANOS);
        while (System.nanoTime() < end) {
            long start = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < BATCH; i++) {
                call.run();
            }
            samples.add((threads.getCurrentThreadCpuTime() - start) / 1000.0 / BATCH);
        }
        Collections.sort(samples);
        return samples.get(samples.size() / 2);
    }

    /** How many calls a second so many threads make. */
    static double throughput(Supplier<? extends Verdict<?>> call, int threads, double seconds) {
        AtomicLong calls = new AtomicLong();
        long start = System.nanoTime();
        long end = start + (long) (seconds * NANOS);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                long mine = 0;
                while (System.nanoTime() < end) {
                    run(call);
                    mine++;
                }
                calls.addAndGet(mine);
            });
            thread.start();
            running.add(thread);
        }
        try {
            for (Thread thread : running) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
        return calls.get() * NANOS / (System.nanoTime() - start);
    }

    static void run(Supplier<? extends Verdict<?>> call) {
        Verdict<?> verdict = call.get();
        if (!verdict.accepted()) {
            throw new IllegalStateException("expected an acceptance, found " + verdict.failures());
        }
    }
}
