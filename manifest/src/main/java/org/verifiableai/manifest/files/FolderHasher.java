package org.verifiableai.manifest.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * Hashes what is below a folder, with several threads and in bounded memory. Immutable and thread-safe.
 *
 * <p>Every file is opened once and read once. Threads share out files, and the shards of a huge one; the SHA-256 of one
 * whole file is one thread's work, since each step of it needs the one before. Each thread holds one buffer of 256 KiB, and
 * beside it grows only the list of results.
 *
 * <p>What a digest says is what the folder's files held while they were read. A file is refused if its size, its times, its
 * key (device and inode) or its kind differ afterwards from what they were before: so it is if it was written, replaced or
 * renamed meanwhile, also by somebody who set its time of writing back. It does not say that the folder as a whole ever
 * looked like that at one instant, nor that it still does: hash what you load, where you load it from.
 *
 * <p>Symbolic links are refused or read as {@link LinkRule} says, folders that are replaced by one meanwhile are not
 * entered, and pipes, sockets and devices are refused before they are opened. Two names of one file, hard links, are two
 * files with the same content: a link does not tell which of its names is the right one, and whoever holds another name
 * could write to the file at any time, as anybody could who may write to it.
 */
public final class FolderHasher {

    /** How many files and shards are taken at most, unless a hasher is told otherwise. */
    public static final int MAX_FILES = 1_000_000;

    /** The size of a shard in bytes, unless a hasher is told otherwise (OpenSSF Model Signing v1.0). */
    public static final long SHARD_SIZE = 1_000_000_000;

    private final int threads;
    private final Rules rules;
    private final HashingListener listener;
    private final long shardSize;

    private FolderHasher(Builder builder) {
        this.threads = builder.threads;
        this.rules = new Rules(
                Set.copyOf(builder.excluded),
                Set.copyOf(builder.ignored),
                Optional.ofNullable(builder.only),
                builder.links,
                builder.maxFiles,
                Optional.ofNullable(builder.cache));
        this.listener = builder.listener;
        this.shardSize = builder.shardSize;
    }

    /** What belongs to a folder. */
    record Rules(
            Set<String> excluded,
            Set<String> ignored,
            Optional<Set<String>> only,
            LinkRule links,
            int maxFiles,
            Optional<HashCache> cache) {}

    /** Begins with a hasher that refuses links, leaves nothing out, and uses all processors. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Hashes the files of a folder. Reads the disk, and writes to it if there is a {@link Builder#cache}.
     *
     * @param folder the folder; a link to it is followed
     * @return the digests of all files, and what else was asked for
     * @throws MalformedEvidenceException if the folder holds a link or a special file, a name that could mean another file
     *     elsewhere, no file, or too many; if a file changed while it was read; if a blob's content is not what its name
     *     says; or if the cache is damaged or one that others may write to
     * @throws IOException if something cannot be read or written; a {@link java.nio.channels.ClosedByInterruptException} if
     *     the calling thread was interrupted
     */
    public HashedFolder hash(Path folder) throws MalformedEvidenceException, IOException {
        return run(folder, name -> false).hashed();
    }

    /**
     * A folder's digests, and git blob ids where they were asked for.
     *
     * @param gitIds by name
     */
    record Run(HashedFolder hashed, TreeMap<String, Bytes> gitIds) {}

    /** As {@link #hash}, with the git blob ids of some files. */
    Run run(Path folder, Predicate<String> gitIds) throws MalformedEvidenceException, IOException {
        Path real = folder.toRealPath();
        HashCache cache = rules.cache().orElse(null);
        if (cache != null) {
            cache.requireOutside(real);
        }
        List<FolderListing.Entry> files = FolderListing.of(real, rules);
        requireShards(files, shardSize);
        HashingRun.@Nullable Result[] results = new HashingRun.@Nullable Result[files.size()];
        List<String> trusted = cache == null ? List.of() : trust(cache, files, gitIds, results);
        HashingRun run = new HashingRun(real, files, results, new HashingRun.Wanted(true, shardSize, gitIds), listener);
        run.run(threads);

        List<FileDigest> digests = new ArrayList<>(files.size());
        TreeMap<String, Bytes> ids = new TreeMap<>();
        for (HashingRun.Result result : results) {
            FileDigest digest = Objects.requireNonNull(result).digest();
            digests.add(digest);
            if (result.gitId() != null) {
                ids.put(digest.name(), result.gitId());
            }
        }
        HashedFolder hashed = new HashedFolder(digest(digests), run.shards(), trusted);
        if (cache != null) {
            keep(cache, results);
        }
        return new Run(hashed, ids);
    }

