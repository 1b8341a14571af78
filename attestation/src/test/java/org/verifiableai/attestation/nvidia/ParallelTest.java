package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The timeouts are there to end a test that would hang. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParallelTest {

    private static final Executor CALLER = Runnable::run;
    private static final Executor IDLE = task -> {};
    private static final Executor FULL = task -> {
        throw new RejectedExecutionException("full");
    };

    static Stream<Executor> executors() {
        return Stream.of(CALLER, IDLE, FULL, fullAfter(2), task -> new Thread(task).start());
    }

    @ParameterizedTest
    @MethodSource("executors")
    void resultsAreThoseOfTheTasksInTheirOrder(Executor executor) {
        List<Supplier<Integer>> tasks =
                IntStream.range(0, 8).<Supplier<Integer>>mapToObj(i -> () -> i).toList();

        assertThat(Parallel.run(executor, tasks)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @ParameterizedTest
    @MethodSource("executors")
    void everyTaskRunsOnce(Executor executor) {
        List<AtomicInteger> runs = Stream.generate(AtomicInteger::new).limit(8).toList();

        Parallel.run(
                executor,
                runs.stream()
                        .<Supplier<Integer>>map(count -> count::incrementAndGet)
                        .toList());

        assertThat(runs).allSatisfy(count -> assertThat(count).hasValue(1));
    }

    @ParameterizedTest
    @MethodSource("executors")
    void nothingToDoGivesNothing(Executor executor) {
        assertThat(Parallel.run(executor, List.of())).isEmpty();
    }

    @Test
    void anExecutorThatComesLateFindsNothingLeftToDo() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        AtomicInteger runs = new AtomicInteger();
        List<Supplier<Integer>> tasks = List.of(runs::incrementAndGet, runs::incrementAndGet, runs::incrementAndGet);

        assertThat(Parallel.run(waiting::add, tasks)).containsExactly(1, 2, 3);
        assertThat(waiting).hasSize(2);
        waiting.forEach(Runnable::run);

        assertThat(runs).hasValue(3);
    }

    @Test
    void anExecutorThatWasShutDownDoesNoHarm() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        threads.shutdownNow();

        assertThat(Parallel.<Integer>run(threads, List.of(() -> 1, () -> 2))).containsExactly(1, 2);
    }

    @Test
    void tasksRunSideBySide() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Supplier<Boolean> meeting = () -> {
            try {
                both.await();
                return true;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            assertThat(Parallel.run(threads, List.of(meeting, meeting))).containsExactly(true, true);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theOnlyThreadOfAnExecutorMayWaitForItsOwnTasks() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<List<Integer>> results =
                    threads.submit(() -> Parallel.run(threads, List.of(() -> 1, () -> 2, () -> 3)));

            assertThat(results.get(30, TimeUnit.SECONDS)).containsExactly(1, 2, 3);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("executors")
    void exceptionsAreTheCallers(Executor executor) {
        Supplier<Integer> failing = () -> {
            throw new IllegalStateException("the caller's mistake");
        };

        assertThatIllegalStateException()
                .isThrownBy(() -> Parallel.run(executor, List.of(() -> 1, () -> 2, failing, () -> 4)))
                .withMessage("the caller's mistake");
        assertThatIllegalStateException()
                .isThrownBy(() -> Parallel.run(executor, List.of(failing, () -> 2)))
                .withMessage("the caller's mistake");
    }

    @ParameterizedTest
    @MethodSource("executors")
    void errorsAreTheCallers(Executor executor) {
        Supplier<Integer> failing = () -> {
            throw new StackOverflowError("deep");
        };

        assertThatThrownBy(() -> Parallel.run(executor, List.of(() -> 1, failing)))
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("deep");
    }

    @ParameterizedTest
    @MethodSource("executors")
    void whatNoTaskMayThrowEndsTheWaitToo(Executor executor) {
        Supplier<Integer> failing = () -> {
            throw ParallelTest.<RuntimeException>undeclared(new Exception("checked"));
        };

        assertThatThrownBy(() -> Parallel.run(executor, List.of(() -> 1, failing)))
                .hasRootCauseMessage("checked");
    }

    private static Executor fullAfter(int tasks) {
        List<Runnable> taken = new ArrayList<>();
        return task -> {
            if (taken.size() == tasks) {
                throw new RejectedExecutionException("full");
            }
            taken.add(task);
            task.run();
        };
    }

    /** Throws a checked exception where none is declared, as code in other languages does. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // which is the point of it
    private static <E extends Throwable> RuntimeException undeclared(Throwable throwable) throws E {
        throw (E) throwable;
    }
}
