package org.verifiableai.manifest.oms;

import java.nio.charset.StandardCharsets;
import org.verifiableai.attestation.Bytes;

/**
 * What v0.2.0 of the reference implementation signed: {@code DSSEV1} in place of {@code DSSEv1}, and the payload as Python
 * prints bytes. It is known here only so that a refusal can say why.
 */
final class FirstReleases {

    private FirstReleases() {}

    /** The text that v0.2.0 signed for {@code payload}. */
    static Bytes signedText(String payloadType, Bytes payload) {
        return Bytes.utf8(
                "DSSEV1 " + payloadType.length() + " " + payloadType + " " + payload.size() + " " + repr(payload));
    }

    private static String repr(Bytes payload) {
        byte[] bytes = payload.toByteArray();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(bytes.length + 16).append('b').append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(c);
                    } else if (c < 0x20 || c >= 0x7F) {
                        out.append(String.format("\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append(quote).toString();
    }
}
