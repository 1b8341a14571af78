package org.verifiableai.manifest.oms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * The payload of a model signature (OpenSSF Model Signing v1.0, schemas of statement and predicate). Immutable.
 *
 * @param name what the signer called the model
 * @param root the digest of the subject, which need not be the right one
 * @param serialization how the model is listed
 * @param shardSize bytes of a part; 0 where whole files are listed
 * @param ignorePaths what the signer left out; empty where the statement says nothing of it
 * @param resources what is listed, in the listed order
 */
record OmsStatement(
        String name,
        Bytes root,
        Serialization serialization,
        long shardSize,
        List<String> ignorePaths,
        List<Resource> resources) {

    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    static final String TYPE = "https://in-toto.io/Statement/v1";
    static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";
    static final String PREDICATE_TYPE_OF_0_2 = "https://model_signing/Digests/v0.1";

    /** The name of a model that is one file, in bundles from before v1.0.1. */
    static final String SINGLE_FILE = ".";

    private static final String ROOT = "statement";
    private static final String SHA256 = "sha256";
    private static final int MAX_RESOURCES = 1_000_000;
    private static final int MAX_IGNORE_PATHS = 100_000;
    private static final Pattern SHARD =
            Pattern.compile("(.+):(0|[1-9][0-9]{0,15}):([1-9][0-9]{0,15})", Pattern.DOTALL);

    OmsStatement {
        ignorePaths = List.copyOf(ignorePaths);
        resources = List.copyOf(resources);
    }

    /** Reads the payload as JSON. */
    static JsonObject json(Bytes payload) throws MalformedEvidenceException {
        // The reference implementation writes the size of shards as a number with a fraction, 8.0.
        return JsonObject.of(ROOT, StrictJson.parseIJson(ROOT, payload, payload.size()));
    }

    /** What is wrong with the version of a statement, or nothing. */
    static Optional<String> versionDefect(JsonObject statement) throws MalformedEvidenceException {
        String predicateType = statement.text("predicateType");
        if (predicateType.equals(PREDICATE_TYPE_OF_0_2)) {
            return Optional.of(
                    "statement.predicateType: " + PREDICATE_TYPE_OF_0_2 + " is of v0.2.0, which has no digest over"
                            + " the whole list and signed its payload in another form than DSSE; sign the model again");
        }
        statement.requireText("_type", TYPE);
        statement.requireText("predicateType", PREDICATE_TYPE);
        return Optional.empty();
    }

    /** Reads a statement whose version is the right one. */
    static OmsStatement parse(JsonObject statement) throws MalformedEvidenceException {
        statement.requireOnly(Set.of("_type", "subject", "predicateType", "predicate"));
        List<JsonObject> subjects = statement.objects("subject", 1);
        if (subjects.isEmpty()) {
            throw statement.wrongMember("subject", "exactly one subject", "none");
        }
        JsonObject subject = subjects.get(0);
        String name = subject.text("name");
        if (name.isEmpty()) {
            throw subject.wrongMember("name", "a name", "an empty one");
        }
        Bytes root = subject.object("digest").sha256(SHA256);

        JsonObject predicate = statement.object("predicate");
        predicate.requireOnly(Set.of("resources", "serialization"));
        JsonObject how = predicate.object("serialization");
        how.requireOnly(Set.of("method", "hash_type", "allow_symlinks", "ignore_paths", "shard_size"));
        Serialization serialization = serialization(how);
        String hash = how.text("hash_type");
        if (!hash.equals(SHA256)) {
            throw how.wrongMember("hash_type", SHA256 + ", which is the one that every tool has", hash);
        }
        if (!how.member("allow_symlinks").isBoolean()) {
            throw how.wrongMember("allow_symlinks", "true or false", "something else");
        }
        long shardSize = shardSize(how, serialization);
        return new OmsStatement(
                name, root, serialization, shardSize, ignorePaths(how), resources(predicate, serialization, shardSize));
    }

    private static Serialization serialization(JsonObject how) throws MalformedEvidenceException {
        String method = how.text("method");
        for (Serialization known : Serialization.values()) {
            if (known.method().equals(method)) {
                return known;
            }
        }
        throw how.wrongMember("method", "files or shards", method);
    }

    private static long shardSize(JsonObject how, Serialization serialization) throws MalformedEvidenceException {
        if (serialization == Serialization.FILES) {
            if (how.has("shard_size")) {
                throw how.wrongMember("shard_size", "none where whole files are listed", "one");
            }
            return 0;
        }
        JsonNode size = how.member("shard_size");
        double value = size.isNumber() ? size.doubleValue() : 0;
        if (value < 1 || value > StrictJson.MAX_SAFE_INTEGER || value != Math.rint(value)) {
            throw how.wrongMember(
                    "shard_size", "a whole number of bytes, at least 1", size.isNumber() ? "another number" : "none");
        }
        return (long) value;
    }

    private static List<String> ignorePaths(JsonObject how) throws MalformedEvidenceException {
        if (!how.has("ignore_paths")) {
            return List.of();
        }
        JsonNode array = how.member("ignore_paths");
        if (!array.isArray() || array.size() > MAX_IGNORE_PATHS) {
            throw how.wrongMember(
                    "ignore_paths", "an array of at most " + MAX_IGNORE_PATHS + " paths", "something else");
        }
        SortedSet<String> paths = new TreeSet<>();
        for (JsonNode path : array) {
            if (!path.isTextual()) {
                throw how.wrongMember("ignore_paths", "paths", "something else");
            }
            Optional<String> defect = IgnoredPaths.defect(path.textValue());
            if (defect.isPresent()) {
                throw how.wrongMember("ignore_paths", defect.get(), path.textValue());
            }
            paths.add(path.textValue());
        }
        return List.copyOf(paths);
    }

    private static List<Resource> resources(JsonObject predicate, Serialization serialization, long shardSize)
            throws MalformedEvidenceException {
        List<Resource> resources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonObject entry : predicate.objects("resources", MAX_RESOURCES)) {
            requireAlgorithm(entry, serialization, shardSize);
            String name = entry.text("name");
            Bytes digest = entry.sha256("digest");
            if (!names.add(name)) {
                throw entry.wrongMember("name", "each name once", name + " again");
            }
            resources.add(
                    serialization == Serialization.FILES
                            ? Resource.ofFile(name, digest)
                            : shard(entry, name, digest, shardSize));
        }
        if (resources.isEmpty()) {
            throw predicate.wrongMember("resources", "at least one file", "none");
        }
        return resources;
    }

    // The schema has the hash alone; the reference implementation writes the size of shards behind it.
    private static void requireAlgorithm(JsonObject entry, Serialization serialization, long shardSize)
            throws MalformedEvidenceException {
        String algorithm = entry.text("algorithm");
        boolean known = algorithm.equals(SHA256)
                || (serialization == Serialization.SHARDS && algorithm.equals(SHA256 + "-sharded-" + shardSize));
        if (!known) {
            throw entry.wrongMember("algorithm", SHA256, algorithm);
        }
    }

    private static Resource shard(JsonObject entry, String name, Bytes digest, long shardSize)
            throws MalformedEvidenceException {
        Matcher shard = SHARD.matcher(name);
        if (!shard.matches()) {
            throw entry.wrongMember("name", "path:start:end", name);
        }
        long start = Long.parseLong(shard.group(2));
        long end = Long.parseLong(shard.group(3));
        if (start % shardSize != 0 || end <= start || end - start > shardSize) {
            throw entry.wrongMember("name", "offsets of a part of " + shardSize + " bytes or of the last one", name);
        }
        return new Resource(shard.group(1), start, end, digest);
    }

    /** Writes a statement; what is listed goes out in the order of the format, which is by code point of the whole name. */
    static Bytes write(
            String model,
            Serialization serialization,
            long shardSize,
            Collection<String> ignored,
            List<Resource> listed) {
        List<Resource> resources = listed.stream()
                .sorted((a, b) -> FileNames.ORDER.compare(a.name(), b.name()))
                .toList();
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement.put("_type", TYPE).put("predicateType", PREDICATE_TYPE);
        statement
                .putArray("subject")
                .addObject()
                .put("name", model)
                .putObject("digest")
                .put(SHA256, rootOf(resources).hex());
        ObjectNode predicate = statement.putObject("predicate");
        ObjectNode how = predicate.putObject("serialization");
        how.put("method", serialization.method()).put("hash_type", SHA256).put("allow_symlinks", false);
        if (serialization == Serialization.SHARDS) {
            how.put("shard_size", shardSize);
        }
        ArrayNode paths = how.putArray("ignore_paths");
        new TreeSet<>(ignored).forEach(paths::add);
        ArrayNode entries = predicate.putArray("resources");
        for (Resource resource : resources) {
            entries.addObject()
                    .put("name", resource.name())
                    .put("algorithm", algorithm(serialization, shardSize))
                    .put("digest", resource.sha256().hex());
        }
        return Jcs.write(statement);
    }

    // The reference implementation compares this word, and so does not take the schema's for shards.
    private static String algorithm(Serialization serialization, long shardSize) {
        return serialization == Serialization.FILES ? SHA256 : SHA256 + "-sharded-" + shardSize;
    }

    /** SHA-256 over the digests in the order of {@code resources}. */
    static Bytes rootOf(List<Resource> resources) {
        MessageDigest root = Digests.sha256();
        for (Resource resource : resources) {
            root.update(resource.sha256().toByteArray());
        }
        return Bytes.of(root.digest());
    }

    /** Whether what is listed stands in the order of the format. */
    boolean isInOrder() {
        for (int i = 1; i < resources.size(); i++) {
            if (FileNames.ORDER.compare(
                            resources.get(i - 1).name(), resources.get(i).name())
                    >= 0) {
                return false;
            }
        }
        return true;
    }
}
