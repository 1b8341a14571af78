package org.verifiableai.attestation;

import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.verifiableai.attestation.internal.FactTable;

/**
 * Whether an engine does what it claims: for each algorithm it must accept a signature that is known to be good, and refuse
 * it for another message, damaged at either end, and shortened. It finds a library that does not work here; it does not
 * prove that one works everywhere.
 */
final class EngineSelfTest {

    private static final Bytes MESSAGE = Bytes.utf8("a message to test an engine with");

    private EngineSelfTest() {}

    static boolean passes(SignatureEngine engine) {
        Set<SignatureAlgorithm> tested = EnumSet.noneOf(SignatureAlgorithm.class);
        for (Map<String, String> known : FactTable.load(EngineSelfTest.class, "engine-self-test.txt")) {
            SignatureAlgorithm algorithm = SignatureAlgorithm.valueOf(fact(known, "algorithm"));
            if (!passes(engine, algorithm, bytes(known, "spki"), bytes(known, "signature"))) {
                return false;
            }
            tested.add(algorithm);
        }
        return tested.size() == SignatureAlgorithm.values().length;
    }

    private static boolean passes(SignatureEngine engine, SignatureAlgorithm algorithm, Bytes spki, Bytes signature) {
        try {
            VerificationKey key = engine.key(spki);
            int last = signature.size() - 1;
            return key.algorithm() == algorithm
                    && key.spki().equals(spki)
                    && key.verify(MESSAGE, signature)
                    && !key.verify(MESSAGE.concat(Bytes.zeros(1)), signature)
                    && !key.verify(MESSAGE, flipped(signature, 0))
                    && !key.verify(MESSAGE, flipped(signature, last))
                    && !key.verify(MESSAGE, signature.slice(0, last))
                    && !key.verify(MESSAGE, Bytes.zeros(signature.size()));
        } catch (MalformedEvidenceException | RuntimeException | LinkageError broken) {
            return false;
        }
    }

    private static Bytes flipped(Bytes bytes, int index) {
        byte[] copy = bytes.toByteArray();
        copy[index] ^= 1;
        return Bytes.of(copy);
    }

    private static Bytes bytes(Map<String, String> known, String name) {
        return Bytes.of(Base64.getDecoder().decode(fact(known, name)));
    }

    private static String fact(Map<String, String> known, String name) {
        return Objects.requireNonNull(known.get(name), name);
    }
}
