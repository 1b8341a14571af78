package org.verifiableai.attestation.nvidia.token;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonWriter;
import org.verifiableai.attestation.internal.json.StrictJson;

/** A policy as JSON. Each member stands for a call of the builder, so that reading cannot do what the builder refuses. */
final class TokenPolicyJson {

    private static final int MAX_SIZE = 1024 * 1024;
    private static final StrictJson JSON = StrictJson.of("token policy", MAX_SIZE);

    private TokenPolicyJson() {}

    static String schema() {
        try (InputStream in = TokenPolicyJson.class.getResourceAsStream("token-policy.schema.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String pretty(TokenPolicy policy) {
        return JsonWriter.pretty(tree(policy));
    }

    static String compact(TokenPolicy policy) {
        return JsonWriter.compact(tree(policy));
    }

    private static JsonObject tree(TokenPolicy policy) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        policy.expectedNonce().ifPresent(nonce -> members.put("nonce", new JsonText(nonce.hex())));
        policy.freshnessWaiver().ifPresent(why -> members.put("withoutFreshness", new JsonText(why)));
        members.put("issuers", texts(policy.issuers()));
        policy.gpus().ifPresent(number -> members.put("gpus", number(number)));
        policy.switches().ifPresent(number -> members.put("switches", number(number)));
        policy.deviceCountWaiver().ifPresent(why -> members.put("anyDeviceCount", new JsonText(why)));
        if (!policy.hardwareModels().isEmpty()) {
            members.put("hardwareModels", texts(policy.hardwareModels()));
        }
        if (!policy.devices().isEmpty()) {
            members.put("devices", texts(policy.devices()));
        }
        policy.minimumDriver().ifPresent(version -> members.put("minimumDriver", new JsonText(version)));
        policy.maximumAge().ifPresent(age -> members.put("maximumAgeSeconds", number(age.toSeconds())));
        members.put("leewaySeconds", number(policy.leeway().toSeconds()));
        if (!policy.nvtrustPolicies().isEmpty()) {
            members.put(
                    "nvtrustPolicies",
                    new JsonArray(policy.nvtrustPolicies().stream()
                            .map(nvtrust -> (JsonValue) nvtrust.document())
                            .toList()));
        }
        policy.warningWaiver().ifPresent(why -> members.put("allowWarnings", new JsonText(why)));
        policy.unstatedOcspWaiver().ifPresent(why -> members.put("allowUnstatedOcsp", new JsonText(why)));
        policy.insideGuestWaiver().ifPresent(why -> members.put("madeInsideGuest", new JsonText(why)));
        return new JsonObject(members);
    }

    static TokenPolicy.Builder read(String json) throws MalformedEvidenceException {
        JsonObject object = JSON.readObject(json);
        // The builder lets the later call count. In a file a demand and its loosening are a contradiction.
        exclude(object, "nonce", "withoutFreshness");
        exclude(object, "gpus", "anyDeviceCount");
        exclude(object, "switches", "anyDeviceCount");
        TokenPolicy.Builder builder = TokenPolicy.builder();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
            try {
                read(member.getKey(), member.getValue(), builder);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("token policy " + member.getKey() + ": " + e.getMessage(), e);
            }
        }
        return builder;
    }

    private static void read(String name, JsonValue value, TokenPolicy.Builder builder)
            throws MalformedEvidenceException {
        switch (name) {
            case "nonce" -> builder.expectedNonce(hex(name, value));
            case "withoutFreshness" -> builder.withoutFreshness(text(name, value));
            case "issuers" -> builder.issuers(texts(name, value));
            case "gpus" -> builder.gpus(whole(name, value));
            case "switches" -> builder.switches(whole(name, value));
            case "anyDeviceCount" -> builder.anyDeviceCount(text(name, value));
            case "hardwareModels" -> texts(name, value).forEach(builder::hardwareModel);
            case "devices" -> texts(name, value).forEach(builder::device);
            case "minimumDriver" -> builder.minimumDriver(text(name, value));
            case "maximumAgeSeconds" -> builder.maximumAge(Duration.ofSeconds(whole(name, value)));
            case "leewaySeconds" -> builder.leeway(Duration.ofSeconds(whole(name, value)));
            case "nvtrustPolicies" -> nvtrust(name, value).forEach(builder::nvtrustPolicy);
            case "allowWarnings" -> builder.allowWarnings(text(name, value));
            case "allowUnstatedOcsp" -> builder.allowUnstatedOcsp(text(name, value));
            case "madeInsideGuest" -> builder.madeInsideGuest(text(name, value));
            default -> throw wrong("a member of a token policy", name);
        }
    }

    private static List<NvtrustPolicy> nvtrust(String name, JsonValue value) throws MalformedEvidenceException {
        List<NvtrustPolicy> policies = new ArrayList<>();
        for (JsonValue element : elements(name, value)) {
            if (!(element instanceof JsonObject document)) {
                throw wrong(name + " as objects", element.kind());
            }
            policies.add(NvtrustPolicy.of(document));
        }
        return policies;
    }

    private static Set<String> texts(String name, JsonValue value) throws MalformedEvidenceException {
        Set<String> texts = new LinkedHashSet<>();
        for (JsonValue element : elements(name, value)) {
            if (!texts.add(text(name, element))) {
                throw wrong(name + " with each element once", "one twice");
            }
        }
        return texts;
    }

    /** Nothing on a list of what will do could be taken as "anything will". */
    private static List<JsonValue> elements(String name, JsonValue value) throws MalformedEvidenceException {
        if (value instanceof JsonArray array && !array.elements().isEmpty()) {
            return array.elements();
        }
        throw wrong(name + " as an array of at least one element", value.kind());
    }

    private static String text(String name, JsonValue value) throws MalformedEvidenceException {
        if (value instanceof JsonText text) {
            return text.value();
        }
        throw wrong(name + " as a text", value.kind());
    }

    private static Bytes hex(String name, JsonValue value) throws MalformedEvidenceException {
        try {
            return Bytes.fromHex(text(name, value));
        } catch (IllegalArgumentException e) {
            throw wrong(name + " as hex digits, two a byte", text(name, value));
        }
    }

    private static int whole(String name, JsonValue value) throws MalformedEvidenceException {
        if (value instanceof JsonNumber number
                && number.isWhole()
                && number.lexeme().length() <= 9) {
            return Integer.parseInt(number.lexeme());
        }
        throw wrong(name + " as a whole number of at most nine digits", Claims.describe(value));
    }

    private static JsonArray texts(Collection<String> texts) {
        return new JsonArray(
                texts.stream().map(text -> (JsonValue) new JsonText(text)).toList());
    }

    private static JsonNumber number(long number) {
        return new JsonNumber(Long.toString(number));
    }

    private static void exclude(JsonObject object, String demand, String loosening) throws MalformedEvidenceException {
        if (object.members().containsKey(demand) && object.members().containsKey(loosening)) {
            throw wrong("either " + demand + " or " + loosening, "both");
        }
    }

    private static MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException("token policy", MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
