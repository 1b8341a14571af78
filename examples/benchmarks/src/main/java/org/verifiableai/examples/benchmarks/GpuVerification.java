package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;

/**
 * A whole verification of GPUs, from bytes to verdict, by what the verifier has seen before: the recorded H100 as far as its
 * collateral is in force at one instant, and GPUs made of software with all of it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class GpuVerification {

    private static final int GPUS = 8;

    /** What verifies signatures. */
    @Param({"bouncy-castle", "corretto"})
    public String engine = "bouncy-castle";

    private SignatureEngine signatureEngine;
    private RecordedGpu recorded;
    private GpuPolicy recordedPolicy;
    private GpuVerifier keepingRecorded;
    private SoftwareMachine one;
    private GpuPolicy policyOfOne;
    private GpuVerifier keepingOne;
    private SoftwareMachine eight;
    private GpuPolicy policyOfEight;
    private GpuVerifier keepingEight;
    private GpuVerifier keepingEightInParallel;
    private GpuSignatures signatures;
    private ExecutorService threads;

    /** Reads and makes the evidence. */
    @Setup
    public void prepare() throws IOException, MalformedEvidenceException {
        signatureEngine = Engines.named(engine);
        recorded = RecordedGpu.load();
        recordedPolicy = recorded.policyWithOcspOfDevice();
        keepingRecorded = recorded.verifier(signatureEngine).build();
        one = new SoftwareMachine(1);
        policyOfOne = one.policy();
        keepingOne = one.verifier(signatureEngine).build();
        eight = new SoftwareMachine(GPUS);
        policyOfEight = eight.policy();
        keepingEight = eight.verifier(signatureEngine).build();
        threads = Executors.newFixedThreadPool(
                Math.max(1, Math.min(GPUS, Runtime.getRuntime().availableProcessors()) - 1));
        keepingEightInParallel = eight.parallel(signatureEngine, threads);
        signatures = new GpuSignatures(signatureEngine, recorded.evidence());
        if (!cachedRecorded().accepted()
                || !cached().accepted()
                || !eightAfterEachOther().accepted()) {
            throw new IllegalStateException(
                    "the evidence is rejected: " + cachedRecorded().failures() + cached().failures()
                            + eightAfterEachOther().failures());
        }
    }

    /** Lets go of the threads. */
    @TearDown
    public void finish() {
        threads.shutdown();
    }

    /** A recorded H100, both manifests and the answers about its certificates, of which everything but the report is known. */
    @Benchmark
    public Verdict<GpuSystem> cachedRecorded() {
        return recorded.verifyWithOcspOfDevice(keepingRecorded, recordedPolicy).verdict();
    }

    /** As {@link #cachedRecorded()} by a verifier that has seen nothing yet. */
    @Benchmark
    public Verdict<GpuSystem> coldRecorded() {
        return recorded.verifyWithOcspOfDevice(
                        recorded.verifier(signatureEngine).build(), recordedPolicy)
                .verdict();
    }

    /** Software's H100 with all its collateral, of which everything but the report is known. */
    @Benchmark
    public Verdict<GpuSystem> cached() {
        return one.verify(keepingOne, policyOfOne).verdict();
    }

    /** As {@link #cached()} by a verifier that has seen nothing yet. */
    @Benchmark
    public Verdict<GpuSystem> cold() {
        return one.verify(one.verifier(signatureEngine).build(), policyOfOne).verdict();
    }

    /** As {@link #cached()} on two threads: verifications a microsecond, to be compared with {@link #oneThread()}. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @Threads(2)
    public Verdict<GpuSystem> twoThreads() {
        return cached();
    }

    /** As {@link #cached()}: verifications a microsecond. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    public Verdict<GpuSystem> oneThread() {
        return cached();
    }

    /** Eight GPUs in one verification, one after the other. */
    @Benchmark
    public Verdict<GpuSystem> eightAfterEachOther() {
        return eight.verify(keepingEight, policyOfEight).verdict();
    }

    /** Eight GPUs in one verification, on as many threads as there are cores. */
    @Benchmark
    public Verdict<GpuSystem> eightSideBySide() {
        return eight.verify(keepingEightInParallel, policyOfEight).verdict();
    }

    /** The one signature that a known device's new report needs, alone. */
    @Benchmark
    public boolean signatureOfReport() {
        return signatures.ofReport();
    }

    /** The two signatures that a new device's report and leaf need, alone. */
    @Benchmark
    public boolean signaturesOfReportAndLeaf() {
        return signatures.ofReportAndLeaf();
    }
}
