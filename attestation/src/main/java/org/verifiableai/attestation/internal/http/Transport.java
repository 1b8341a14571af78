package org.verifiableai.attestation.internal.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** One question over HTTP and its answer. */
@FunctionalInterface
public interface Transport {

    /** The status of success. */
    int OK = 200;

    /** The status of what the service does not have. */
    int NOT_FOUND = 404;

    /**
     * Asks and follows no redirect.
     *
     * @param timeout by when the whole answer has to be there
     * @throws IOException if there is no whole answer by then, or it is larger than the limit
     */
    Reply send(Request request, Duration timeout) throws IOException, InterruptedException;

    /**
     * A question.
     *
     * @param uri whom
     * @param fields the fields of its head, of which one may be a secret
     * @param post the body of a POST; empty for a GET
     * @param limit the largest body that is read, in bytes
     */
    record Request(URI uri, Map<String, String> fields, Optional<Bytes> post, int limit) {

        /** The same to another address. */
        Request to(URI other) {
            return new Request(other, fields, post, limit);
        }

        /** Method and address, and no field. */
        @Override
        public String toString() {
            return (post.isPresent() ? "POST " : "GET ") + uri;
        }
    }

    /**
     * An answer.
     *
     * @param status the status code
     * @param retryAfter the field Retry-After
     * @param location the field Location
     * @param body the body of an answer of status 200, and otherwise nothing
     */
    record Reply(
            int status,
            @Nullable String retryAfter,
            @Nullable String location,
            Bytes body) {}
}
