package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;

/** What a token of claims version 3.0 says of one certificate chain. A claim that is absent or null is empty. Immutable. */
public final class CertificateChainClaims {

    private static final Set<String> HOLD = Set.of("certificateHold", "certificate_hold");

    private final @Nullable String status;
    private final @Nullable String ocspStatus;
    private final @Nullable String expiration;
    private final @Nullable String revocationReason;
    private final @Nullable Boolean ocspNonceMatches;
    private final @Nullable Boolean ocspResponseValid;

    private CertificateChainClaims(
            @Nullable String status,
            @Nullable String ocspStatus,
            @Nullable String expiration,
            @Nullable String revocationReason,
            @Nullable Boolean ocspNonceMatches,
            @Nullable Boolean ocspResponseValid) {
        this.status = status;
        this.ocspStatus = ocspStatus;
        this.expiration = expiration;
        this.revocationReason = revocationReason;
        this.ocspNonceMatches = ocspNonceMatches;
        this.ocspResponseValid = ocspResponseValid;
    }

    static CertificateChainClaims read(JsonObject chain) throws MalformedEvidenceException {
        return new CertificateChainClaims(
                Claims.text(chain, "x-nvidia-cert-status"),
                Claims.text(chain, "x-nvidia-cert-ocsp-status"),
                Claims.text(chain, "x-nvidia-cert-expiration-date"),
                Claims.text(chain, "x-nvidia-cert-revocation-reason"),
                Claims.truth(chain, "x-nvidia-cert-ocsp-nonce-matches"),
                Claims.truth(chain, "x-nvidia-cert-ocsp-response-valid"));
    }

    /** {@code x-nvidia-cert-status}: {@code valid}, {@code invalid}, {@code expired} or {@code revoked}. */
    public Optional<String> status() {
        return Optional.ofNullable(status);
    }

    /** {@code x-nvidia-cert-ocsp-status}: {@code good}, {@code revoked} or {@code unknown}. */
    public Optional<String> ocspStatus() {
        return Optional.ofNullable(ocspStatus);
    }

    /** {@code x-nvidia-cert-expiration-date}, in UTC whether it says so or not; empty too where it is no date. */
    public Optional<Instant> expiration() {
        if (expiration == null) {
            return Optional.empty();
        }
        // NVIDIA's Python tools leave out the Z.
        String local = expiration.endsWith("Z") ? expiration.substring(0, expiration.length() - 1) : expiration;
        try {
            return Optional.of(LocalDateTime.parse(local).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@code x-nvidia-cert-revocation-reason}, such as {@code certificateHold} or {@code certificate_hold}. */
    public Optional<String> revocationReason() {
        return Optional.ofNullable(revocationReason);
    }

    /** {@code x-nvidia-cert-ocsp-nonce-matches}; only the verifier nvat says so. */
    public Optional<Boolean> ocspNonceMatches() {
        return Optional.ofNullable(ocspNonceMatches);
    }

    /** {@code x-nvidia-cert-ocsp-response-valid}; only the verifier nvat says so. */
    public Optional<Boolean> ocspResponseValid() {
        return Optional.ofNullable(ocspResponseValid);
    }

    /**
     * What keeps the chain from being a good one.
     *
     * @param ocspMayBeUnsaid lets the last two claims be absent
     * @param mayBeOnHold lets a hold be the reason of a revocation that was let pass
     */
    List<String> defects(boolean ocspMayBeUnsaid, boolean mayBeOnHold) {
        List<String> defects = new ArrayList<>();
        want(defects, "status", "valid", status);
        want(defects, "ocsp-status", "good", ocspStatus);
        if (revocationReason != null && !(mayBeOnHold && HOLD.contains(revocationReason))) {
            defects.add("revocation-reason must be none, found " + revocationReason);
        }
        want(defects, "ocsp-nonce-matches", ocspMayBeUnsaid, ocspNonceMatches);
        want(defects, "ocsp-response-valid", ocspMayBeUnsaid, ocspResponseValid);
        return defects;
    }

    private static void want(List<String> defects, String name, String expected, @Nullable String found) {
        if (!expected.equals(found)) {
            defects.add(name + " must be " + expected + ", found " + (found == null ? "none" : found));
        }
    }

    private static void want(List<String> defects, String name, boolean mayBeUnsaid, @Nullable Boolean found) {
        if (found == null ? !mayBeUnsaid : !found) {
            defects.add(name + " must be true, found " + (found == null ? "none" : "false"));
        }
    }
}
