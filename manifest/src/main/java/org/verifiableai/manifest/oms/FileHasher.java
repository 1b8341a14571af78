package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderHasher;
import org.verifiableai.manifest.files.ShardDigest;

/**
 * Hashes the files of a model as a statement lists them, whole or in parts.
 *
 * @param shardSize of parts, in bytes; without meaning for whole files
 */
record FileHasher(Serialization serialization, long shardSize) {

    /**
     * What the format lists of some files: one entry of each, or one of each part, of which an empty file has none.
     *
     * @param root below which the names are
     * @throws MalformedEvidenceException if one is no regular file, changed while it was read, or has too many parts
     * @throws IOException if one cannot be read
     */
    List<Resource> hash(Path root, Collection<String> names) throws MalformedEvidenceException, IOException {
        List<Resource> resources = new ArrayList<>();
        if (names.isEmpty()) {
            return resources;
        }
        FolderHasher.Builder hasher = FolderHasher.builder().only(names);
        if (serialization == Serialization.FILES) {
            for (FileDigest file : hasher.build().hash(root).digest().files()) {
                resources.add(Resource.ofFile(file.name(), file.sha256()));
            }
        } else {
            for (ShardDigest part : hasher.shardSize(shardSize).build().shards(root)) {
                resources.add(new Resource(part.name(), part.start(), part.end(), part.sha256()));
            }
        }
        return resources;
    }
}
