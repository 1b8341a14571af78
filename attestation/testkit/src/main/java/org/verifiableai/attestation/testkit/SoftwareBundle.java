package org.verifiableai.attestation.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;

/**
 * A detached EAT bundle as a verifier prints it, to be taken to pieces and put together otherwise. Immutable.
 *
 * @param overall the overall token, compact
 * @param devices the device tokens by their names, compact, in their order
 */
public record SoftwareBundle(String overall, Map<String, String> devices) {

    /** Copies {@code devices} and keeps their order. */
    public SoftwareBundle {
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
    }

    /** The document: {@code [["JWT","..."],{"GPU-0":"..."}]}. */
    public Bytes json() {
        return Bytes.utf8(text());
    }

    /** What the SDK's {@code get_token()} returns for bundles by verifier: one more wrapping, within a JSON text. */
    public static Bytes wrapped(Map<String, SoftwareBundle> bundles) {
        Map<String, Object> named = new LinkedHashMap<>();
        bundles.forEach((verifier, bundle) -> named.put(verifier, bundle.tree()));
        String wrapper = TokenSigner.hs256(Bytes.utf8("notasecret"))
                .sign("{\"iss\":\"NV-Attestation-SDK\",\"iat\":1,\"exp\":3601,\"nbf\":1,\"jti\":\"0\"}");
        return Bytes.utf8(JsonText.compact(JsonText.compact(List.of(List.of("JWT", wrapper), named))));
    }

    /** What {@code nvattest attest --format json} prints, with claims beside the bundle that nothing vouches for. */
    public Bytes nvattest() {
        return Bytes.utf8("{\"result_code\":0,\"result_message\":\"Ok\",\"claims\":[{\"measres\":\"success\"}],"
                + "\"detached_eat\":" + text() + "}");
    }

    /** With another overall token. */
    public SoftwareBundle withOverall(String compact) {
        return new SoftwareBundle(compact, devices);
    }

    /** With another, or one more, device token. */
    public SoftwareBundle withDevice(String name, String compact) {
        Map<String, String> changed = new LinkedHashMap<>(devices);
        changed.put(name, compact);
        return new SoftwareBundle(overall, changed);
    }

    /** Without a device token. */
    public SoftwareBundle withoutDevice(String name) {
        Map<String, String> changed = new LinkedHashMap<>(devices);
        changed.remove(name);
        return new SoftwareBundle(overall, changed);
    }

    private String text() {
        return JsonText.compact(tree());
    }

    private Object tree() {
        return List.of(List.of("JWT", overall), devices);
    }
}
