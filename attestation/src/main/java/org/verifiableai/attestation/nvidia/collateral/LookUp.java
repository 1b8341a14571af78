package org.verifiableai.attestation.nvidia.collateral;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Puts questions to one source. A source that failed for a reason which may pass, such as a service that is down, is asked no
 * more: each further question would take as long to fail. Not thread-safe.
 */
final class LookUp {

    private @Nullable EvidenceUnavailableException down;

    /** One question. */
    @FunctionalInterface
    interface Question {
        Optional<Bytes> ask() throws EvidenceUnavailableException, MalformedEvidenceException;
    }

    /**
     * What the source has. That it has nothing, or cannot be asked, is a failure only of what has to be had.
     *
     * @throws EvidenceUnavailableException if what is required could not be had
     */
    Optional<Bytes> up(String what, boolean required, Question question) throws EvidenceUnavailableException {
        try {
            Optional<Bytes> found = ask(question);
            if (found.isEmpty() && required) {
                throw new EvidenceUnavailableException(what + ": no source has it, and policy requires it", false);
            }
            return found;
        } catch (EvidenceUnavailableException e) {
            if (required) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private Optional<Bytes> ask(Question question) throws EvidenceUnavailableException {
        if (down != null) {
            throw down;
        }
        try {
            return question.ask();
        } catch (EvidenceUnavailableException e) {
            down = e.retryable() ? e : null;
            throw e;
        } catch (MalformedEvidenceException e) {
            return Optional.empty(); // nothing that could be asked about, as the verifier will say
        }
    }
}
