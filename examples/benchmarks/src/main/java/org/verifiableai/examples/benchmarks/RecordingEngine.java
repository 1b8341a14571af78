package org.verifiableai.examples.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

/**
 * Notes which keys another engine decodes and which signatures it verifies, so that they can be repeated alone. While it
 * does not listen it adds a field access to each. Not thread-safe.
 */
final class RecordingEngine implements SignatureEngine {

    private final SignatureEngine engine;
    private final List<Bytes> keys = new ArrayList<>();
    private final List<Signature> signatures = new ArrayList<>();
    private boolean listening;

    RecordingEngine(SignatureEngine engine) {
        this.engine = engine;
    }

    private record Signature(VerificationKey key, Bytes message, Bytes signature) {}

    /** What one call of {@code run} asked of the engine is what {@link #repeat()} repeats. */
    void listenTo(Runnable run) {
        keys.clear();
        signatures.clear();
        listening = true;
        run.run();
        listening = false;
    }

    /**
     * Decodes the keys and verifies the signatures that were noted, each by a key as new as it was then: what an engine
     * prepares for a key that it sees again is at hand for the makers' keys, and for the model's own never.
     */
    boolean repeat() {
        boolean good = true;
        Map<Bytes, VerificationKey> decoded = new HashMap<>();
        try {
            for (Bytes key : keys) {
                decoded.put(key, engine.key(key));
            }
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
        for (Signature noted : signatures) {
            VerificationKey key = decoded.getOrDefault(noted.key().spki(), noted.key());
            good &= key.verify(noted.message(), noted.signature());
        }
        return good;
    }

    /** How many of both there were. */
    String summary() {
        return keys.size() + " keys decoded, " + signatures.size() + " signatures";
    }

    @Override
    public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
        VerificationKey key = engine.key(spki);
        if (listening) {
            keys.add(spki);
        }
        return new RecordingKey(key);
    }

    /** A key that notes what it verifies. */
    private final class RecordingKey implements VerificationKey {

        private final VerificationKey key;

        RecordingKey(VerificationKey key) {
            this.key = key;
        }

        @Override
        public SignatureAlgorithm algorithm() {
            return key.algorithm();
        }

        @Override
        public Bytes spki() {
            return key.spki();
        }

        @Override
        public boolean verify(Bytes message, Bytes signature) {
            if (listening) {
                signatures.add(new Signature(key, message, signature));
            }
            return key.verify(message, signature);
        }
    }
}
