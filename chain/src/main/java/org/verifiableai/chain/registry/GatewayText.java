package org.verifiableai.chain.registry;

import org.jspecify.annotations.Nullable;

/** Makes text that a gateway chose safe to put on one line of a message: no control characters, and not without end. */
final class GatewayText {

    private static final int LIMIT = 200;

    private GatewayText() {}

    static String line(@Nullable String text) {
        if (text == null) {
            return "nothing";
        }
        StringBuilder line = new StringBuilder(Math.min(text.length(), LIMIT));
        for (int i = 0; i < text.length(); ) {
            if (line.length() >= LIMIT) {
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

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
