package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/** What a verification costs on top of its signature: parsing, policy, facts and verdict. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SnpOverhead {

    private RecordedReport recorded;
    private SnpPolicy policy;
    private SnpVerifier verifier;

    /** Reads the evidence. */
    @Setup
    public void prepare() throws IOException, MalformedEvidenceException {
        recorded = RecordedReport.load();
        policy = recorded.policy();
        verifier = recorded.verifier(new Engines.Accepting()).build();
        if (!withoutSignature().accepted()) {
            throw new IllegalStateException(
                    "the recorded report is rejected: " + withoutSignature().failures());
        }
    }

    /** From bytes to verdict with a chain that is known, every signature taken for good. */
    @Benchmark
    public Verdict<SnpReport> withoutSignature() {
        return verifier.verify(recorded.whole(), policy);
    }
}
