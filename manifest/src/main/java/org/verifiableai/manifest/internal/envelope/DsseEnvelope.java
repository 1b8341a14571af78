package org.verifiableai.manifest.internal.envelope;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * A DSSE envelope (version 1.0.2) with exactly one signature, which is what a sigstore bundle holds.
 *
 * @param payloadType what the payload is; authenticated by the signature
 * @param payload the signed bytes, decoded once
 * @param keyId names a candidate key and is not authenticated; empty where absent
 * @param signature as the envelope carries it
 */
public record DsseEnvelope(String payloadType, Bytes payload, String keyId, Bytes signature) {

    public static final int MAX_PAYLOAD = 1 << 20;

    private static final int MAX_SIGNATURE_TEXT = 1024;

    public static DsseEnvelope parse(JsonObject envelope) throws MalformedEvidenceException {
        return parse(envelope, MAX_PAYLOAD);
    }

    public static DsseEnvelope parse(JsonObject envelope, int maxPayload) throws MalformedEvidenceException {
        Bytes payload = StrictBase64.decode(envelope.path() + ".payload", envelope.text("payload"));
        if (payload.size() > maxPayload) {
            throw envelope.wrongMember("payload", "at most " + maxPayload + " bytes", payload.size() + " bytes");
        }
        List<JsonObject> signatures = envelope.objects("signatures", 1);
        if (signatures.isEmpty()) {
            throw envelope.wrongMember("signatures", "exactly one signature", "none");
        }
        JsonObject signature = signatures.get(0);
        String text = signature.text("sig");
        if (text.length() > MAX_SIGNATURE_TEXT) {
            throw signature.wrongMember(
                    "sig", "at most " + MAX_SIGNATURE_TEXT + " characters", text.length() + " characters");
        }
        return new DsseEnvelope(
                envelope.text("payloadType"),
                payload,
                signature.optionalText("keyid").orElse(""),
                StrictBase64.decode(signature.path() + ".sig", text));
    }

    public static DsseEnvelope sign(String payloadType, Bytes payload, SigningKey key) {
        Bytes signature = key.sign(preAuthenticationEncoding(payloadType, payload));
        return new DsseEnvelope(
                payloadType, payload, PublicKeys.hint(key.spki()), PublicKeys.toEnvelope(key.algorithm(), signature));
    }

    public boolean verify(VerificationKey key) throws MalformedEvidenceException {
        return PublicKeys.verify(key, preAuthenticationEncoding(payloadType, payload), signature);
    }

    /** PAE of the DSSE protocol: lengths are decimal and count bytes. */
    public static Bytes preAuthenticationEncoding(String payloadType, Bytes payload) {
        Bytes type = Bytes.utf8(payloadType);
        return Bytes.utf8("DSSEv1 " + type.size() + " ").concat(type, Bytes.utf8(" " + payload.size() + " "), payload);
    }

    public ObjectNode toJson() {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("payload", payload.base64());
        envelope.put("payloadType", payloadType);
        envelope.putArray("signatures").addObject().put("keyid", keyId).put("sig", signature.base64());
        return envelope;
    }
}
