package org.verifiableai.attestation.internal.x509;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.VerificationKey;

/**
 * The signed answer of a responder (BasicOCSPResponse; RFC 6960, section 4.2.1), parsed and not yet trusted. Immutable.
 *
 * @param tbs the signed part as received
 * @param responderId who says that it signed
 * @param producedAt when it was signed
 * @param responses what is said of each certificate, at least one
 * @param nonce the nonce that the answer repeats; null if there is none
 * @param signature algorithm and value of the responder's signature
 * @param certificates DER of what is said to be certificates that vouch for the responder; each is parsed only where it is
 *     used, so that one which this profile does not have spoils no answer
 */
public record OcspBasicResponse(
        Bytes tbs,
        OcspResponderId responderId,
        Instant producedAt,
        List<OcspSingleResponse> responses,
        @Nullable Bytes nonce,
        CertSignature signature,
        List<Bytes> certificates) {

    /** Copies the lists. */
    public OcspBasicResponse {
        responses = List.copyOf(responses);
        certificates = List.copyOf(certificates);
    }

    /** Whether {@code responderKey} made the signature of this answer. */
    public boolean signedBy(VerificationKey responderKey) {
        return signature.verifies(tbs, responderKey);
    }

    /** Whether this answer repeats {@code asked}. */
    public boolean repeats(Bytes asked) {
        return nonce != null && nonce.equals(asked);
    }
}
