package org.verifiableai.attestation.nvidia.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.StrictJson;

/** Tells the forms of a token apart and takes each to pieces. */
final class TokenReader {

    private static final StrictJson JSON = StrictJson.of("token document", AttestationToken.MAX_SIZE);
    private static final int MAX_DEVICES = 256;

    /** The names under which the attestation SDK files what its verifiers print. */
    private static final Set<String> VERIFIERS =
            Set.of("LOCAL_GPU_CLAIMS", "REMOTE_GPU_CLAIMS", "LOCAL_SWITCH_CLAIMS", "REMOTE_SWITCH_CLAIMS");

    private static final String BUNDLE_FORM = "[[\"JWT\",\"...\"],{\"GPU-0\":\"...\"}]";

    private TokenReader() {}

    static AttestationToken read(Bytes bytes) throws MalformedEvidenceException {
        if (bytes.size() > AttestationToken.MAX_SIZE) {
            throw malformed("at most " + AttestationToken.MAX_SIZE + " bytes", bytes.size() + " bytes");
        }
        // "eyJ" is what '{"' comes to in base64url: a token that nobody put into JSON.
        if (bytes.size() > 3 && bytes.unsigned(0) == 'e') {
            return single(bytes, new String(bytes.toByteArray(), StandardCharsets.US_ASCII).strip());
        }
        JsonValue value = JSON.read(bytes);
        if (value instanceof JsonText text) {
            String inner = text.value().strip();
            if (!inner.startsWith("[")) {
                return single(bytes, inner);
            }
            value = JSON.read(inner);
        }
        if (value instanceof JsonArray array) {
            return array(bytes, array);
        }
        if (value instanceof JsonObject object) {
            return nvattest(bytes, object);
        }
        throw malformed("a bundle, a wrapper of bundles, the JSON of nvattest, or a token", value.kind());
    }

    private static AttestationToken single(Bytes bytes, String compact) throws MalformedEvidenceException {
        return new AttestationToken(bytes, AttestationToken.Form.SINGLE, null, List.of(lone(null, compact)));
    }

    private static AttestationToken nvattest(Bytes bytes, JsonObject object) throws MalformedEvidenceException {
        JsonValue detached = object.get("detached_eat").orElse(null);
        if (detached == null) {
            throw malformed("a member detached_eat", "none");
        }
        return new AttestationToken(
                bytes, AttestationToken.Form.NVATTEST, null, List.of(bundle(null, Pair.of(unquoted(detached)))));
    }

    /** A bundle and the SDK's wrapper are of one shape, and differ in what the names of the object are. */
    private static AttestationToken array(Bytes bytes, JsonArray array) throws MalformedEvidenceException {
        Pair pair = Pair.of(array);
        if (pair.named.keySet().stream().noneMatch(name -> name.endsWith("_CLAIMS"))) {
            return new AttestationToken(bytes, AttestationToken.Form.BUNDLE, null, List.of(bundle(null, pair)));
        }
        List<TokenBundle> bundles = new ArrayList<>();
        for (Map.Entry<String, JsonValue> entry : pair.named.entrySet()) {
            String verifier = entry.getKey();
            if (!VERIFIERS.contains(verifier)) {
                throw malformed("a verifier of GPUs or switches, local or remote", verifier);
            }
            JsonValue printed = unquoted(entry.getValue());
            bundles.add(
                    printed instanceof JsonText text
                            ? lone(verifier, text.value())
                            : bundle(verifier, Pair.of(printed)));
        }
        return new AttestationToken(bytes, AttestationToken.Form.SDK_WRAPPER, Jws.parse(pair.token), bundles);
    }

    /** A bundle may stand as a JSON text within JSON. */
    private static JsonValue unquoted(JsonValue value) throws MalformedEvidenceException {
        return value instanceof JsonText text && text.value().startsWith("[") ? JSON.read(text.value()) : value;
    }

    private static TokenBundle lone(@Nullable String verifier, String compact) throws MalformedEvidenceException {
        Jws token = Jws.parse(compact);
        return new TokenBundle(verifier, token, OverallClaims.read(token.claims()), List.of(), true);
    }

    private static TokenBundle bundle(@Nullable String verifier, Pair pair) throws MalformedEvidenceException {
        if (pair.named.size() > MAX_DEVICES) {
            throw malformed("at most " + MAX_DEVICES + " devices", "" + pair.named.size());
        }
        Jws overall = Jws.parse(pair.token);
        List<DeviceToken> devices = new ArrayList<>();
        for (Map.Entry<String, JsonValue> entry : pair.named.entrySet()) {
            if (!(entry.getValue() instanceof JsonText compact)) {
                throw malformed("a token as " + entry.getKey(), entry.getValue().kind());
            }
            devices.add(DeviceToken.parse(entry.getKey(), compact.value()));
        }
        return new TokenBundle(verifier, overall, OverallClaims.read(overall.claims()), devices, false);
    }

    /** What bundle and wrapper are made of: {@code [["JWT","..."],{...}]}. */
    private record Pair(String token, Map<String, JsonValue> named) {

        static Pair of(JsonValue value) throws MalformedEvidenceException {
            if (value instanceof JsonArray outer
                    && outer.elements().size() == 2
                    && outer.elements().get(0) instanceof JsonArray head
                    && head.elements().size() == 2
                    && head.elements().get(0) instanceof JsonText type
                    && type.value().equals("JWT")
                    && head.elements().get(1) instanceof JsonText token
                    && outer.elements().get(1) instanceof JsonObject named) {
                return new Pair(token.value(), named.members());
            }
            throw malformed(BUNDLE_FORM, value.kind() + " of another form");
        }
    }

    private static MalformedEvidenceException malformed(String expected, String found) {
        return new MalformedEvidenceException("token document", MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
