package org.verifiableai.attestation.nvidia.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonWriter;
import org.verifiableai.attestation.internal.json.StrictJson;
import org.verifiableai.attestation.nvidia.DeviceKind;

/**
 * A policy file of NVIDIA's attestation SDK for Python, versions 1.0 to 4.0: which claims a token must have, and with which
 * values. Immutable.
 *
 * <p>Its meaning is the SDK's. Each claim that the file names must be there and equal, as Python compares; objects are
 * looked into in the same way; claims that the file does not name do not matter; the same rules hold for every device. A
 * file without rules accepts everything. The version is a label: 1.0 has rules for one token by itself, 2.0 uses the names
 * of the second version of the attestation service, 3.0 goes with claims version 2.0, and 4.0 with claims version 3.0.
 *
 * <p>Such a file never speaks of signatures, nonces, times, or how many devices there are. {@link TokenVerifier} checks
 * those whether a file is given or not.
 */
public final class NvtrustPolicy {

    /** The largest file that is read, in bytes. */
    public static final int MAX_SIZE = 256 * 1024;

    private static final StrictJson JSON = StrictJson.of("nvtrust policy", MAX_SIZE);
    private static final Set<String> VERSIONS = Set.of("1.0", "2.0", "3.0", "4.0");
    private static final String RULES = "authorization-rules";
    private static final String TYPE = "type";
    private static final String OVERALL = "overall-claims";
    private static final String DETACHED = "detached-claims";

    private final JsonObject document;
    private final String version;
    private final @Nullable String type;
    private final JsonObject overall;
    private final JsonObject detached;
    private final boolean forOneToken;

    /**
     * A claim in which a token differs from a policy.
     *
     * @param token whose claim: {@code overall}, or the name of a device such as {@code GPU-0}
     * @param claim its name, with those of the objects around it and slashes between them
     * @param expected what the policy wants, as JSON
     * @param found what the token has, as JSON; {@code nothing} if it has no such claim
     */
    public record Difference(String token, String claim, String expected, String found) {

        @Override
        public String toString() {
            return token + " " + claim + " must be " + expected + ", found " + found;
        }
    }

    private NvtrustPolicy(
            JsonObject document,
            String version,
            @Nullable String type,
            JsonObject overall,
            JsonObject detached,
            boolean forOneToken) {
        this.document = document;
        this.version = version;
        this.type = type;
        this.overall = overall;
        this.detached = detached;
        this.forOneToken = forOneToken;
    }

    /**
     * Reads a policy file.
     *
     * @param json the file, in UTF-8
     * @throws MalformedEvidenceException if it has no version of 1.0 to 4.0 and no rules
     */
    public static NvtrustPolicy parse(Bytes json) throws MalformedEvidenceException {
        return of(JSON.readObject(json));
    }

