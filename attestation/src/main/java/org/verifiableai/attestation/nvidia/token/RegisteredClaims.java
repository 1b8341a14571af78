package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;

/** The claims that overall and device tokens share: those of RFC 7519, and the nonce of RFC 9711. */
record RegisteredClaims(
        @Nullable String issuer,
        @Nullable Instant issuedAt,
        @Nullable Instant notBefore,
        @Nullable Instant expires,
        @Nullable String nonce) {

    static RegisteredClaims read(JsonObject claims) throws MalformedEvidenceException {
        return new RegisteredClaims(
                Claims.text(claims, "iss"),
                Claims.instant(claims, "iat"),
                Claims.instant(claims, "nbf"),
                Claims.instant(claims, "exp"),
                Claims.text(claims, "eat_nonce"));
    }
}
