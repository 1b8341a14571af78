package org.verifiableai.manifest.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Typed reading of a parsed JSON object. Every message carries the path from the root. A member that is null counts as
 * absent (SLSA provenance v1: unset, null and empty mean the same).
 */
public final class JsonObject {

    private static final int SHA256_HEX_LENGTH = 64;

    private final String path;
    private final JsonNode node;

    private JsonObject(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    public static JsonObject of(String path, JsonNode node) throws MalformedEvidenceException {
        if (!node.isObject()) {
            throw wrong(path, "an object", describe(node));
        }
        return new JsonObject(path, node);
    }

    public String path() {
        return path;
    }

    public JsonNode node() {
        return node;
    }

    /** Refuses every member that is not among {@code known}. */
    public void requireOnly(Set<String> known) throws MalformedEvidenceException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw wrong(path, "no members but " + String.join(", ", new TreeSet<>(known)), name);
            }
        }
    }

    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    public JsonNode member(String name) throws MalformedEvidenceException {
        JsonNode member = node.get(name);
        if (member == null || member.isNull()) {
            throw wrong(path + "." + name, "a value", "none");
        }
        return member;
    }

    public JsonObject object(String name) throws MalformedEvidenceException {
        return of(path + "." + name, member(name));
    }

    /** The object of that name, or an empty one. */
    public JsonObject objectOrEmpty(String name) throws MalformedEvidenceException {
        return has(name) ? object(name) : new JsonObject(path + "." + name, JsonNodeFactory.instance.objectNode());
    }

    public List<JsonObject> objects(String name, int max) throws MalformedEvidenceException {
        JsonNode array = member(name);
        if (!array.isArray() || array.size() > max) {
            throw wrong(
                    path + "." + name,
                    "an array of at most " + max + " objects",
                    array.isArray() ? array.size() + " elements" : describe(array));
        }
        List<JsonObject> objects = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            objects.add(of(path + "." + name + "[" + i + "]", array.get(i)));
        }
        return objects;
    }

    public String text(String name) throws MalformedEvidenceException {
        JsonNode member = member(name);
        if (!member.isTextual()) {
            throw wrong(path + "." + name, "a string", describe(member));
        }
        return member.textValue();
    }

    public Optional<String> optionalText(String name) throws MalformedEvidenceException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** The text of that name, which has to be {@code expected}. */
    public void requireText(String name, String expected) throws MalformedEvidenceException {
        String found = text(name);
        if (!found.equals(expected)) {
            throw wrong(path + "." + name, expected, found);
        }
    }

    /** A count or size: a whole number, not negative. */
    public long natural(String name) throws MalformedEvidenceException {
        JsonNode member = member(name);
        if (!member.isIntegralNumber() || member.longValue() < 0) {
            throw wrong(path + "." + name, "a whole number, not negative", describe(member));
        }
        return member.longValue();
    }

    /** A digest of 32 bytes in lower-case hex (in-toto DigestSet). */
    public Bytes sha256(String name) throws MalformedEvidenceException {
        Bytes digest = hex(name);
        if (digest.size() * 2 != SHA256_HEX_LENGTH) {
            throw wrong(path + "." + name, "64 lower-case hex digits", text(name));
        }
        return digest;
    }

    /** Lower-case hex, without a prefix. */
    public Bytes hex(String name) throws MalformedEvidenceException {
        String hex = text(name);
        boolean lower = hex.length() % 2 == 0
                && hex.chars().allMatch(c -> HexFormat.isHexDigit(c) && !Character.isUpperCase(c));
        if (!lower) {
            throw wrong(path + "." + name, "lower-case hex digits", hex);
        }
        return Bytes.fromHex(hex);
    }

    /** The members as a map of texts. */
    public SortedMap<String, String> texts() throws MalformedEvidenceException {
        SortedMap<String, String> texts = new TreeMap<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            texts.put(name, text(name));
        }
        return texts;
    }

    /** A defect of the member {@code name}. */
    public MalformedEvidenceException wrongMember(String name, String expected, String found) {
        return wrong(path + "." + name, expected, found);
    }

    public static MalformedEvidenceException wrong(String field, String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }

    private static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "the string " + node.textValue();
            case NUMBER -> "the number " + node.asText();
            case BOOLEAN -> "the value " + node.asText();
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "null";
        };
    }
}
