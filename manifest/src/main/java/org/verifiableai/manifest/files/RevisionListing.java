package org.verifiableai.manifest.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.OpenFile;
import org.verifiableai.manifest.internal.files.OpenFolder;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** What the cache of Hugging Face noted of a revision's files when it asked the service, {@code trees/COMMIT.json}. */
final class RevisionListing {

    private static final String FIELD = "revision listing";
    private static final long FORMAT_VERSION = 1;
    private static final int MAX_SIZE = 64 << 20;
    private static final int GIT_ID_SIZE = 20;

    private final Map<String, Listed> files;

    private RevisionListing(Map<String, Listed> files) {
        this.files = files;
    }

    /**
     * A listed file.
     *
     * @param sha256 of a file in large file storage; else {@code gitId} is of its content
     */
    private record Listed(long size, Bytes gitId, Optional<Bytes> sha256) {}

    static Optional<RevisionListing> read(Path file) throws MalformedEvidenceException, IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (OpenFolder folder = OpenFolder.open(Objects.requireNonNull(file.getParent()));
                OpenFile in = OpenFile.open(
                        folder, Objects.requireNonNull(file.getFileName()).toString(), FIELD)) {
            if (in.state().size() > MAX_SIZE) {
                throw JsonObject.wrong(
                        FIELD, "at most " + MAX_SIZE + " bytes", in.state().size() + " bytes");
            }
            ByteBuffer content = ByteBuffer.allocate((int) in.state().size());
            in.readFully(content, 0);
            in.requireSteady();
            return Optional.of(parse(Bytes.of(content.array())));
        }
    }

    static RevisionListing parse(Bytes json) throws MalformedEvidenceException {
        JsonObject root = JsonObject.of(FIELD, StrictJson.parse(FIELD, json, MAX_SIZE));
        if (root.natural("format_version") != FORMAT_VERSION) {
            throw root.wrongMember(
                    "format_version", "1", root.member("format_version").asText());
        }
        Map<String, Listed> files = new TreeMap<>(FileNames.ORDER);
        for (Map.Entry<String, JsonNode> member : root.object("files").node().properties()) {
            files.put(member.getKey(), listed(JsonObject.of(FIELD + "." + member.getKey(), member.getValue())));
        }
        return new RevisionListing(files);
    }

    private static Listed listed(JsonObject file) throws MalformedEvidenceException {
        Bytes gitId = file.hex("blob_id");
        if (gitId.size() != GIT_ID_SIZE) {
            throw file.wrongMember("blob_id", "40 hex digits", gitId.hex());
        }
        boolean large = file.has("lfs_sha256");
        return new Listed(
                file.natural(large && file.has("lfs_size") ? "lfs_size" : "size"),
                gitId,
                large ? Optional.of(file.sha256("lfs_sha256")) : Optional.empty());
    }

    /** Whether a file's own git blob id is listed, and not that of a pointer to it. */
    boolean hasGitId(String name) {
        Listed listed = files.get(name);
        return listed != null && listed.sha256().isEmpty();
    }

    /** Refuses a file that is not as it is listed. */
    void require(FileDigest file, Optional<Bytes> gitId) throws MalformedEvidenceException {
        Listed listed = files.get(file.name());
        if (listed == null) {
            throw JsonObject.wrong(file.name(), "a file of the revision", "one that its list does not name");
        }
        if (listed.size() != file.size()) {
            throw JsonObject.wrong(file.name(), listed.size() + " bytes as listed", file.size() + " bytes");
        }
        Bytes expected = listed.sha256().orElse(listed.gitId());
        Bytes found = listed.sha256().isPresent() ? file.sha256() : gitId.orElse(Bytes.EMPTY);
        if (!found.equals(expected)) {
            throw JsonObject.wrong(file.name(), "content of " + expected + " as listed", "content of " + found);
        }
    }

    List<String> missing(FolderDigest found) {
        Set<String> names = found.files().stream().map(FileDigest::name).collect(Collectors.toSet());
        List<String> missing = new ArrayList<>(files.keySet());
        missing.removeAll(names);
        return List.copyOf(missing);
    }
}
