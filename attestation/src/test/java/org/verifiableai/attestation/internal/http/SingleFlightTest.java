package org.verifiableai.attestation.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.verifiableai.attestation.EvidenceUnavailableException;

@Timeout(60)
class SingleFlightTest {

    private static final int MANY = 100;

    private final SingleFlight<String, String> flights = new SingleFlight<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch working = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void endThreads() {
        release.countDown();
        threads.shutdownNow();
    }

    @Test
    void manyThatWantTheSameShareOneRun() throws Exception {
        List<Future<String>> all = startMany(() -> held(() -> "value"));
        release.countDown();

        for (Future<String> one : all) {
            assertThat(one.get()).isEqualTo("value");
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void aFailureIsSharedAndNotKept() throws Exception {
        List<Future<String>> all = startMany(() -> held(() -> {
            throw new EvidenceUnavailableException("busy", true);
        }));
        release.countDown();

        for (Future<String> one : all) {
            assertThatThrownBy(one::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            EvidenceUnavailableException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessage("busy");
        }
        assertThat(run(() -> "later")).isEqualTo("later");
    }

    @Test
    void anInterruptedWaiterLeavesTheOthersAlone() throws Exception {
        Future<String> leader = threads.submit(() -> run(() -> held(() -> "value")));
        working.await();
        CountDownLatch ended = new CountDownLatch(1);
        List<Throwable> thrown = new ArrayList<>();
        Thread waiter = new Thread(() -> {
            try {
                run(() -> "another");
            } catch (EvidenceUnavailableException e) {
                thrown.add(e);
            }
            ended.countDown();
        });
        waiter.start();
        waiter.interrupt();
        ended.await();
        release.countDown();

        assertThat(thrown).singleElement().isInstanceOf(EvidenceUnavailableException.class);
        assertThat(leader.get()).isEqualTo("value");
    }

    @Test
    void whoeverWaitsTakesOverFromAThreadThatIsInterrupted() throws Exception {
        Thread leader = new Thread(() -> {
            try {
                run(() -> held(() -> "never"));
            } catch (EvidenceUnavailableException e) {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
        });
        leader.start();
        working.await();
        Future<String> waiter = threads.submit(() -> run(() -> "taken over"));
        leader.interrupt();

        assertThat(waiter.get()).isEqualTo("taken over");
        leader.join();
    }

    @Test
    void aDefectInTheWorkIsItsOwnThreadsAffair() throws Exception {
        Future<String> leader = threads.submit(() -> run(() -> held(() -> {
            throw new IllegalStateException("defect");
        })));
        working.await();
        Future<String> waiter = threads.submit(() -> run(() -> "taken over"));
        release.countDown();

        assertThatThrownBy(leader::get).cause().isInstanceOf(IllegalStateException.class);
        assertThat(waiter.get()).isEqualTo("taken over");
    }

    @Test
    void aWaiterEndsByItsOwnDeadline() throws Exception {
        Future<String> leader = threads.submit(() -> run(() -> held(() -> "value")));
        working.await();

        assertThatThrownBy(() -> flights.run("key", ServiceTime.system().in(Duration.ofMillis(20)), () -> "another"))
                .isInstanceOfSatisfying(
                        EvidenceUnavailableException.class,
                        e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("deadline");
        release.countDown();
        assertThat(leader.get()).isEqualTo("value");
    }

    private List<Future<String>> startMany(SingleFlight.Work<String> work) throws InterruptedException {
        List<Future<String>> all = new ArrayList<>();
        all.add(threads.submit(() -> run(work)));
        working.await();
        List<Thread> waiters = new ArrayList<>();
        for (int i = 1; i < MANY; i++) {
            FutureTask<String> task = new FutureTask<>(() -> run(work));
            all.add(task);
            waiters.add(new Thread(task));
        }
        waiters.forEach(Thread::start);
        // Only a thread that has come to wait is sure to share the run and not to make one of its own afterwards.
        for (Thread waiter : waiters) {
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.sleep(1);
            }
        }
        return all;
    }

    private String run(SingleFlight.Work<String> work) throws EvidenceUnavailableException {
        return flights.run("key", ServiceTime.system().in(Duration.ofSeconds(30)), work);
    }

    private String held(SingleFlight.Work<String> work) throws EvidenceUnavailableException, InterruptedException {
        runs.incrementAndGet();
        working.countDown();
        release.await();
        return work.run();
    }
}
