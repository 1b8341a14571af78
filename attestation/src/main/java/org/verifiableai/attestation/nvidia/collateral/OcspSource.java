package org.verifiableai.attestation.nvidia.collateral;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * A place to ask whether a certificate still stands. An implementation is thread-safe.
 *
 * <p>Nothing empty means trouble: a source that knows nothing of a certificate returns nothing, and one that could not be
 * asked throws. An answer is trusted by nobody before its signature is verified.
 */
@FunctionalInterface
public interface OcspSource {

    /**
     * An OCSP response (RFC 6960) that speaks of a certificate, DER; empty if this source has none.
     *
     * @param certificate the certificate in question, DER
     * @param issuer the certificate of its issuer, DER
     * @throws MalformedEvidenceException if one of the two is no certificate
     * @throws EvidenceUnavailableException if the source could not be asked, or has something else in its place
     */
    Optional<Bytes> response(Bytes certificate, Bytes issuer)
            throws MalformedEvidenceException, EvidenceUnavailableException;

    /** A source that has nothing. */
    static OcspSource none() {
        return firstOf();
    }

    /**
     * Asks sources in order and takes the first answer. A source that cannot be asked does not keep the others from
     * answering. Its exception is thrown only where none of them has an answer; where several failed, the first one's with
     * the others suppressed in it, retryable if any of them is.
     */
    static OcspSource firstOf(OcspSource... sources) {
        return firstOf(Arrays.asList(sources));
    }

    /** As {@link #firstOf(OcspSource...)}. */
    static OcspSource firstOf(List<? extends OcspSource> sources) {
        List<OcspSource> all = List.copyOf(sources);
        return (certificate, issuer) -> FirstOf.<OcspSource, MalformedEvidenceException>ask(
                all, source -> source.response(certificate, issuer));
    }
}
