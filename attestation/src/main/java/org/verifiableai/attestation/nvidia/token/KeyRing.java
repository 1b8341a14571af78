package org.verifiableai.attestation.nvidia.token;

import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.internal.BoundedCache;

/** Examines keys and keeps what it found: a key signs many tokens, and its certificates stay what they are. Thread-safe. */
final class KeyRing {

    private final Set<Bytes> pins;
    private final SignatureEngine engine;
    private final BoundedCache<JwksKey, CheckedKey> known;

    KeyRing(Set<Bytes> pins, SignatureEngine engine, int size) {
        this.pins = Set.copyOf(pins);
        this.engine = engine;
        this.known = new BoundedCache<>(size);
    }

    CheckedKey check(JwksKey key) {
        CheckedKey checked = known.get(key);
        if (checked == null) {
            // Two threads may both examine it, and both come to the same.
            checked = CheckedKey.examine(key, pins, engine);
            known.put(key, checked);
        }
        return checked;
    }
}
