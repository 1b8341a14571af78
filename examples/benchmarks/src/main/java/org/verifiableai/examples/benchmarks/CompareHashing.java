package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Hashes folders by turns with this SDK, with openssl and with the model-signing package, each in processes of its own, and
 * prints medians, ratios, memory and whether they keep the budgets. Started by bin/compare-hashing.
 *
 * <p>Speed is of wall-clock time of one round in a process that has hashed the folder once before, with the files in the page
 * cache; openssl is timed as a whole process, which starts in milliseconds. Memory is the most that a process had resident
 * (VmHWM) beyond what the same program with the same limits needs for a folder of one byte.
 */
public final class CompareHashing {

    private static final int MEBIBYTE = 1 << 20;
    private static final long LARGE = 1L << 30;
    private static final long SHARD = 64L << 20;
    private static final long SPARSE = 20L * 1000 * 1000 * 1000;
    private static final int SMALL_FILES = 100_000;
    private static final int FILES_IN_FOLDER = 1000;

    private static final double OF_OPENSSL = 0.95;
    private static final double TWO_THREADS = 1.9;
    private static final double EXTRA_MEBIBYTES = 64;

    private final Path data;
    private final List<String> java;
    private final List<String> python;
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();
    private boolean kept = true;

    private CompareHashing(Path data, List<String> java, List<String> python) {
        this.data = data;
        this.java = java;
        this.python = python;
    }

    /**
     * Compares.
     *
     * @param args an empty folder for data, the Java launcher, the class path, the peer's Python, its script, and how many
     *     rounds
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        CompareHashing compare = new CompareHashing(
                Path.of(args[0]),
                List.of(args[1], "-Xmx48m", "-XX:+UseSerialGC", "-cp", args[2], HashingRun.class.getName()),
                List.of(args[3], args[4]));
        compare.prepare();
        int rounds = Integer.parseInt(args[5]);
        for (int i = 1; i <= rounds; i++) {
            System.err.println("round " + i + " of " + rounds);
            compare.round();
        }
        compare.memory();
        compare.print();
        System.exit(compare.kept ? 0 : 1);
    }

    private void prepare() throws IOException, InterruptedException {
        System.err.println("writing the folders");
        byte[] block = new byte[MEBIBYTE];
        new Random(1).nextBytes(block);
        write("one/model.safetensors", 2 * LARGE, block);
        write("two/model-00001.safetensors", LARGE, block);
        write("two/model-00002.safetensors", LARGE, block);
        Files.createDirectories(data.resolve("byte"));
        Files.write(data.resolve("byte/model.safetensors"), new byte[1]);
        Path sparse = Files.createDirectories(data.resolve("sparse")).resolve("model.safetensors");
        run(List.of("truncate", "-s", Long.toString(SPARSE), sparse.toString()));
        for (int i = 0; i < SMALL_FILES; i++) {
            Path folder = data.resolve("small/part-" + i / FILES_IN_FOLDER);
            if (i % FILES_IN_FOLDER == 0) {
                Files.createDirectories(folder);
            }
            Files.writeString(folder.resolve("file-" + i + ".json"), "{\"number\":" + i + "}");
        }
    }

    private void write(String name, long size, byte[] block) throws IOException {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < size; written += block.length) {
                out.write(block);
            }
        }
    }

    private void round() throws IOException, InterruptedException {
        Path one = data.resolve("one/model.safetensors");
        run(List.of("openssl", "dgst", "-sha256", one.toString()));
        long start = System.nanoTime();
        run(List.of("openssl", "dgst", "-sha256", one.toString()));
        note("openssl", (System.nanoTime() - start) / 1e9);
        note("one file, 1 thread", ours("one", 1, 0, 3));
        note("two files, 1 thread", ours("two", 1, 0, 3));
        note("two files, 2 threads", ours("two", 2, 0, 3));
        note("shards of one file, 1 thread", ours("one", 1, SHARD, 3));
        note("shards of one file, 2 threads", ours("one", 2, SHARD, 3));
        note("100,000 files, 2 threads", ours("small", 2, 0, 2));
        note("model-signing, two files, 2 workers", peer("two", 2, 2));
        note("model-signing, 100,000 files, 2 workers", peer("small", 2, 2));
    }

    private void memory() throws IOException, InterruptedException {
        double idle = resident("byte", 2, 0);
        System.err.println("the sparse file");
        note("memory of a sparse 20 GB file", resident("sparse", 2, 0) - idle);
        note("memory of its shards", resident("sparse", 2, SHARD) - idle);
        note("memory of 100,000 files", resident("small", 2, 0) - idle);
    }

    private double ours(String folder, int threads, long shard, int rounds) throws IOException, InterruptedException {
        return last("seconds", run(ourCommand(folder, threads, shard, rounds)));
    }

    /** In mebibytes. */
    private double resident(String folder, int threads, long shard) throws IOException, InterruptedException {
        return last("resident", run(ourCommand(folder, threads, shard, 1))) / 1024;
    }

