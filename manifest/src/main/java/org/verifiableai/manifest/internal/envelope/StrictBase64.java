package org.verifiableai.manifest.internal.envelope;

import java.util.Base64;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * Base64 in its one canonical form: padded, no white space, padding bits zero (RFC 4648, section 3.5). The standard and
 * the URL-safe alphabet are both taken, as DSSE asks of verifiers, but not in one text.
 */
public final class StrictBase64 {

    private StrictBase64() {}

    public static Bytes decode(String field, String text) throws MalformedEvidenceException {
        boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        byte[] decoded;
        try {
            decoded = (urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(field, "padded base64 without white space", text);
        }
        // The decoder drops padding bits and takes a missing padding; writing again shows both.
        String canonical = (urlSafe ? Base64.getUrlEncoder() : Base64.getEncoder()).encodeToString(decoded);
        if (!canonical.equals(text)) {
            throw JsonObject.wrong(field, "base64 in canonical form", text);
        }
        return Bytes.of(decoded);
    }
}
