package org.verifiableai.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

/** The engines to measure, and one that only a benchmark may have. */
final class Engines {

    private Engines() {}

    /** Those that are here. */
    static List<SignatureEngine> all() {
        List<SignatureEngine> engines = new ArrayList<>(List.of(SignatureEngine.bouncyCastle()));
        SignatureEngine.corretto().ifPresent(engines::add);
        return engines;
    }

    static SignatureEngine named(String name) {
        return all().stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no engine " + name + " on this machine"));
    }

    /** Takes every signature for a good one, so that what is left to measure is everything else. */
    static final class Accepting implements SignatureEngine {

        @Override
        public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
            return new AcceptingKey(SignatureEngine.bouncyCastle().key(spki).algorithm(), spki);
        }
    }

    private record AcceptingKey(SignatureAlgorithm algorithm, Bytes spki) implements VerificationKey {
        @Override
        public boolean verify(Bytes message, Bytes signature) {
            return true;
        }
    }
}
