package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.files.FolderHasher;
import org.verifiableai.manifest.files.HashCache;
import org.verifiableai.manifest.files.HashedFolder;
import org.verifiableai.manifest.files.ShardDigest;

/**
 * The digests of folders that each hold 64 MiB in one file, in four or in thousands, against SHA-256 over the same bytes in
 * memory by one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FolderHashing {

    private static final int SIZE = 64 << 20;
    private static final int SHARD = 8 << 20;

    /** How many files the bytes are cut into. */
    @Param({"1", "4", "4096"})
    public int files;

    private Path root;
    private Path folder;
    private byte[] content;
    private FolderHasher oneThread;
    private FolderHasher allThreads;
    private FolderHasher caching;

    /** Writes the files. */
    @Setup
    public void prepare() throws IOException {
        content = new byte[SIZE];
        new Random(1).nextBytes(content);
        root = Files.createTempDirectory("bench");
        folder = Files.createDirectory(root.resolve("model"));
        int size = SIZE / files;
        for (int i = 0; i < files; i++) {
            byte[] part = new byte[size];
            System.arraycopy(content, i * size, part, 0, size);
            Files.write(folder.resolve("model-" + i + ".safetensors"), part);
        }
        oneThread = FolderHasher.builder().threads(1).shardSize(SHARD).build();
        allThreads = FolderHasher.builder().shardSize(SHARD).build();
        caching = FolderHasher.builder()
                .cache(HashCache.at(root.resolve("cache")))
                .build();
    }

    /** Deletes the files. */
    @TearDown
    public void clean() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    /** What a manifest needs of a folder, with all processors. */
    @Benchmark
    public FolderDigest folderDigest() throws IOException, MalformedEvidenceException {
        return FolderDigest.of(folder);
    }

    /** The digests of parts of 8 MiB, with one thread. */
    @Benchmark
    public List<ShardDigest> shardsOneThread() throws IOException, MalformedEvidenceException {
        return oneThread.shards(folder);
    }

    /** The digests of parts of 8 MiB, with all processors. */
    @Benchmark
    public List<ShardDigest> shards() throws IOException, MalformedEvidenceException {
        return allThreads.shards(folder);
    }

    /** Digests of files and of parts in one pass, with all processors. */
    @Benchmark
    public HashedFolder filesAndShards() throws IOException, MalformedEvidenceException {
        return allThreads.hash(folder);
    }

    /** A folder in which nothing changed, with a cache; the first seconds, in which nothing is trusted yet, are warm-up. */
    @Benchmark
    public HashedFolder unchangedWithCache() throws IOException, MalformedEvidenceException {
        return caching.hash(folder);
    }

    /** The hash alone, without a file, by one thread. */
    @Benchmark
    public byte[] sha256InMemory() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }
}
