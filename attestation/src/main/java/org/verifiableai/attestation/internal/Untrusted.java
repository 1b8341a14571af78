package org.verifiableai.attestation.internal;

/** Makes text that may come from an attacker safe to put on one line of a message, a log or a terminal. */
public final class Untrusted {

    private Untrusted() {}

    /**
     * {@code text} with everything escaped that does not print or changes how its neighbours do, and cut where it is
     * longer than {@code limit}.
     */
    public static String line(String text, int limit) {
        if (text.length() <= limit && isPlainAscii(text)) {
            return text; // as nearly every text is
        }
        StringBuilder line = new StringBuilder(Math.min(text.length(), limit));
        for (int i = 0; i < text.length(); ) {
            if (line.length() >= limit) {
                return line.append("...").toString();
            }
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isPlain(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u{%x}", c));
            }
        }
        return line.toString();
    }

    private static boolean isPlainAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT, // bidirectional overrides live here
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