    private static FolderDigest digest(List<FileDigest> files) throws MalformedEvidenceException {
        try {
            return new FolderDigest(files);
        } catch (IllegalArgumentException e) {
            // Here the names and their number are what somebody put on disk, not what the caller wrote.
            throw JsonObject.wrong("folder", "a model's files", String.valueOf(e.getMessage()));
        }
    }

    // The cache and the list are in one order, so that neither is held beside the other.
    private static List<String> trust(
            HashCache cache,
            List<FolderListing.Entry> files,
            Predicate<String> gitIds,
            HashingRun.@Nullable Result[] results)
            throws MalformedEvidenceException, IOException {
        List<String> trusted = new ArrayList<>();
        try (HashCache.Reader reader = cache.reader()) {
            int i = 0;
            for (HashCache.Entry kept = reader.next(); kept != null; kept = reader.next()) {
                while (i < files.size() && FileNames.ORDER.compare(files.get(i).name(), kept.name()) < 0) {
                    i++;
                }
                if (i < files.size() && trusts(files.get(i), kept) && !gitIds.test(kept.name())) {
                    results[i] = new HashingRun.Result(
                            new FileDigest(kept.name(), files.get(i).size(), kept.sha256()), kept, null);
                    trusted.add(kept.name());
                }
            }
        }
        return trusted;
    }

    private static boolean trusts(FolderListing.Entry file, HashCache.Entry kept) throws MalformedEvidenceException {
        String blob = file.blob();
        return file.name().equals(kept.name())
                && kept.stamp().equals(file.stamp())
                && kept.lasting()
                // What a blob is called by has to be computed where the cache does not hold it.
                && (blob == null || blob.equals(kept.sha256().hex()));
    }

    private static void keep(HashCache cache, HashingRun.@Nullable Result[] results)
            throws MalformedEvidenceException, IOException {
        try (HashCache.Writer writer = cache.writer()) {
            for (HashingRun.Result result : results) {
                HashCache.Entry entry = Objects.requireNonNull(result).entry();
                if (entry != null && entry.lasting()) {
                    writer.write(entry);
                }
            }
            writer.finish();
        }
    }

    /**
     * Hashes the shards of a folder's files and not the files as wholes (OpenSSF Model Signing v1.0, serialization method
     * "shards"), so that several threads work on one huge file too. A file without content has no shard: an empty file
     * leaves no trace in the list. They are of the size that the builder was given, or of {@link #SHARD_SIZE}. Reads the
     * disk; asks no cache.
     *
     * @param folder the folder; a link to it is followed
     * @return the shards of all files, in the order of the code points of {@link ShardDigest#resource()}; none for a folder
     *     with nothing but empty files
     * @throws MalformedEvidenceException as {@link #hash}, and if there are too many shards; blobs are not compared with
     *     their names, which no shard gives
     * @throws IOException as {@link #hash}
     */
    public List<ShardDigest> shards(Path folder) throws MalformedEvidenceException, IOException {
        long size = shardSize == 0 ? SHARD_SIZE : shardSize;
        Path real = folder.toRealPath();
        List<FolderListing.Entry> files = FolderListing.of(real, rules);
        requireShards(files, size);
        requireDistinct(files);
        HashingRun run = new HashingRun(
                real,
                files,
                new HashingRun.@Nullable Result[files.size()],
                new HashingRun.Wanted(false, size, name -> false),
                listener);
        run.run(threads);
        return List.copyOf(run.shards());
    }

    // A shard size may come from who signed, and is refused before a list of its length is made.
    private void requireShards(List<FolderListing.Entry> files, long size) throws MalformedEvidenceException {
        if (size == 0) {
            return;
        }
        long count = 0;
        for (FolderListing.Entry file : files) {
            count += file.size() == 0 ? 0 : (file.size() - 1) / size + 1;
            if (count > rules.maxFiles()) {
                throw JsonObject.wrong(
                        "folder", "at most " + rules.maxFiles() + " shards of " + size + " bytes", "more");
            }
        }
    }

    private static void requireDistinct(List<FolderListing.Entry> files) throws MalformedEvidenceException {
        var twins =
                FileNames.twins(files.stream().map(FolderListing.Entry::name).toList());
        if (twins.isPresent()) {
            throw JsonObject.wrong("folder", "names that differ in more than case and composition", twins.get());
        }
    }

    private static void requirePositive(String what, long number) {
        if (number <= 0) {
            throw new IllegalArgumentException(what + ": expected a positive number, found " + number);
        }
    }

    /** Says how to hash. Not thread-safe. */
    public static final class Builder {

        private int threads = Runtime.getRuntime().availableProcessors();
        private final Set<String> excluded = new TreeSet<>();
        private final Set<String> ignored = new TreeSet<>();
        private @Nullable Set<String> only;
        private LinkRule links = LinkRule.REFUSE;
        private int maxFiles = MAX_FILES;
        private HashingListener listener = progress -> {};
        private @Nullable HashCache cache;
        private long shardSize;

