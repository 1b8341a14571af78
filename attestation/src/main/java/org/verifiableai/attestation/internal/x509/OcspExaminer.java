package org.verifiableai.attestation.internal.x509;

import java.time.Instant;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;

/** What OCSP answers say of certificates. Immutable and thread-safe. */
public final class OcspExaminer {

    /**
     * An examiner.
     *
     * @param engine what verifies signatures
     * @param cacheSize how many answers are kept whose signature verified; zero for none
     */
    public OcspExaminer(SignatureEngine engine, int cacheSize) {}

    /**
     * One finding for each link, in order.
     *
     * @param responses DER as received; what cannot be read speaks of no certificate
     * @param at the instant of which the question is
     */
    public List<OcspFinding> examine(List<OcspLink> links, List<Bytes> responses, Instant at) {
        throw new UnsupportedOperationException("not yet");
    }
}
