package org.verifiableai.attestation.nvidia.token;

import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;

/**
 * What an overall token says of the token of one device: {@code ["DIGEST",["SHA-256","..."]]}.
 *
 * @param label the name of the hash as it is written; {@code SHA-256} and {@code SHA256} both occur
 * @param digest 32 bytes
 */
public record SubmoduleDigest(String label, Bytes digest) {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");

    static SubmoduleDigest read(String device, JsonValue value) throws MalformedEvidenceException {
        if (value instanceof JsonArray outer
                && outer.elements().size() == 2
                && outer.elements().get(0) instanceof JsonText form
                && form.value().equals("DIGEST")
                && outer.elements().get(1) instanceof JsonArray inner
                && inner.elements().size() == 2
                && inner.elements().get(0) instanceof JsonText label
                && inner.elements().get(1) instanceof JsonText digest
                && DIGEST.matcher(digest.value()).matches()) {
            return new SubmoduleDigest(label.value(), Bytes.fromHex(digest.value()));
        }
        throw Claims.wrong("submods " + device, "[\"DIGEST\",[\"SHA-256\",\"64 hex digits\"]]", value);
    }

    /** Whether the label is one of those that stand for SHA-256. */
    boolean isSha256() {
        return label.equals("SHA-256") || label.equals("SHA256");
    }
}