        private Builder() {}

        /**
         * How many threads work at most, the calling one among them; as many as there are processors by default. Others
         * are begun for a call and end with it.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder threads(int number) {
            requirePositive("threads", number);
            this.threads = number;
            return this;
        }

        /**
         * Leaves out entries directly in the folder, whatever they are, and what is below them.
         *
         * @throws IllegalArgumentException if a name is none of one entry
         */
        public Builder exclude(String... names) {
            return exclude(Arrays.asList(names));
        }

        /**
         * Leaves out entries directly in the folder, whatever they are, and what is below them.
         *
         * @throws IllegalArgumentException if a name is none of one entry
         */
        public Builder exclude(Iterable<String> names) {
            for (String name : names) {
                if (name.isEmpty() || name.indexOf('/') >= 0) {
                    throw new IllegalArgumentException("exclude: expected a name without /, found " + name);
                }
                excluded.add(name);
            }
            return this;
        }

        /**
         * Leaves out entries by their path below the folder, whatever they are, and what is below them. Paths are compared
         * byte by byte and stand for nothing but themselves; one that looks like a pattern is refused, since it would not
         * do what it seems to.
         *
         * @param paths relative, with {@code /} between components
         * @throws IllegalArgumentException if a path is not relative, has an empty, {@code .} or {@code ..} component, or
         *     holds {@code *} or {@code ?}
         */
        public Builder ignore(String... paths) {
            return ignore(Arrays.asList(paths));
        }

        /**
         * Leaves out entries by their path below the folder, as {@link #ignore(String...)}.
         *
         * @param paths relative, with {@code /} between components
         * @throws IllegalArgumentException as {@link #ignore(String...)}
         */
        public Builder ignore(Iterable<String> paths) {
            for (String path : paths) {
                FileNames.defect(path).ifPresent(expected -> {
                    throw new IllegalArgumentException("ignore: expected " + expected + ", found " + path);
                });
                if (path.indexOf('*') >= 0 || path.indexOf('?') >= 0) {
                    throw new IllegalArgumentException("ignore: expected a path and no pattern, found " + path);
                }
                ignored.add(path);
            }
            return this;
        }

        /**
         * Takes these files, and neither lists the folder nor leaves anything out: for who knows already what it holds. One
         * that is not there cannot be read. A cache keeps what it is told of them and forgets the others.
         *
         * @param names of files below the folder, with {@code /} between components
         * @throws IllegalArgumentException if a name could mean another file on some file system
         */
        public Builder only(Iterable<String> names) {
            Set<String> taken = new TreeSet<>(FileNames.ORDER);
            for (String name : names) {
                FileNames.defect(name).ifPresent(expected -> {
                    throw new IllegalArgumentException("file name: expected " + expected + ", found " + name);
                });
                taken.add(name);
            }
            this.only = taken;
            return this;
        }

        /** What links are taken for; refused by default. */
        public Builder links(LinkRule rule) {
            this.links = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /**
         * How many files, and how many shards, are taken at most; {@link FolderHasher#MAX_FILES} by default. A manifest
         * has its own limit, which is lower.
         *
         * @throws IllegalArgumentException if it is not 1 to {@link FolderHasher#MAX_FILES}
         */
        public Builder maxFiles(int number) {
            if (number < 1 || number > MAX_FILES) {
                throw new IllegalArgumentException("max files: expected 1 to " + MAX_FILES + ", found " + number);
            }
            this.maxFiles = number;
            return this;
        }

        /** Who hears how far it is; nobody by default. */
        public Builder listener(HashingListener hearing) {
            this.listener = Objects.requireNonNull(hearing, "hearing");
            return this;
        }

        /** Where digests of an earlier run are taken from and kept for a later one; none by default. */
        public Builder cache(HashCache kept) {
            this.cache = Objects.requireNonNull(kept, "kept");
            return this;
        }

        /**
         * Has {@link FolderHasher#hash} give shards of that size too, in the same pass, where it gives none by default. A
         * file that is larger is then hashed twice over by its thread, for the whole and for its parts;
         * {@link FolderHasher#shards} saves the former.
         *
         * @param size in bytes
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder shardSize(long size) {
            requirePositive("shard size", size);
            this.shardSize = size;
            return this;
        }

        /**
         * A hasher that does so.
         *
         * @throws IllegalArgumentException if it were to trust a cache and to give shards, which need all content
         */
        public FolderHasher build() {
            if (cache != null && shardSize > 0) {
                throw new IllegalArgumentException(
                        "cache: expected no shards, which it does not hold, found shards of " + shardSize + " bytes");
            }
            return new FolderHasher(this);
        }
    }
}
