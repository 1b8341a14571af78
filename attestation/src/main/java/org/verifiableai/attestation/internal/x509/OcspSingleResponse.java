package org.verifiableai.attestation.internal.x509;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of one certificate (SingleResponse; RFC 6960, section 4.2.1). Immutable.
 *
 * @param certId of which certificate
 * @param status what it says
 * @param thisUpdate since when that is known to be right
 * @param nextUpdate when there will be newer information; null if there always is
 */
public record OcspSingleResponse(
        OcspCertId certId,
        OcspCertStatus status,
        Instant thisUpdate,
        @Nullable Instant nextUpdate) {

    /**
     * Whether {@code instant} is not before thisUpdate and before nextUpdate. Never without a nextUpdate: what is said
     * then is out of date as soon as it is said (RFC 6960, section 4.2.2.1), and would never grow old on a disk.
     */
    public boolean currentAt(Instant instant) {
        return spokenBy(instant) && nextUpdate != null && instant.isBefore(nextUpdate);
    }

    /** Whether {@code instant} is not before thisUpdate. */
    public boolean spokenBy(Instant instant) {
        return !instant.isBefore(thisUpdate);
    }
}
