package org.verifiableai.examples.benchmarks;

import java.io.IOException;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/** A whole verification of a real SEV-SNP report, from bytes to verdict, by what the verifier has seen before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SnpVerification {

    /** What verifies signatures. */
    @Param({"bouncy-castle", "corretto"})
    public String engine = "bouncy-castle";

    private RecordedReport recorded;
    private SnpPolicy policy;
    private SnpVerifier keeping;
    private SnpVerifier keepingNothing;
    private SignatureEngine signatureEngine;

    /** Reads the evidence. */
    @Setup
    public void prepare() throws IOException, MalformedEvidenceException {
        recorded = RecordedReport.load();
        policy = recorded.policy();
        signatureEngine = Engines.named(engine);
        keeping = recorded.verifier(signatureEngine).build();
        keepingNothing = recorded.verifier(signatureEngine).cacheSize(0).build();
        if (!cached().accepted() || !newVcek().accepted() || !cold().accepted()) {
            throw new IllegalStateException("the recorded report is rejected: " + cached().failures());
        }
    }

    /** Chain and VCEK are known: one P-384 signature. */
    @Benchmark
    public Verdict<SnpReport> cached() {
        return keeping.verify(recorded.whole(), policy);
    }

    /** As {@link #cached()} on two threads: verifications a microsecond, to be compared with {@link #oneThread()}. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @Threads(2)
    public Verdict<SnpReport> twoThreads() {
        return cached();
    }

    /** As {@link #cached()}: verifications a microsecond. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    public Verdict<SnpReport> oneThread() {
        return cached();
    }

    /** The authorities are known and the VCEK is not: one RSA-4096 and one P-384 signature, and a certificate to parse. */
    @Benchmark
    public Verdict<SnpReport> newVcek() {
        return keepingNothing.verify(recorded.bare(), policy);
    }

    /** Nothing is known: three certificates to parse, and the pinned keys to decode. */
    @Benchmark
    public Verdict<SnpReport> cold() {
        return recorded.verifier(signatureEngine).build().verify(recorded.whole(), policy);
    }
}
