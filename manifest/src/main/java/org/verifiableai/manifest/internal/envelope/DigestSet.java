package org.verifiableai.manifest.internal.envelope;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A DigestSet of in-toto: digests of one thing by algorithm. Values of the algorithms that the specification names are
 * lower-case hex of their length; values of others are kept as they are, and match nothing.
 *
 * @param values by the algorithm's name
 */
public record DigestSet(SortedMap<String, String> values) {

    private static final int MAX_ALGORITHMS = 32;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 1024;
    private static final Pattern LOWER_HEX = Pattern.compile("([0-9a-f]{2})+");

    /** Lengths in bytes. Objects of git have SHA-1 or SHA-256 names. */
    private static final Map<String, Set<Integer>> SIZES = Map.ofEntries(
            Map.entry("md5", Set.of(16)),
            Map.entry("sha1", Set.of(20)),
            Map.entry("sha224", Set.of(28)),
            Map.entry("sha256", Set.of(32)),
            Map.entry("sha384", Set.of(48)),
            Map.entry("sha512", Set.of(64)),
            Map.entry("sha512_224", Set.of(28)),
            Map.entry("sha512_256", Set.of(32)),
            Map.entry("sha3_224", Set.of(28)),
            Map.entry("sha3_256", Set.of(32)),
            Map.entry("sha3_384", Set.of(48)),
            Map.entry("sha3_512", Set.of(64)),
            Map.entry("gitCommit", Set.of(20, 32)),
            Map.entry("gitTree", Set.of(20, 32)),
            Map.entry("gitBlob", Set.of(20, 32)),
            Map.entry("gitTag", Set.of(20, 32)),
            Map.entry("dirHash1", Set.of(32)));

    public DigestSet {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Reads a digest set, which may be empty. */
    static DigestSet parse(JsonObject digest) throws MalformedEvidenceException {
        if (digest.node().size() > MAX_ALGORITHMS) {
            throw JsonObject.wrong(
                    digest.path(),
                    "at most " + MAX_ALGORITHMS + " algorithms",
                    digest.node().size() + " algorithms");
        }
        SortedMap<String, String> values = new TreeMap<>();
        for (Iterator<String> names = digest.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (name.isEmpty() || name.length() > MAX_NAME) {
                throw JsonObject.wrong(digest.path(), "names of 1 to " + MAX_NAME + " characters", name);
            }
            String value = digest.text(name);
            requireForm(digest, name, value);
            values.put(name, value);
        }
        return new DigestSet(values);
    }

    // in-toto attestation, digest_set.md.
    private static void requireForm(JsonObject digest, String name, String value) throws MalformedEvidenceException {
        Set<Integer> sizes = SIZES.get(name);
        if (value.isEmpty() || value.length() > MAX_VALUE) {
            throw digest.wrongMember(name, "1 to " + MAX_VALUE + " characters", value.length() + " characters");
        }
        if (sizes != null && !(LOWER_HEX.matcher(value).matches() && sizes.contains(value.length() / 2))) {
            throw digest.wrongMember(name, "lower-case hex of " + new TreeSet<>(sizes) + " bytes", value);
        }
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The digest by a known algorithm, decoded. */
    public Optional<Bytes> get(String algorithm) {
        return SIZES.containsKey(algorithm)
                ? Optional.ofNullable(values.get(algorithm)).map(Bytes::fromHex)
                : Optional.empty();
    }

    /**
     * Whether this set is about what {@code computed} was computed from: at least one algorithm is in both, and all that
     * are agree. In-toto asks for one that agrees; then an attacker adds the digest that is weakest. What is computed is
     * the allow-list: an algorithm that is too weak is not computed.
     */
    public boolean matches(Map<String, Bytes> computed) {
        boolean any = false;
        for (Map.Entry<String, Bytes> digest : computed.entrySet()) {
            Optional<Bytes> claimed = get(digest.getKey());
            if (claimed.isPresent() && !claimed.get().equals(digest.getValue())) {
                return false;
            }
            any |= claimed.isPresent();
        }
        return any;
    }
}
