package org.verifiableai.manifest.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.OpenFile;

/**
 * One pass over the content of listed files. Threads take the next piece of work from counters, so that nothing queues, and
 * each holds one buffer.
 */
final class HashingRun {

    // Fits a core's second-level cache, where it was fastest.
    private static final int BUFFER_SIZE = 256 << 10;

    /** Files from this size are begun first, the largest before all, so that no thread is left alone with one. */
    private static final long LARGE = 16L << 20;

    // What one more thread has to find to do, or starting it takes longer than its share of the work.
    private static final long BYTES_FOR_A_THREAD = 1L << 20;
    private static final long FILES_FOR_A_THREAD = 64;

    private final Path folder;
    private final List<FolderListing.Entry> files;
    private final long bytes;
    private final Wanted wanted;
    private final Progress progress;
    private final @Nullable Result[] results;
    private final List<ShardDigest> shards = new ArrayList<>();

    private final List<SharedFile> shared = new ArrayList<>();
    private final List<Shard> nextShards = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();
    private final AtomicInteger nextShard = new AtomicInteger();
    private final AtomicInteger nextFile = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * What is asked of the content.
     *
     * @param files whether whole files are hashed; else their shards alone
     * @param shardSize the size of shards in bytes, or 0 where none are wanted
     * @param gitIds the names of files of which the git blob id is wanted, beside blobs that are called by it
     */
    record Wanted(boolean files, long shardSize, Predicate<String> gitIds) {}

    /**
     * What was found of one file.
     *
     * @param entry as a cache keeps it, or null where it could not be trusted later
     * @param gitId of those that are asked for
     */
    record Result(
            FileDigest digest,
            HashCache.@Nullable Entry entry,
            @Nullable Bytes gitId) {}

    private record Shard(SharedFile file, long start, long end) {}

    /**
     * Prepares a run.
     *
     * @param results one place for each file; those that are filled are not hashed
     */
    HashingRun(
            Path folder,
            List<FolderListing.Entry> files,
            @Nullable Result[] results,
            Wanted wanted,
            HashingListener listener) {
        this.folder = folder;
        this.files = files;
        this.results = results;
        this.wanted = wanted;
        this.bytes = files.stream().mapToLong(FolderListing.Entry::size).sum();
        this.progress = new Progress(listener, bytes, files.size());
    }

    List<ShardDigest> shards() {
        shards.sort(Comparator.comparing(ShardDigest::resource, FileNames.ORDER));
        return shards;
    }

