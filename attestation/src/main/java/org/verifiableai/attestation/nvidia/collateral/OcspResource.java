package org.verifiableai.attestation.nvidia.collateral;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.http.FailedAttempt;
import org.verifiableai.attestation.internal.http.Question;
import org.verifiableai.attestation.internal.http.Resource;
import org.verifiableai.attestation.internal.x509.OcspBasicResponse;
import org.verifiableai.attestation.internal.x509.OcspCertId;
import org.verifiableai.attestation.internal.x509.OcspRequest;
import org.verifiableai.attestation.internal.x509.OcspResponse;
import org.verifiableai.attestation.internal.x509.OcspResponseStatus;
import org.verifiableai.attestation.internal.x509.OcspSingleResponse;

/**
 * What is said of a certificate. Each question for it has a nonce of its own, and is the same thing all the same.
 *
 * @param certId of which certificate
 * @param mode what is made of nonces
 * @param random where nonces come from
 */
record OcspResource(OcspCertId certId, OcspNonce mode, SecureRandom random) implements Resource {

    private static final int NONCE_SIZE = 32;

    // RFC 6960, appendix A.1.
    private static final Map<String, String> FIELDS =
            Map.of("Content-Type", "application/ocsp-request", "Accept", "application/ocsp-response");

    @Override
    public String path() {
        return "/";
    }

    @Override
    public String label() {
        return toString();
    }

    @Override
    public int limit() {
        return OcspResponse.MAX_SIZE;
    }

    @Override
    public Optional<String> file() {
        return Optional.of("ocsp/" + OcspRequest.of(certId).encoded().sha256() + ".der");
    }

    @Override
    public Question question() {
        if (mode == OcspNonce.NONE) {
            return Question.post(FIELDS, OcspRequest.of(certId).encoded(), body -> read(answered(body), null));
        }
        byte[] fresh = new byte[NONCE_SIZE];
        random.nextBytes(fresh);
        Bytes nonce = Bytes.of(fresh);
        return Question.post(FIELDS, OcspRequest.of(certId, nonce).encoded(), body -> read(answered(body), nonce));
    }

    /** What a file holds, which repeats the nonce of a question that nobody remembers. */
    @Override
    public Answer read(Bytes body) throws MalformedEvidenceException {
        OcspBasicResponse basic = OcspResponse.parse(body).basic();
        if (basic == null) {
            throw malformed("ocsp response", "an answer", "a refusal");
        }
        return read(new Answered(body, basic), null);
    }

    @Override
    public boolean keeps() {
        return mode != OcspNonce.REQUIRE;
    }

    @Override
    public boolean changes() {
        return true;
    }

    private record Answered(Bytes body, OcspBasicResponse basic) {}

    private static Answered answered(Bytes body) throws MalformedEvidenceException, FailedAttempt {
        OcspResponse response = OcspResponse.parse(body);
        OcspResponseStatus status = response.status();
        if (response.basic() == null) {
            throw FailedAttempt.refused("gives no answer: " + status, status.retryable());
        }
        return new Answered(body, response.basic());
    }

    private Answer read(Answered answered, @Nullable Bytes asked) throws MalformedEvidenceException {
        if (asked != null) {
            checkNonce(answered.basic(), asked);
        }
        OcspSingleResponse single = answered.basic().responses().stream()
                .filter(one -> one.certId().equals(certId))
                .findFirst()
                .orElseThrow(() -> malformed(
                        "certID",
                        certId.toString(),
                        answered.basic().responses().get(0).certId().toString()));
        Instant issued = single.thisUpdate();
        // Without a nextUpdate an answer is out of date as soon as it is given (RFC 6960, section 4.2.2.1).
        Instant expires = single.nextUpdate() == null ? issued : single.nextUpdate();
        return new Answer(answered.body(), List.of(answered.body()), issued, expires);
    }

    private void checkNonce(OcspBasicResponse basic, Bytes asked) throws MalformedEvidenceException {
        Bytes found = basic.nonce();
        if (found == null ? mode == OcspNonce.REQUIRE : !found.equals(asked)) {
            throw malformed("nonce", asked.hex(), found == null ? "none" : found.hex());
        }
    }

    private static MalformedEvidenceException malformed(String field, String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }

    @Override
    public String toString() {
        return "ocsp answer of certificate " + certId.serialNumber().toString(16) + " of issuer key "
                + certId.issuerKeyHash();
    }
}
