package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;

/**
 * Verifies one real GPU by turns with this SDK and with NVIDIA's published local verifier for Python, and prints medians,
 * ratios and whether they keep the budgets. Started by bin/compare-gpu.
 *
 * <p>Both sides count processor time, so that neighbours disturb less; the scaling over cores is of wall-clock time and wants
 * a machine of its own.
 */
public final class CompareGpu {

    private static final int WARM_UP = 10_000;
    private static final int COLD_WARM_UP = 500;
    private static final int GPUS = 8;
    private static final int CORES = Math.min(2, Runtime.getRuntime().availableProcessors());

    private static final double CACHED_TO_SIGNATURES = 1.3;
    private static final double SCALING = 0.8 * CORES;

    private final List<String> peer;
    private final RecordedGpu recorded;
    private final SoftwareMachine one = new SoftwareMachine(1);
    private final SoftwareMachine eight = new SoftwareMachine(GPUS);
    private final double seconds;
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();
    private boolean kept = true;

    private CompareGpu(List<String> peer, RecordedGpu recorded, double seconds) {
        this.peer = peer;
        this.recorded = recorded;
        this.seconds = seconds;
    }

    /**
     * Compares.
     *
     * @param args the Python with the peer, its driver, how many rounds, and how many seconds each case gets in a round
     */
    public static void main(String[] args) throws IOException, InterruptedException, MalformedEvidenceException {
        int rounds = Integer.parseInt(args[2]);
        CompareGpu compare = new CompareGpu(List.of(args[0], args[1]), RecordedGpu.load(), Double.parseDouble(args[3]));
        for (int i = 1; i <= rounds; i++) {
            System.err.println("round " + i + " of " + rounds);
            compare.round();
        }
        compare.print();
        System.exit(compare.kept ? 0 : 1);
    }

    private void round() throws IOException, InterruptedException, MalformedEvidenceException {
        for (SignatureEngine engine : Engines.all()) {
            String name = engine.name() + " ";
            recordedCases(engine, name);
            softwareCases(engine, name);
            GpuSignatures signatures = new GpuSignatures(engine, recorded.evidence());
            signature(name + "report's signature", signatures::ofReport);
            signature(name + "report's and leaf's signatures", signatures::ofReportAndLeaf);
        }
        runPeer();
    }

    private void recordedCases(SignatureEngine engine, String name) throws MalformedEvidenceException {
        GpuPolicy without = recorded.policyWithoutOcsp();
        GpuPolicy with = recorded.policyWithOcspOfDevice();
        GpuVerifier keeping = recorded.verifier(engine).build();
        measure(
                name + "without OCSP, cold",
                COLD_WARM_UP,
                () -> recorded.verifyWithoutOcsp(recorded.verifier(engine).build(), without)
                        .verdict());
        measure(
                name + "without OCSP, cached",
                WARM_UP,
                () -> recorded.verifyWithoutOcsp(keeping, without).verdict());
        measure(
                name + "with OCSP of device, cold",
                COLD_WARM_UP,
                () -> recorded.verifyWithOcspOfDevice(recorded.verifier(engine).build(), with)
                        .verdict());
        measure(
                name + "with OCSP of device, cached",
                WARM_UP,
                () -> recorded.verifyWithOcspOfDevice(keeping, with).verdict());
    }

    private void softwareCases(SignatureEngine engine, String name) {
        GpuPolicy policy = one.policy();
        GpuVerifier keeping = one.verifier(engine).build();
        measure(
                name + "whole, cold",
                COLD_WARM_UP,
                () -> one.verify(one.verifier(engine).build(), policy).verdict());
        Supplier<Verdict<GpuSystem>> cached = () -> one.verify(keeping, policy).verdict();
        measure(name + "whole, cached", WARM_UP, cached);
        note(name + "threads", Stopwatch.throughput(cached, CORES, seconds) / Stopwatch.throughput(cached, 1, seconds));

        GpuPolicy ofEight = eight.policy();
        GpuVerifier alone = eight.verifier(engine).build();
        Supplier<Verdict<GpuSystem>> sequential =
                () -> eight.verify(alone, ofEight).verdict();
        ExecutorService threads = Executors.newFixedThreadPool(CORES - 1 == 0 ? 1 : CORES - 1);
        try {
            GpuVerifier together = eight.parallel(engine, threads);
            Supplier<Verdict<GpuSystem>> parallel =
                    () -> eight.verify(together, ofEight).verdict();
            measure(name + "whole of eight, cached", WARM_UP / GPUS, sequential);
            double before = Stopwatch.throughput(sequential, 1, seconds);
            note(name + "eight", Stopwatch.throughput(parallel, 1, seconds) / before);
        } finally {
            threads.shutdown();
        }
    }