    private List<String> ourCommand(String folder, int threads, long shard, int rounds) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(
                data.resolve(folder).toString(),
                Integer.toString(threads),
                Long.toString(shard),
                Integer.toString(rounds)));
        return command;
    }

    private double peer(String folder, int workers, int rounds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(python);
        command.addAll(List.of(data.resolve(folder).toString(), Integer.toString(workers), Integer.toString(rounds)));
        String output = run(command);
        note("memory of model-signing on " + folder, last("resident", output) / 1024);
        return last("seconds", output);
    }

    private static double last(String word, String output) throws IOException {
        return output.lines()
                .filter(line -> line.startsWith(word + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(word.length() + 1)))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IOException("expected a line with " + word + ", found " + output));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
        return output;
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
        double mebibytes = 2.0 * LARGE / MEBIBYTE;
        System.out.println("2 GiB from the page cache, MiB a second (median)");
        for (String name : List.of(
                "openssl",
                "one file, 1 thread",
                "two files, 1 thread",
                "two files, 2 threads",
                "shards of one file, 1 thread",
                "shards of one file, 2 threads",
                "model-signing, two files, 2 workers")) {
            System.out.printf(Locale.ROOT, "  %-42s %8.0f%n", name, mebibytes / median(name));
        }
        atLeast("one thread over openssl", median("openssl") / median("one file, 1 thread"), OF_OPENSSL);
        atLeast(
                "two threads over one, two files",
                median("two files, 1 thread") / median("two files, 2 threads"),
                TWO_THREADS);
        atLeast(
                "two threads over one, shards of one file",
                median("shards of one file, 1 thread") / median("shards of one file, 2 threads"),
                TWO_THREADS);
        tell(
                "two files: ours over model-signing",
                median("model-signing, two files, 2 workers") / median("two files, 2 threads"));
        System.out.printf(
                Locale.ROOT,
                "100,000 small files: %.2f s, model-signing %.2f s%n",
                median("100,000 files, 2 threads"),
                median("model-signing, 100,000 files, 2 workers"));
        tell(
                "100,000 files: ours over model-signing",
                median("model-signing, 100,000 files, 2 workers") / median("100,000 files, 2 threads"));
        for (String name :
                List.of("memory of a sparse 20 GB file", "memory of its shards", "memory of 100,000 files")) {
            boolean good = median(name) <= EXTRA_MEBIBYTES;
            kept &= good;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.0f MiB more than for one byte, at most %.0f%s%n",
                    name,
                    median(name),
                    EXTRA_MEBIBYTES,
                    verdict(good));
        }
        for (String folder : List.of("two", "small")) {
            System.out.printf(
                    Locale.ROOT,
                    "memory of model-signing on %s: %.0f MiB in all%n",
                    folder,
                    median("memory of model-signing on " + folder));
        }
    }

    private void atLeast(String name, double ratio, double budget) {
        boolean good = ratio >= budget;
        kept &= good;
        System.out.printf(Locale.ROOT, "%s: %.2f, at least %.2f%s%n", name, ratio, budget, verdict(good));
    }

    private static void tell(String name, double ratio) {
        System.out.printf(Locale.ROOT, "%s: %.1fx%n", name, ratio);
    }

    private static String verdict(boolean good) {
        return good ? ": kept" : ": MISSED";
    }
}
