package org.verifiableai.attestation;

import java.util.SortedMap;
import org.verifiableai.attestation.internal.VerifiedValue;

/**
 * A value that a verifier of this SDK has accepted. The next stage of the pipeline takes nothing else, so that forgetting
 * to verify does not compile: only a verifier can make one. On the module path nobody else reaches the implementation; on
 * the class path Java keeps no such promise, and code that reaches into {@code internal} packages can do as it likes.
 *
 * <p>It says that the value satisfied the policy that the verifier was given, at the instant it was given. It does not
 * say that the policy was a wise one; {@link Verdict#checks()} shows what the policy waived.
 *
 * @param <T> what was verified
 */
public sealed interface Verified<T> permits VerifiedValue {

    /** What was verified. */
    T value();

    /**
     * What the verdict establishes, by name, for people and for storage: numbers in decimal, bytes in lower-case hex,
     * instants in ISO 8601.
     */
    SortedMap<String, String> facts();
}
