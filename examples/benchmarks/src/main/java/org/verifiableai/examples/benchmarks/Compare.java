package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/**
 * Verifies one real report by turns with this SDK and with the published go-sev-guest module, and prints medians, ratios
 * and whether they keep the budgets. Started by bin/compare.
 *
 * <p>Both sides count the processor time of the thread that verifies, so that neighbours disturb less; the scaling over
 * threads is of wall-clock time and wants a machine of its own.
 */
public final class Compare {

    /** The module's verification as its users call it: it keeps no chain, so that this is its time for every case. */
    private static final String PEER = "verify.SnpAttestation";

    private static final int WARM_UP = 15_000;

    private static final double CACHED_DEFAULT = 2.5;
    private static final double CACHED_CORRETTO = 3.3;
    private static final double NEW_VCEK_DEFAULT = 1;
    private static final double NEW_VCEK_CORRETTO = 3;
    private static final double OVERHEAD_MICROSECONDS = 20;
    private static final double TWO_THREADS = 1.8;

    private final Path peer;
    private final RecordedReport recorded;
    private final SnpPolicy policy;
    private final double seconds;
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();
    private boolean kept = true;

    private Compare(Path peer, RecordedReport recorded, double seconds) throws MalformedEvidenceException {
        this.peer = peer;
        this.recorded = recorded;
        this.policy = recorded.policy();
        this.seconds = seconds;
    }

    /**
     * Compares.
     *
     * @param args the peer's executable, how many rounds, and how many seconds each case gets in a round
     */
    public static void main(String[] args) throws IOException, InterruptedException, MalformedEvidenceException {
        int rounds = Integer.parseInt(args[1]);
        Compare compare = new Compare(Path.of(args[0]), RecordedReport.load(), Double.parseDouble(args[2]));
        for (int i = 1; i <= rounds; i++) {
            System.err.println("round " + i + " of " + rounds);
            compare.round();
        }
        compare.print();
        System.exit(compare.kept ? 0 : 1);
    }

    private void round() throws IOException, InterruptedException {
        for (SignatureEngine engine : Engines.all()) {
            SnpVerifier keeping = recorded.verifier(engine).build();
            SnpVerifier keepingNothing = recorded.verifier(engine).cacheSize(0).build();
            Supplier<Verdict<SnpReport>> cached = () -> keeping.verify(recorded.whole(), policy);
            measure(engine.name() + " cached", cached);
            measure(engine.name() + " new VCEK", () -> keepingNothing.verify(recorded.bare(), policy));
            measure(
                    engine.name() + " cold",
                    () -> recorded.verifier(engine).build().verify(recorded.whole(), policy));
            double one = Stopwatch.throughput(cached, 1, seconds);
            note(engine.name() + " two threads", Stopwatch.throughput(cached, 2, seconds) / one);
        }
        SnpVerifier accepting = recorded.verifier(new Engines.Accepting()).build();
        measure("overhead", () -> accepting.verify(recorded.whole(), policy));
        runPeer();
    }

    private void measure(String name, Supplier<Verdict<SnpReport>> verification) {
        if (!samples.containsKey(name)) {
            for (int i = 0; i < WARM_UP; i++) {
                Stopwatch.run(verification); // until the compiler has done its work
            }
        }
        note(name, Stopwatch.microseconds(verification, seconds));
    }

    private void runPeer() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        peer.toString(),
                        recorded.folder().toString(),
                        recorded.at().toString(),
                        Double.toString(seconds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(peer + " failed");
        }
        for (String line : output.lines().toList()) {
            int space = line.indexOf(' ');
            note("go " + line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        }
    }

    private void note(String name, double value) {
        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    private double median(String name) {
        List<Double> sorted = new ArrayList<>(samples.getOrDefault(name, List.of()));
        if (sorted.isEmpty()) {
            throw new IllegalStateException("there is no measurement of " + name);
        }
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private void print() {
        System.out.println("go-sev-guest, microseconds of processor time (median)");
        samples.keySet().stream()
                .filter(name -> name.startsWith("go ") && !name.endsWith("over-one"))
                .forEach(name -> System.out.printf(Locale.ROOT, "  %-42s %8.1f%n", name.substring(3), median(name)));
        System.out.println("this SDK, from bytes to verdict, and how many times faster than " + PEER);
        for (SignatureEngine engine : Engines.all()) {
            boolean corretto = engine.name().equals("corretto");
            row(engine, "cached", corretto ? CACHED_CORRETTO : CACHED_DEFAULT);
            row(engine, "new VCEK", corretto ? NEW_VCEK_CORRETTO : NEW_VCEK_DEFAULT);
            row(engine, "cold", 0);
        }
        double overhead = median("overhead");
        System.out.printf(
                Locale.ROOT,
                "parse, policy and verdict without the signature: %.1f microseconds, at most %.0f%s%n",
                overhead,
                OVERHEAD_MICROSECONDS,
                verdict(overhead < OVERHEAD_MICROSECONDS));
        for (SignatureEngine engine : Engines.all()) {
            double scaling = median(engine.name() + " two threads");
            System.out.printf(
                    Locale.ROOT,
                    "two threads, %s: %.2f times one, at least %.1f%s (go-sev-guest: %.2f)%n",
                    engine.name(),
                    scaling,
                    TWO_THREADS,
                    verdict(scaling >= TWO_THREADS),
                    median("go two-threads-over-one"));
        }
        if (SignatureEngine.corretto().isEmpty()) {
            System.out.println("the Amazon Corretto Crypto Provider is not here: its budgets were not measured");
        }
    }

    private void row(SignatureEngine engine, String what, double budget) {
        double ours = median(engine.name() + " " + what);
        double ratio = median("go " + PEER) / ours;
        System.out.printf(
                Locale.ROOT,
                "  %-42s %8.1f  %5.2fx%s%n",
                engine.name() + ", " + what,
                ours,
                ratio,
                budget == 0 ? "" : String.format(Locale.ROOT, ", at least %.1fx%s", budget, verdict(ratio >= budget)));
    }

    private String verdict(boolean good) {
        kept &= good;
        return good ? ": kept" : ": MISSED";
    }
}
