package org.verifiableai.attestation.snp.collateral;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;

/**
 * A place to look for what evidence lacks. An implementation is thread-safe.
 *
 * <p>Nothing empty means trouble: a source that does not have a thing returns an empty answer, and one that could not be
 * asked throws. What a source returns is not trusted by anybody; it has only to be what was asked for by its own account.
 */
public interface CertificateSource {

    /**
     * The certificate of a VCEK, DER; empty if this source does not have it.
     *
     * @throws EvidenceUnavailableException if the source could not be asked, or has no way to know
     */
    Optional<Bytes> vcek(VcekId id) throws EvidenceUnavailableException;

    /**
     * The certificate of a VLEK of this line at this TCB, DER; empty if this source does not have it.
     *
     * @throws EvidenceUnavailableException if the source could not be asked, or has no way to know
     */
    Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) throws EvidenceUnavailableException;

    /**
     * The certificates above a VEK, DER: the ASK for a VCEK or the ASVK for a VLEK, and then the ARK if it is there. Empty
     * if this source has no ASK or ASVK.
     *
     * @param key {@link SigningKey#VCEK} or {@link SigningKey#VLEK}
     * @throws IllegalArgumentException if {@code key} is another one
     * @throws EvidenceUnavailableException if the source could not be asked
     */
    List<Bytes> authorities(ProductLine line, SigningKey key) throws EvidenceUnavailableException;

    /**
     * Revocation lists of the line's ARK, DER: those that are current at an instant, and where there is none the latest
     * that there is, which a verifier will call stale. Empty if this source has none.
     *
     * @param key {@link SigningKey#VCEK} or {@link SigningKey#VLEK}, whose authority is in question
     * @param at the instant of the verification
     * @throws IllegalArgumentException if {@code key} is another one
     * @throws EvidenceUnavailableException if the source could not be asked
     */
    List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at) throws EvidenceUnavailableException;

    /** A source that has nothing. */
    static CertificateSource none() {
        return firstOf();
    }

    /**
     * Asks sources in order and takes the first answer that is not empty; of revocation lists the first that are current.
     *
     * <p>A source that cannot be asked does not keep the others from answering. Its exception is thrown only where none
     * of them has an answer; where several failed, the first one's with the others suppressed in it, retryable if any of
     * them is.
     */
    static CertificateSource firstOf(CertificateSource... sources) {
        return firstOf(Arrays.asList(sources));
    }

    /** As {@link #firstOf(CertificateSource...)}. */
    static CertificateSource firstOf(List<? extends CertificateSource> sources) {
        return new FirstOf(List.copyOf(sources));
    }
}
