package org.verifiableai.attestation.nvidia.token;

import java.util.Base64;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Base64 with the URL alphabet and without padding (RFC 7515, section 2). Only the one text that a value has is read:
 * unused bits that are set would let two tokens be one.
 */
final class Base64Url {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    static Bytes decode(String field, String text) throws MalformedEvidenceException {
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(text);
            // A decoder takes padding, and some unused bits; the encoder writes neither.
            if (ENCODER.encodeToString(decoded).equals(text)) {
                return Bytes.of(decoded);
            }
        } catch (IllegalArgumentException e) {
            // Said below: the decoder's own message names a character by its number.
        }
        throw new MalformedEvidenceException(
                field, MalformedEvidenceException.NO_OFFSET, "base64url without padding", text);
    }
}
