package org.verifiableai.manifest.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * One revision of a repository in a cache of Hugging Face: a folder {@code models--org--name/snapshots/COMMIT}, or the same
 * of a data set or a space. Immutable and thread-safe.
 *
 * <p>What {@link #hash} proves: every file holds what its blob is called by, SHA-256 or the git blob id, and what the
 * cache's list of the revision says of it, where there is one. So nothing was damaged, exchanged or changed under its name.
 *
 * <p>What it does not prove: that the files are those of the commit. The folder's path says so, and whoever can write to
 * the cache can write any commit there, together with blobs that have the right names for other contents. The commit's
 * tree, which would tell, is not in the cache. So compare {@link FolderDigest#files()} with digests from elsewhere, which is
 * what a manifest holds. Nor does it prove that the snapshot is whole: one with some of its files is normal, and
 * {@link #missing} tells where the cache has a list.
 *
 * <p>A snapshot that was made without support for links holds the files themselves, and is hashed too.
 */
public final class HuggingFaceSnapshot {

    /**
     * Where a download into a folder of one's own, {@code local_dir}, keeps its notes below that folder. They are no part
     * of a model: leave them out with {@link FolderHasher.Builder#ignore(String...)}. A snapshot has none.
     */
    public static final String DOWNLOAD_NOTES = ".cache/huggingface";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");
    private static final Pattern REPOSITORY = Pattern.compile("(models|datasets|spaces)--(?:(.+?)--)?(.+)");
    private static final String FOLDER = "huggingface snapshot";

    private final Path folder;
    private final Kind kind;
    private final String repository;
    private final String commit;

    private HuggingFaceSnapshot(Path folder, Kind kind, String repository, String commit) {
        this.folder = folder;
        this.kind = kind;
        this.repository = repository;
        this.commit = commit;
    }

    /** What a repository holds. */
    public enum Kind {
        MODELS,
        DATASETS,
        SPACES
    }

    /**
     * Opens a snapshot by its folder, and reads nothing but its path.
     *
     * @param folder the folder whose name is the commit; a link to it is followed
     * @throws MalformedEvidenceException if the path is none of a snapshot: a branch's or tag's name in place of the commit,
     *     or the name of no repository
     * @throws IOException if there is no such folder
     */
    public static HuggingFaceSnapshot open(Path folder) throws MalformedEvidenceException, IOException {
        Path real = folder.toRealPath();
        int depth = real.getNameCount();
        if (depth < 3 || !real.getName(depth - 2).toString().equals("snapshots")) {
            throw JsonObject.wrong(FOLDER, "a folder in snapshots/ of a repository", real.toString());
        }
        String commit = real.getName(depth - 1).toString();
        if (!COMMIT.matcher(commit).matches()) {
            throw JsonObject.wrong(FOLDER, "a commit of 40 lower-case hex digits", commit);
        }
        String name = real.getName(depth - 3).toString();
        Matcher parts = REPOSITORY.matcher(name);
        if (!parts.matches() || !isName(parts.group(2)) || !isName(parts.group(3))) {
            throw JsonObject.wrong(FOLDER, "models--ORG--NAME, datasets--ORG--NAME or spaces--ORG--NAME", name);
        }
        String organisation = parts.group(2);
        return new HuggingFaceSnapshot(
                real,
                Kind.valueOf(Objects.requireNonNull(parts.group(1)).toUpperCase(Locale.ROOT)),
                (organisation == null ? "" : organisation + "/") + parts.group(3),
                commit);
    }

    private static boolean isName(@Nullable String name) {
        return name == null || (NAME.matcher(name).matches() && !name.contains("--") && !name.contains(".."));
    }

    /** The folder, as a path without links. */
    public Path folder() {
        return folder;
    }

    /** What the repository holds. */
    public Kind kind() {
        return kind;
    }

    /** The repository, {@code org/name}, or {@code name} for one that belongs to no organisation. Case matters. */
    public String repository() {
        return repository;
    }

    /** The commit, 40 lower-case hex digits. */
    public String commit() {
        return commit;
    }

    /**
     * The package URL, {@code pkg:huggingface/org/name@commit}. The scheme is one of models; data sets and spaces stand
     * under {@code datasets/} and {@code spaces/}, as they do in addresses of that service.
     */
    public String uri() {
        String path = kind == Kind.MODELS ? "" : kind.name().toLowerCase(Locale.ROOT) + "/";
        return "pkg:huggingface/" + path + repository + "@" + commit;
    }

    /**
     * Hashes the snapshot with all processors, under names relative to it.
     *
     * @throws MalformedEvidenceException as {@link #hash(FolderHasher.Builder)}
     * @throws IOException if something cannot be read
     */
    public HashedFolder hash() throws MalformedEvidenceException, IOException {
        return hash(FolderHasher.builder());
    }

    /**
     * Hashes the snapshot, under names relative to it.
     *
     * @param options how; links are taken as {@link LinkRule#HUGGING_FACE} whatever it says of them
     * @throws MalformedEvidenceException as {@link FolderHasher#hash}; if a link leads elsewhere than to {@code blobs/} of
     *     the same repository; if a file is not what its blob's name says, or what the list of the revision says; or if the
     *     folder has {@link #DOWNLOAD_NOTES}
     * @throws IOException if something cannot be read
     */
    public HashedFolder hash(FolderHasher.Builder options) throws MalformedEvidenceException, IOException {
        if (Files.exists(folder.resolve(DOWNLOAD_NOTES), LinkOption.NOFOLLOW_LINKS)) {
            throw JsonObject.wrong(FOLDER, "no notes of a download", DOWNLOAD_NOTES);
        }
        Optional<RevisionListing> listing = listing();
        FolderHasher hasher = options.links(LinkRule.HUGGING_FACE).build();
        FolderHasher.Run run =
                hasher.run(folder, name -> listing.filter(l -> l.hasGitId(name)).isPresent());
        if (listing.isPresent()) {
            for (FileDigest file : run.hashed().digest().files()) {
                Bytes gitId = run.gitIds().get(file.name());
                listing.orElseThrow().require(file, Optional.ofNullable(gitId));
            }
        }
        return run.hashed();
    }

    /**
     * The files of the revision that are not among {@code found}, in order; empty where the cache has no list of it.
     *
     * @throws MalformedEvidenceException if the list is none
     * @throws IOException if it cannot be read
     */
    public Optional<List<String>> missing(FolderDigest found) throws MalformedEvidenceException, IOException {
        Optional<RevisionListing> listing = listing();
        return listing.isPresent() ? Optional.of(listing.orElseThrow().missing(found)) : Optional.empty();
    }

    private Optional<RevisionListing> listing() throws MalformedEvidenceException, IOException {
        Path repositoryFolder = Objects.requireNonNull(
                Objects.requireNonNull(folder.getParent()).getParent());
        return RevisionListing.read(repositoryFolder.resolve("trees").resolve(commit + ".json"));
    }
}
