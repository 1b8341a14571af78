package org.verifiableai.attestation.internal.http;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.ServiceTime.Deadline;

/**
 * Lets one thread work where many want the same. The first that comes works, on its own thread; the others wait and share
 * what comes of it, be it a value or a failure. Nothing is kept.
 *
 * <p>If the thread that works is interrupted, it alone gives up, and one of those that wait takes over.
 */
final class SingleFlight<K, V> {

    private final ConcurrentMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /** What has to be done once. */
    @FunctionalInterface
    interface Work<V> {
        V run() throws EvidenceUnavailableException, InterruptedException;
    }

    /**
     * The value of {@code work}, done by this thread or by another that began before.
     *
     * @throws EvidenceUnavailableException if the work failed, the deadline is over, or this thread was interrupted
     */
    V run(K key, Deadline deadline, Work<V> work) throws EvidenceUnavailableException {
        try {
            while (true) {
                CompletableFuture<V> mine = new CompletableFuture<>();
                CompletableFuture<V> running = flights.putIfAbsent(key, mine);
                if (running == null) {
                    return lead(key, mine, work);
                }
                Optional<V> shared = follow(key, running, deadline);
                if (shared.isPresent()) {
                    return shared.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceUnavailableException(key + ": interrupted", true, e);
        }
    }

    private V lead(K key, CompletableFuture<V> mine, Work<V> work)
            throws EvidenceUnavailableException, InterruptedException {
        try {
            V value = work.run();
            flights.remove(key, mine);
            mine.complete(value);
            return value;
        } catch (EvidenceUnavailableException e) {
            flights.remove(key, mine);
            mine.completeExceptionally(e);
            throw e;
        } finally {
            // Whatever else ended the work, an interrupt or a defect, is this thread's own affair: the others go on.
            flights.remove(key, mine);
            mine.cancel(false);
        }
    }

    /** What the thread that works came to; empty if it gave up. */
    private Optional<V> follow(K key, CompletableFuture<V> running, Deadline deadline)
            throws EvidenceUnavailableException, InterruptedException {
        try {
            return Optional.of(running.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS));
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (TimeoutException e) {
            throw new EvidenceUnavailableException(
                    key + ": no answer within the deadline to a request that another thread made", true, e);
        } catch (ExecutionException e) {
            // One exception for each thread, since each has a stack of its own.
            boolean retryable = e.getCause() instanceof EvidenceUnavailableException cause && cause.retryable();
            throw new EvidenceUnavailableException(
                    e.getCause() == null
                            ? key.toString()
                            : String.valueOf(e.getCause().getMessage()),
                    retryable,
                    e);
        }
    }
}
