package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.verifiableai.attestation.testkit.GpuLab.NONCE;
import static org.verifiableai.attestation.testkit.GpuLab.NOW;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.testkit.GpuLab.Shown;

/** Threads change nothing but speed. The timeouts are there to end a test that would hang. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GpuVerifierExecutorTest {

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    // One sound, one that answers another nonce, one without manifests of its own, one that cannot be read.
    private static final Shown SHOWN = shown();
    private static final String ALONE = json(GpuLab.builder(CLOCK).build());

    private static Shown shown() {
        Shown sound = GpuLab.shown(GpuLab.GPU, GpuLab.TWIN.withDriver("1.2"));
        return new Shown(
                List.of(
                        sound.evidence().get(0),
                        sound.evidence().get(1),
                        GpuLab.SWITCH.evidence(NONCE.sha256()),
                        new GpuEvidence(Bytes.zeros(3), List.of())),
                sound.rims(),
                sound.answers());
    }

    @Test
    void anExecutorWithThreadsGivesTheSameResult() {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            assertThat(json(with(threads))).isEqualTo(ALONE);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anExecutorThatIsFullGivesTheSameResult() {
        assertThat(json(with(task -> {
                    throw new RejectedExecutionException("full");
                })))
                .isEqualTo(ALONE);
    }

    @Test
    void anExecutorThatWasShutDownGivesTheSameResult() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        threads.shutdownNow();

        assertThat(json(with(threads))).isEqualTo(ALONE);
    }

    @Test
    void anExecutorThatRunsLateGivesTheSameResult() {
        Deque<Runnable> waiting = new ArrayDeque<>();

        assertThat(json(with(waiting::add))).isEqualTo(ALONE);
        assertThat(waiting).hasSize(3);
        waiting.forEach(Runnable::run);
    }

    @Test
    void theOnlyThreadOfTheExecutorMayVerify() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            GpuVerifier verifier = with(threads);

            assertThat(threads.submit(() -> json(verifier)).get(30, TimeUnit.SECONDS))
                    .isEqualTo(ALONE);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatAnEngineThrowsIsTheCallersOnWhicheverThread() {
        SignatureEngine broken = new SignatureEngine() {
            @Override
            public VerificationKey key(Bytes spki) {
                throw new IllegalStateException("the engine is out of order");
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            GpuVerifier verifier = GpuLab.builder(CLOCK)
                    .signatureEngine(broken)
                    .executor(threads)
                    .build();

            assertThatIllegalStateException()
                    .isThrownBy(() -> SHOWN.withRims().result(verifier, policy -> policy))
                    .withMessage("the engine is out of order");
        } finally {
            threads.shutdownNow();
        }
    }

    private static GpuVerifier with(Executor executor) {
        return GpuLab.builder(CLOCK).executor(executor).build();
    }

    private static String json(GpuVerifier verifier) {
        return SHOWN.result(verifier, policy -> policy).toJson();
    }
}
