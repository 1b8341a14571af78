package org.verifiableai.attestation.internal.x509;

import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What a responder sends back (OCSPResponse; RFC 6960, section 4.2), parsed and not yet trusted. Immutable.
 *
 * @param status whether there is an answer; nobody signs it
 * @param basic the answer; null exactly where {@code status} is not successful
 */
public record OcspResponse(
        OcspResponseStatus status, @Nullable OcspBasicResponse basic) {

    /** The largest response that is read, in bytes. Real ones have 2 KiB at most. */
    public static final int MAX_SIZE = 64 * 1024;

    /** The most certificates that one answer may speak of. */
    public static final int MAX_RESPONSES = 64;

    /** The most certificates that may come with an answer. */
    public static final int MAX_CERTIFICATES = 8;

    /** Checks that there is an answer exactly where {@code status} says so. */
    public OcspResponse {
        if ((basic != null) != (status == OcspResponseStatus.SUCCESSFUL)) {
            throw new IllegalArgumentException(
                    "an answer must be there if and only if the status is successful, found " + status);
        }
    }

    /**
     * Reads one DER response.
     *
     * @throws MalformedEvidenceException if {@code der} is not a response of version 1 with a basic answer, holds anything
     *     after it, exceeds one of the limits, or has a critical extension that is not the nonce
     */
    public static OcspResponse parse(Bytes der) throws MalformedEvidenceException {
        return OcspReader.read(der);
    }
}
