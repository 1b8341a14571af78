package org.verifiableai.manifest;

import java.net.URI;
import java.net.URISyntaxException;

/** The form of URIs in manifests. */
final class Uris {

    private static final int MAX_LENGTH = 1024;

    private Uris() {}

    static void requireAbsolute(String what, String uri) {
        if (uri.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    what + ": expected a URI of at most " + MAX_LENGTH + " characters, found " + uri.length());
        }
        try {
            // RFC 3986 is ASCII; Java's own class takes more, some of which is not what it looks like on a screen.
            if (uri.chars().allMatch(c -> c > 0x20 && c < 0x7F) && new URI(uri).isAbsolute()) {
                return;
            }
        } catch (URISyntaxException e) {
            // Falls through: the same complaint.
        }
        throw new IllegalArgumentException(what + ": expected an absolute URI, found " + uri);
    }
}