    /** Whether {@code json} looks like a policy file of the SDK and should be read as one. */
    public static boolean recognises(Bytes json) {
        try {
            return JSON.readObject(json).members().containsKey(RULES);
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }

    static NvtrustPolicy of(JsonObject document) throws MalformedEvidenceException {
        JsonValue label = document.get("version").orElse(null);
        if (!(label instanceof JsonText version) || !VERSIONS.contains(version.value())) {
            throw malformed("version", "\"1.0\", \"2.0\", \"3.0\" or \"4.0\"", label);
        }
        JsonObject rules = object(document, RULES, true);
        boolean forOneToken = version.value().equals("1.0")
                && !rules.members().containsKey(OVERALL)
                && !rules.members().containsKey(DETACHED);
        if (forOneToken) {
            return new NvtrustPolicy(document, version.value(), null, rules, new JsonObject(Map.of()), true);
        }
        JsonValue type = rules.get(TYPE).orElse(null);
        if (type != null && !(type instanceof JsonText)) {
            throw malformed(TYPE, "a text", type);
        }
        for (String name : rules.members().keySet()) {
            if (!name.equals(TYPE) && !name.equals(OVERALL) && !name.equals(DETACHED)) {
                // The SDK would pass over it in silence, and whoever wrote it means something by it.
                throw new MalformedEvidenceException(
                        "nvtrust policy: " + RULES,
                        MalformedEvidenceException.NO_OFFSET,
                        TYPE + ", " + OVERALL + " and " + DETACHED,
                        name);
            }
        }
        return new NvtrustPolicy(
                document,
                version.value(),
                type instanceof JsonText text ? text.value() : null,
                object(rules, OVERALL, false),
                object(rules, DETACHED, false),
                false);
    }

    /** The version as the file has it. */
    public String version() {
        return version;
    }

    /** The kind of device of whose claims the file speaks; empty if it names none that only one kind has. */
    public Optional<DeviceKind> kind() {
        Set<String> names =
                forOneToken ? overall.members().keySet() : detached.members().keySet();
        boolean gpu = names.stream().anyMatch(n -> n.startsWith("x-nvidia-gpu-") || n.startsWith("x-nv-gpu-"));
        boolean nvswitch = names.stream().anyMatch(n -> n.startsWith("x-nvidia-switch-"));
        if (gpu == nvswitch) {
            return Optional.empty();
        }
        return Optional.of(gpu ? DeviceKind.GPU : DeviceKind.SWITCH);
    }

    /** Whether the file has no rules, and so accepts everything. */
    public boolean demandsNothing() {
        return overall.members().isEmpty() && detached.members().isEmpty();
    }

    /** The file without white space. */
    public String toJson() {
        return JsonWriter.compact(document);
    }

    JsonObject document() {
        return document;
    }

    /** Every claim in which a bundle differs; empty if the policy accepts it. */
    public List<Difference> differences(TokenBundle bundle) {
        List<Difference> differences = new ArrayList<>(form(bundle));
        differences.addAll(overall(bundle.overall().claims()));
        bundle.devices()
                .forEach(device -> differences.addAll(
                        detached(device.name(), device.token().claims())));
        return differences;
    }

    /** Every claim in which overall claims differ from what the policy says of those. */
    List<Difference> overall(JsonObject claims) {
        List<Difference> differences = new ArrayList<>();
        compare("overall", "", overall, claims, differences);
        return differences;
    }

    /** Every claim in which a device's claims differ from what the policy says of those. */
    List<Difference> detached(String device, JsonObject claims) {
        List<Difference> differences = new ArrayList<>();
        compare(device, "", detached, claims, differences);
        return differences;
    }

    private List<Difference> form(TokenBundle bundle) {
        if (forOneToken) {
            return bundle.isSingle()
                    ? List.of()
                    : List.of(new Difference("document", "form", "one token by itself", "a bundle"));
        }
        if (bundle.isSingle()) {
            return List.of(new Difference("document", "form", "a bundle", "one token by itself"));
        }
        // The first word of a bundle, which the reader of bundles has found to be JWT.
        return "JWT".equals(type)
                ? List.of()
                : List.of(new Difference("document", TYPE, type == null ? "nothing" : type, "JWT"));
    }

    private static void compare(
            String token, String path, JsonObject rules, JsonObject claims, List<Difference> differences) {
        for (Map.Entry<String, JsonValue> rule : rules.members().entrySet()) {
            String name = path + rule.getKey();
            JsonValue expected = rule.getValue();
            JsonValue found = claims.members().get(rule.getKey());
            if (found == null) {
                differences.add(new Difference(token, name, JsonWriter.compact(expected), "nothing"));
            } else if (expected instanceof JsonObject inner && found instanceof JsonObject object) {
                compare(token, name + "/", inner, object, differences);
            } else if (expected instanceof JsonObject || !PythonEquality.equal(expected, found)) {
                differences.add(new Difference(token, name, JsonWriter.compact(expected), JsonWriter.compact(found)));
            }
        }
    }

    private static JsonObject object(JsonObject parent, String name, boolean required)
            throws MalformedEvidenceException {
        JsonValue value = parent.members().get(name);
        if (value instanceof JsonObject object) {
            return object;
        }
        if (value == null && !required) {
            return new JsonObject(Map.of());
        }
        throw malformed(name, "an object", value);
    }

    private static MalformedEvidenceException malformed(String member, String expected, @Nullable JsonValue found) {
        return new MalformedEvidenceException(
                "nvtrust policy: " + member,
                MalformedEvidenceException.NO_OFFSET,
                expected,
                found == null ? "nothing" : Claims.describe(found));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NvtrustPolicy that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    @Override
    public String toString() {
        return "NvtrustPolicy[" + toJson() + "]";
    }
}
