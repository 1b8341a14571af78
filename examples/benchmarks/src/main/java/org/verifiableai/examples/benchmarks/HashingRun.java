package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderHasher;

/** Hashes a folder again and again in a process of its own, so that its memory can be told. Started by {@link CompareHashing}. */
public final class HashingRun {

    private static final double NANOS = 1e9;

    private HashingRun() {}

    /**
     * Prints one line for each round, {@code seconds S}, and at the end {@code resident KIB}, the most memory that the
     * process held.
     *
     * @param args the folder, how many threads, the size of a shard or 0 for whole files, and how many rounds
     */
    public static void main(String[] args) throws IOException, MalformedEvidenceException {
        Path folder = Path.of(args[0]);
        FolderHasher.Builder builder = FolderHasher.builder().threads(Integer.parseInt(args[1]));
        long shard = Long.parseLong(args[2]);
        FolderHasher hasher =
                shard == 0 ? builder.build() : builder.shardSize(shard).build();
        for (int i = Integer.parseInt(args[3]); i > 0; i--) {
            long start = System.nanoTime();
            if (shard == 0) {
                hasher.hash(folder);
            } else {
                hasher.shards(folder);
            }
            System.out.println("seconds " + (System.nanoTime() - start) / NANOS);
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("resident " + line.replaceAll("[^0-9]", ""));
            }
        }
    }
}