    /** Hashes with at most {@code threads} threads, of which the calling one is the first; none of them outlives the call. */
    void run(int threads) throws MalformedEvidenceException, IOException {
        plan();
        progress.tell();
        List<Thread> others = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(threads, useful()); i++) {
                Thread other = new Thread(this::work, "hashing-" + i);
                other.setDaemon(true);
                other.start();
                others.add(other);
            }
            work();
        } finally {
            join(others);
            for (SharedFile file : shared) {
                file.close();
            }
        }
        rethrow(failure.get());
        progress.tell();
    }

    private long useful() {
        long parts = (long) nextShards.size() + order.size();
        return Math.min(parts, 1 + bytes / BYTES_FOR_A_THREAD + parts / FILES_FOR_A_THREAD);
    }

    private void plan() {
        for (int i = 0; i < files.size(); i++) {
            FolderListing.Entry file = files.get(i);
            if (results[i] != null) {
                progress.read(file.size());
                progress.fileDone();
            } else if (wanted.files() || file.size() <= wanted.shardSize()) {
                order.add(i);
            } else {
                planShards(file);
            }
        }
        // Stable: files that are not large stay in the order of their folders.
        order.sort(Comparator.comparingLong(
                i -> files.get(i).size() < LARGE ? 0 : -files.get(i).size()));
    }

    private void planShards(FolderListing.Entry file) {
        long size = file.size();
        SharedFile parts = new SharedFile(folder, file, (size - 1) / wanted.shardSize() + 1);
        shared.add(parts);
        for (long start = 0; start < size; start += wanted.shardSize()) {
            nextShards.add(new Shard(parts, start, Math.min(size, start + wanted.shardSize())));
        }
    }

    private void join(List<Thread> others) {
        boolean interrupted = false;
        for (Thread other : others) {
            while (other.isAlive()) {
                try {
                    other.join();
                } catch (InterruptedException e) {
                    failure.compareAndSet(null, new ClosedByInterruptException());
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws MalformedEvidenceException, IOException {
        if (failure instanceof MalformedEvidenceException malformed) {
            throw malformed;
        }
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
    }

    private void work() {
        try (Worker worker = new Worker()) {
            for (int i = nextShard.getAndIncrement(); i < nextShards.size(); i = nextShard.getAndIncrement()) {
                worker.hashShard(nextShards.get(i));
            }
            for (int i = nextFile.getAndIncrement(); i < order.size(); i = nextFile.getAndIncrement()) {
                worker.hashFile(order.get(i));
            }
        } catch (Stopped e) {
            // Another thread says why.
        } catch (Throwable e) { // whatever it is, the calling thread throws it
            failure.compareAndSet(null, e);
        }
    }

    /** Ends the work of a thread after another one failed. */
    private static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** What one thread works with. */
    private final class Worker implements Closeable {

        private final FileOpener opener;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
        private final MessageDigest whole = Digests.sha256();
        private final MessageDigest part = Digests.sha256();
        private @Nullable MessageDigest git;

        Worker() throws IOException {
            this.opener = new FileOpener(folder);
        }

        void hashFile(int index) throws MalformedEvidenceException, IOException {
            FolderListing.Entry file = files.get(index);
            if (!wanted.files() && file.size() == 0) {
                progress.fileDone();
                return;
            }
            long hashed = OpenFile.now();
            try (OpenFile in = opener.open(file)) {
                long size = in.state().size();
                String blob = file.blob();
                MessageDigest sha1 = (blob != null && BlobStore.isGitId(blob))
                                || wanted.gitIds().test(file.name())
                        ? gitBlob(size)
                        : null;
                boolean parts = wanted.files() && wanted.shardSize() > 0 && size > wanted.shardSize();
                whole.reset();
                for (long at = 0; at < size; at += buffer.limit()) {
                    long end = parts ? Math.min(size, (at / wanted.shardSize() + 1) * wanted.shardSize()) : size;
                    read(in, at, end);
                    whole.update(buffer.array(), 0, buffer.limit());
                    if (sha1 != null) {
                        sha1.update(buffer.array(), 0, buffer.limit());
                    }
                    if (parts) {
                        part.update(buffer.array(), 0, buffer.limit());
                        if (at + buffer.limit() == end) {
                            long start = (end - 1) / wanted.shardSize() * wanted.shardSize();
                            add(new ShardDigest(file.name(), start, end, Bytes.of(part.digest())));
                        }
                    }
                }
                in.requireSteady();
                Bytes sha256 = Bytes.of(whole.digest());
                Bytes gitId = sha1 == null ? null : Bytes.of(sha1.digest());
                if (blob != null) {
                    BlobStore.requireName(file.name(), blob, BlobStore.isGitId(blob) && gitId != null ? gitId : sha256);
                }
                if (wanted.shardSize() > 0 && size > 0 && !parts) {
                    add(new ShardDigest(file.name(), 0, size, sha256));
                }
                if (wanted.files()) {
                    String stamp = file.stamp() == null ? null : HashCache.stamp(in.state());
                    results[index] = new Result(
                            new FileDigest(file.name(), size, sha256),
                            stamp == null ? null : new HashCache.Entry(file.name(), stamp, hashed, sha256),
                            gitId);
                }
            }
            progress.fileDone();
        }

        void hashShard(Shard shard) throws MalformedEvidenceException, IOException {
            OpenFile in = shard.file().open();
            whole.reset();
            for (long at = shard.start(); at < shard.end(); at += buffer.limit()) {
                read(in, at, shard.end());
                whole.update(buffer.array(), 0, buffer.limit());
            }
            String name = shard.file().entry().name();
            add(new ShardDigest(name, shard.start(), shard.end(), Bytes.of(whole.digest())));
            if (shard.file().shardDone()) {
                progress.fileDone();
            }
        }

        private void read(OpenFile in, long at, long end) throws MalformedEvidenceException, IOException {
            if (failure.get() != null) {
                throw new Stopped();
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            in.readFully(buffer, at);
            buffer.flip();
            progress.read(buffer.limit());
        }

        // A git object's id is over its type, its size in decimal, a zero byte, and its content.
        private MessageDigest gitBlob(long size) {
            if (git == null) {
                git = Digests.sha1();
            }
            git.reset();
            git.update(Bytes.utf8("blob " + size + "\0").toByteArray());
            return git;
        }

        @Override
        public void close() throws IOException {
            opener.close();
        }
    }

    private void add(ShardDigest shard) {
        synchronized (shards) {
            shards.add(shard);
        }
    }
}
