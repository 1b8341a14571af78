package org.verifiableai.attestation.internal.x509;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;

/** What a responder says of one certificate (CertStatus; RFC 6960, section 4.2.1). Implementations are immutable. */
public sealed interface OcspCertStatus {

    /** It is not revoked. Whether it was ever issued, or is still valid, is not said. */
    record Good() implements OcspCertStatus {}

    /** The responder does not know it. */
    record Unknown() implements OcspCertStatus {}

    /**
     * It is revoked, for good or until further notice.
     *
     * @param since when it was
     * @param reason the number of a CRLReason (RFC 5280, section 5.3.1); null if none is given
     */
    record Revoked(Instant since, @Nullable Integer reason) implements OcspCertStatus {

        private static final int CERTIFICATE_HOLD = 6;
        private static final List<String> REASONS = List.of(
                "unspecified",
                "keyCompromise",
                "cACompromise",
                "affiliationChanged",
                "superseded",
                "cessationOfOperation",
                "certificateHold",
                "7",
                "removeFromCRL",
                "privilegeWithdrawn",
                "aACompromise");

        /** Whether it is only suspended: the one revocation that can be undone. */
        public boolean hold() {
            return reason != null && reason == CERTIFICATE_HOLD && !neverIssued();
        }

        /**
         * Whether it is revoked because nobody issued it. RFC 6960, section 2.2: that is said as a hold since the beginning
         * of 1970, and must not pass for a suspended certificate.
         */
        public boolean neverIssued() {
            return reason != null && reason == CERTIFICATE_HOLD && since.equals(Instant.EPOCH);
        }

        /** The word of RFC 5280 for the reason, such as {@code keyCompromise}. */
        public String reasonText() {
            if (reason == null) {
                return "not given";
            }
            return reason < REASONS.size() ? REASONS.get(reason) : reason.toString();
        }
    }

    static OcspCertStatus read(Der parent) throws MalformedEvidenceException {
        if (parent.next(Der.contextPrimitive(0))) {
            parent.enter("certStatus", Der.contextPrimitive(0)).end("certStatus");
            return new Good();
        }
        if (parent.next(Der.contextPrimitive(2))) {
            parent.enter("certStatus", Der.contextPrimitive(2)).end("certStatus");
            return new Unknown();
        }
        Der revoked = parent.enter("certStatus", Der.context(1));
        Instant since = Time.readGeneralized("revocationTime", revoked);
        Integer reason = null;
        if (revoked.next(Der.context(0))) {
            Der explicit = revoked.enter("revocationReason", Der.context(0));
            reason = explicit.enumerated("revocationReason");
            explicit.end("revocationReason");
        }
        revoked.end("certStatus");
        return new Revoked(since, reason);
    }
}
