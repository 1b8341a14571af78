package org.verifiableai.attestation.nvidia;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads the hex text in which sample reports are kept: pairs of digits, with white space, commas and 0x between them. */
final class HexText {

    // Six characters for each byte of the largest report: 0x, two digits, a comma and a space.
    private static final int MAX_TEXT = 1024 * 1024;

    private HexText() {}

    static Bytes parse(String text) throws MalformedEvidenceException {
        if (text.length() > MAX_TEXT) {
            throw new MalformedEvidenceException(
                    "report text", 0, "at most " + MAX_TEXT + " characters", text.length() + " characters");
        }
        StringBuilder digits = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            if (isSeparator(text.charAt(at))) {
                at++;
                continue;
            }
            at += text.startsWith("0x", at) || text.startsWith("0X", at) ? 2 : 0;
            int start = at;
            while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 0x80) {
                at++;
            }
            boolean ended = at == text.length() || isSeparator(text.charAt(at));
            if (at == start || (at - start) % 2 != 0 || !ended) {
                throw new MalformedEvidenceException(
                        "report text",
                        start,
                        "pairs of hex digits",
                        text.substring(start, Math.min(text.length(), Math.min(at, start + 60) + 1)));
            }
            digits.append(text, start, at);
        }
        return Bytes.fromHex(digits.toString());
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
    }
}
