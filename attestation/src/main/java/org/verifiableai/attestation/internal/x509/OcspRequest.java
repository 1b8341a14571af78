package org.verifiableai.attestation.internal.x509;

import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * A question about one certificate, unsigned (RFC 6960, section 4.1). Immutable.
 *
 * @param certId of which certificate
 * @param nonce what the answer has to repeat, 1 to 128 bytes (RFC 9654, section 2.1); null to ask without, as one has to
 *     where answers are made in advance
 * @param nonceCritical whether a responder must not answer that does not understand the nonce
 */
public record OcspRequest(OcspCertId certId, @Nullable Bytes nonce, boolean nonceCritical) {

    /** The largest nonce, in bytes. */
    public static final int MAX_NONCE = 128;

    static final String NONCE = "1.3.6.1.5.5.7.48.1.2";

    /** Checks the size of the nonce. */
    public OcspRequest {
        if (nonce != null && (nonce.isEmpty() || nonce.size() > MAX_NONCE)) {
            throw new IllegalArgumentException("nonce must be of 1 to " + MAX_NONCE + " bytes, found " + nonce.size());
        }
        if (nonce == null && nonceCritical) {
            throw new IllegalArgumentException("nonce must be given if it is critical, found none");
        }
    }

    /** A question without nonce. */
    public static OcspRequest of(OcspCertId certId) {
        return new OcspRequest(certId, null, false);
    }

    /** A question with a nonce that is critical, as NVIDIA's tools ask. */
    public static OcspRequest of(OcspCertId certId, Bytes nonce) {
        return new OcspRequest(certId, nonce, true);
    }

    /** DER, as it is posted. */
    public Bytes encoded() {
        Bytes requests = DerWriter.sequence(DerWriter.sequence(certId.encoded()));
        return DerWriter.sequence(DerWriter.sequence(requests, extensions()));
    }

    private Bytes extensions() {
        if (nonce == null) {
            return Bytes.EMPTY;
        }
        Bytes extension = DerWriter.sequence(
                DerWriter.oid(NONCE),
                nonceCritical ? DerWriter.isTrue() : Bytes.EMPTY,
                DerWriter.octets(DerWriter.octets(nonce)));
        return DerWriter.element(Der.context(2), DerWriter.sequence(extension));
    }
}
