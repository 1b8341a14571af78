package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Random;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;

/** The digests of a folder with one file of 64 MiB, against SHA-256 over the same bytes in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FolderHashing {

    private static final int SIZE = 64 << 20;

    private Path folder;
    private byte[] content;

    /** Writes the file. */
    @Setup
    public void prepare() throws IOException {
        content = new byte[SIZE];
        new Random(1).nextBytes(content);
        folder = Files.createTempDirectory("bench");
        Files.write(folder.resolve("model.safetensors"), content);
    }

    /** Deletes the file. */
    @TearDown
    public void clean() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.delete(folder);
    }

    /** What a manifest needs of a folder. */
    @Benchmark
    public FolderDigest folderDigest() throws IOException, MalformedEvidenceException {
        return FolderDigest.of(folder);
    }

    /** The hash alone, without a file. */
    @Benchmark
    public byte[] sha256InMemory() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }
}
