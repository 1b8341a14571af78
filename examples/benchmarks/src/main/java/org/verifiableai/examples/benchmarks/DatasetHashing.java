package org.verifiableai.examples.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.DatasetDigest;
import org.verifiableai.manifest.data.InclusionProof;
import org.verifiableai.manifest.data.Leaves;
import org.verifiableai.manifest.data.SaltSecret;

/**
 * The digest of a file of a million records of 400 bytes, against SHA-256 over the same file. The tree hashes every byte a
 * second time, and one node for each record.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class DatasetHashing {

    private static final int RECORDS = 1_000_000;
    private static final int RECORD = 400;

    private Path file;
    private DatasetDigest digest;

    /** Writes the file. */
    @Setup
    public void prepare() throws IOException, MalformedEvidenceException {
        file = Files.createTempFile("bench", ".jsonl");
        Random random = new Random(1);
        byte[] record = new byte[RECORD];
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream buffered = new BufferedOutputStream(out, 1 << 20)) {
            for (int i = 0; i < RECORDS; i++) {
                for (int at = 0; at < RECORD; at++) {
                    record[at] = (byte) ('a' + random.nextInt(26));
                }
                record[RECORD - 1] = '\n';
                buffered.write(record);
            }
        }
        digest = DatasetDigest.read(file);
    }

    /** Deletes the file. */
    @TearDown
    public void clean() throws IOException {
        Files.delete(file);
    }

    /** The hash alone. */
    @Benchmark
    public byte[] sha256() throws IOException, GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int size = in.read(buffer); size >= 0; size = in.read(buffer)) {
                sha256.update(buffer, 0, size);
            }
        }
        return sha256.digest();
    }

    /** The hash and the tree of raw records. */
    @Benchmark
    public DatasetDigest digest() throws IOException, MalformedEvidenceException {
        return DatasetDigest.read(file);
    }

    /** The hash and the tree of salted records. */
    @Benchmark
    public DatasetDigest digestSalted() throws IOException, MalformedEvidenceException {
        return DatasetDigest.read(file, Leaves.salted(SaltSecret.of(Bytes.fromHex("5a".repeat(32)))));
    }

    /** The proof for one record, once the digest is known. */
    @Benchmark
    public InclusionProof prove() throws IOException, MalformedEvidenceException {
        return InclusionProof.read(file, Leaves.raw(), digest, RECORDS / 3);
    }
}
