package org.verifiableai.attestation.internal.http;

import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What is sent for a resource, and how the answer to just that is read.
 *
 * @param fields the fields of its head
 * @param post the body of a POST; empty for a GET
 * @param reader reads the answer
 */
public record Question(Map<String, String> fields, Optional<Bytes> post, Reader reader) {

    /** Copies {@code fields}. */
    public Question {
        fields = Map.copyOf(fields);
    }

    /** Reads an answer of status 200. */
    @FunctionalInterface
    public interface Reader {

        /**
         * The answer in a body.
         *
         * @throws MalformedEvidenceException if {@code body} is anything else than what was asked for
         * @throws FailedAttempt if it says why there is no answer
         */
        Answer read(Bytes body) throws MalformedEvidenceException, FailedAttempt;
    }

    /** A GET. */
    public static Question get(Reader reader) {
        return new Question(Map.of(), Optional.empty(), reader);
    }

    /** A POST. */
    public static Question post(Map<String, String> fields, Bytes body, Reader reader) {
        return new Question(fields, Optional.of(body), reader);
    }
}
