package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;

/**
 * Verifies a million reports in one virtual machine and watches the heap. The reports come from more chips than the
 * verifier keeps chains for, so that chains are dropped and verified again all the time, and one in sixteen is forged.
 * Started by bin/soak.
 */
public final class Soak {

    private static final int CHIPS = 48;
    private static final int KEPT = 32;
    private static final int STEPS = 10;
    private static final int FORGED = 16;

    /** How much more heap may be in use at the end than after the first tenth. */
    private static final long MAX_GROWTH_MIB = 8;

    private Soak() {}

    /**
     * Verifies.
     *
     * @param args how many reports (a million), and the engine's name (that of the standard one)
     */
    public static void main(String[] args) throws IOException {
        int total = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        SignatureEngine engine = args.length > 1 ? Engines.named(args[1]) : SignatureEngine.standard();
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA);
        Bytes reportData = Bytes.utf8("soak").sha256().concat(Bytes.zeros(32));
        List<SnpEvidence> reports = IntStream.range(0, CHIPS)
                .mapToObj(chip -> amd.platform(TcbVersion.of(10, 0, 23, 84)).report(reportData))
                .toList();
        SnpVerifier verifier = SnpVerifier.builder()
                .trustAnchors(amd.trustAnchors())
                .signatureEngine(engine)
                .cacheSize(KEPT)
                .build();
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(reportData)
                .anyMeasurement("a soak looks at memory")
                .build();
        System.out.printf(
                Locale.ROOT,
                "%d verifications, engine %s, %d chips, %d chains kept%n",
                total,
                engine.name(),
                CHIPS,
                KEPT);
        List<Long> heaps = new ArrayList<>();
        long start = System.nanoTime();
        for (int step = 1; step <= STEPS; step++) {
            IntStream.range(0, total / STEPS).parallel().forEach(i -> verify(verifier, policy, reports, i));
            heaps.add(usedHeap());
            System.out.printf(
                    Locale.ROOT,
                    "%9d verified, heap %6.1f MiB after collection, %.0f a second%s%n",
                    (long) step * (total / STEPS),
                    heaps.get(step - 1) / (double) (1 << 20),
                    step * (total / STEPS) / ((System.nanoTime() - start) / 1e9),
                    residentSet().map(rss -> ", resident " + rss).orElse(""));
        }
        long growth = (heaps.get(STEPS - 1) - heaps.get(0)) >> 20;
        System.out.printf(Locale.ROOT, "growth since the first tenth: %d MiB, at most %d%n", growth, MAX_GROWTH_MIB);
        System.exit(growth <= MAX_GROWTH_MIB ? 0 : 1);
    }

    private static void verify(SnpVerifier verifier, SnpPolicy policy, List<SnpEvidence> reports, int i) {
        // Most reports are of few chips, as they are where a fleet works.
        SnpEvidence evidence = reports.get(i % 4 == 0 ? i / 4 % CHIPS : i % 8);
        boolean forged = i % FORGED == 0;
        byte[] report = evidence.report().toByteArray();
        if (forged) {
            report[0x140] ^= 1; // REPORT_ID, which no policy reads
        }
        Verdict<SnpReport> verdict = verifier.verify(
                new SnpEvidence(Bytes.of(report), evidence.vek(), evidence.authorities(), evidence.revocationLists()),
                policy);
        if (verdict.accepted() == forged) {
            throw new IllegalStateException("report " + i + ": " + verdict.failures());
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What the operating system has given to the process, natives included; empty where it does not say. */
    private static Optional<String> residentSet() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Optional.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.substring("VmRSS:".length()).strip())
                .findFirst();
    }
}
