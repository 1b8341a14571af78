package org.verifiableai.attestation.nvidia.collateral;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.Failures;

/** Asks sources one after the other. */
final class FirstOf {

    private FirstOf() {}

    /**
     * One question, put to each source.
     *
     * @param <E> what is the fault of the question and not of a source
     */
    @FunctionalInterface
    interface Question<S, E extends Exception> {
        Optional<Bytes> ask(S source) throws EvidenceUnavailableException, E;
    }

    /** The first answer; where there is none, nothing, unless a source failed that might have had one. */
    static <S, E extends Exception> Optional<Bytes> ask(List<S> sources, Question<S, E> question)
            throws EvidenceUnavailableException, E {
        List<EvidenceUnavailableException> failures = new ArrayList<>();
        for (S source : sources) {
            try {
                Optional<Bytes> answer = question.ask(source);
                if (answer.isPresent()) {
                    return answer;
                }
            } catch (EvidenceUnavailableException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw Failures.joined(failures);
        }
        return Optional.empty();
    }
}
