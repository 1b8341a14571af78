package org.verifiableai.attestation.snp.collateral;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** One question over HTTP and its answer. */
@FunctionalInterface
interface KdsTransport {

    /** The status of success. */
    int OK = 200;

    /**
     * Gets {@code uri} and follows no redirect.
     *
     * @param limit the largest body that is read, in bytes
     * @param timeout by when the whole answer has to be there
     * @throws IOException if there is no whole answer by then, or it is larger
     */
    Reply get(URI uri, int limit, Duration timeout) throws IOException, InterruptedException;

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
