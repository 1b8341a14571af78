package org.verifiableai.chain.registry;

import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.internal.Untrusted;

/** Makes text that a gateway chose safe to put on one line of a message: no control characters, and not without end. */
final class GatewayText {

    private static final int LIMIT = 200;

    private GatewayText() {}

    static String line(@Nullable String text) {
        return text == null ? "nothing" : Untrusted.line(text, LIMIT);
    }
}
