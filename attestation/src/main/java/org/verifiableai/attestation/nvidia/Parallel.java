package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Runs tasks on a caller's threads and on the calling one. Whatever no thread has begun, the calling thread does itself, so
 * that an executor that is busy, full or shut down costs speed and nothing else: no task is waited for that has not begun.
 */
final class Parallel {

    private Parallel() {}

    /** The results of {@code tasks}, in their order. */
    static <T> List<T> run(Executor executor, List<Supplier<T>> tasks) {
        List<Task<T>> all = tasks.stream().map(Task::new).toList();
        try {
            all.stream().skip(1).forEach(executor::execute);
        } catch (RejectedExecutionException e) {
            // Then this thread does what is left.
        }
        all.forEach(Task::run);
        List<T> results = new ArrayList<>();
        for (Task<T> task : all) {
            results.add(task.result());
        }
        return List.copyOf(results);
    }

    private static final class Task<T> implements Runnable {

        private final Supplier<T> work;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Task(Supplier<T> work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            try {
                result.complete(work.get());
            } catch (Throwable e) { // whatever it is, somebody waits for it
                result.completeExceptionally(e);
            }
        }

        T result() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
        }
    }
}
