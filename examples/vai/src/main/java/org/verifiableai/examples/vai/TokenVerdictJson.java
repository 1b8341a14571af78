package org.verifiableai.examples.vai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.DeviceClaims;
import org.verifiableai.attestation.nvidia.token.DeviceToken;
import org.verifiableai.attestation.nvidia.token.TokenBundle;

/** The verdict on a token as JSON, with {@code facts.devices} as a list in the order of the token. */
final class TokenVerdictJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenVerdictJson() {}

    static String write(Verdict<AttestationToken> verdict) {
        try {
            ObjectNode object = (ObjectNode) JSON.readTree(verdict.toJson());
            if (verdict instanceof Verdict.Accepted<AttestationToken> accepted) {
                ArrayNode devices = object.withObject("/facts").putArray("devices");
                for (TokenBundle bundle : accepted.verified().value().bundles()) {
                    bundle.devices().forEach(device -> add(devices.addObject(), bundle, device));
                }
            }
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verdict is JSON", e);
        }
    }

    private static void add(ObjectNode object, TokenBundle bundle, DeviceToken device) {
        DeviceClaims claims = device.claims();
        object.put("name", device.name());
        put(object, "verifier", bundle.verifier());
        object.put("kind", device.kind().name());
        put(object, "hwmodel", claims.hardwareModel());
        put(object, "ueid", claims.ueid());
        put(object, "driver", claims.driverVersion());
        put(object, "vbios", claims.vbiosVersion());
        put(object, "nonce", claims.nonce());
        put(object, "measres", claims.measurementResult());
        put(object, "warning", claims.warning());
    }

    private static void put(ObjectNode object, String name, Optional<String> value) {
        value.ifPresent(text -> object.put(name, text));
    }
}