    private void measure(String name, int warmUp, Supplier<? extends Verdict<?>> verification) {
        if (!samples.containsKey(name)) {
            for (int i = 0; i < warmUp; i++) {
                Stopwatch.run(verification); // until the compiler has done its work
            }
        }
        note(name, Stopwatch.microseconds(verification, seconds));
    }

    private void signature(String name, BooleanSupplier verification) {
        note(name, Stopwatch.microsecondsOf(verification, seconds));
    }

    private void runPeer() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(peer);
        command.add(recorded.folder().toString());
        command.add(recorded.at().toString());
        command.add(Double.toString(seconds));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
        for (String line : output.lines().toList()) {
            int space = line.indexOf(' ');
            note("peer " + line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
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
        System.out.println("nv-local-gpu-verifier, microseconds of processor time (median)");
        samples.keySet().stream()
                .filter(name -> name.startsWith("peer "))
                .forEach(name -> System.out.printf(Locale.ROOT, "  %-48s %9.1f%n", name.substring(5), median(name)));
        System.out.println("this SDK on the same evidence, from bytes to verdict, and how many times faster");
        for (SignatureEngine engine : Engines.all()) {
            against(engine, "without OCSP, cold", "attest-without-ocsp");
            against(engine, "without OCSP, cached", "attest-without-ocsp");
            against(engine, "with OCSP of device, cold", "attest-with-ocsp-of-device");
            against(engine, "with OCSP of device, cached", "attest-with-ocsp-of-device");
        }
        System.out.println(
                "this SDK on software's evidence of the same kind, with OCSP for everything; the other on the real");
        for (SignatureEngine engine : Engines.all()) {
            against(engine, "whole, cold", "attest");
            against(engine, "whole, cached", "attest");
        }
        System.out.println("cached, over the signatures that cannot be cached");
        for (SignatureEngine engine : Engines.all()) {
            for (String what : List.of("without OCSP, cached", "with OCSP of device, cached", "whole, cached")) {
                over(engine, what, "report's signature", 0);
                over(engine, what, "report's and leaf's signatures", CACHED_TO_SIGNATURES);
            }
        }
        System.out.println("more cores");
        for (SignatureEngine engine : Engines.all()) {
            scaling(engine, "eight", "eight GPUs in one verification");
            scaling(engine, "threads", "verifications of one GPU");
        }
        if (SignatureEngine.corretto().isEmpty()) {
            System.out.println("the Amazon Corretto Crypto Provider is not here: its budgets were not measured");
        }
    }

    private void against(SignatureEngine engine, String what, String other) {
        double ours = median(engine.name() + " " + what);
        System.out.printf(
                Locale.ROOT,
                "  %-48s %9.1f  %6.1fx%n",
                engine.name() + ", " + what,
                ours,
                median("peer " + other) / ours);
    }

    private void over(SignatureEngine engine, String what, String signatures, double budget) {
        double ratio = median(engine.name() + " " + what) / median(engine.name() + " " + signatures);
        System.out.printf(
                Locale.ROOT,
                "  %-40s %-32s %8.1f  %5.2fx%s%n",
                engine.name() + ", " + what,
                signatures,
                median(engine.name() + " " + signatures),
                ratio,
                budget == 0 ? "" : String.format(Locale.ROOT, ", at most %.1fx%s", budget, verdict(ratio <= budget)));
    }

    private void scaling(SignatureEngine engine, String name, String what) {
        double scaling = median(engine.name() + " " + name);
        System.out.printf(
                Locale.ROOT,
                "  %s, %s: on %d cores %.2f times one, at least %.1f%s%n",
                engine.name(),
                what,
                CORES,
                scaling,
                SCALING,
                verdict(scaling >= SCALING));
    }

    private String verdict(boolean good) {
        kept &= good;
        return good ? ": kept" : ": MISSED";
    }
}
