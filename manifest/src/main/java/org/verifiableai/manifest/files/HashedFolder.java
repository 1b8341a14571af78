package org.verifiableai.manifest.files;

import java.util.List;
import java.util.Objects;

/**
 * What hashing a folder gave. Immutable.
 *
 * @param digest the files and their digests
 * @param shards the digests of their parts, in the order of the code points of {@link ShardDigest#resource()}; none unless
 *     they were asked for, and none for a file without content
 * @param trusted the names of files whose content was not read, since a {@link HashCache} had the digest of a file with
 *     the same size, times and key; in order
 */
public record HashedFolder(FolderDigest digest, List<ShardDigest> shards, List<String> trusted) {

    /** Copies its collections. */
    public HashedFolder {
        Objects.requireNonNull(digest, "digest");
        shards = List.copyOf(shards);
        trusted = List.copyOf(trusted);
    }
}
