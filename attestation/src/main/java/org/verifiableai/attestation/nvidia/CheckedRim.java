package org.verifiableai.attestation.nvidia;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * A manifest whose signature and chain were checked, and what was found. Immutable. What it says stays true: whether the
 * certificates are valid is asked for an instant, and whether they were revoked is for others to say.
 */
final class CheckedRim {

    private final Rim rim;
    private final Bytes digest;
    private final List<String> signatureDefects;
    private final List<String> chainDefects;
    private final Optional<IssuedChain> chain;
    private final Optional<NvidiaTrustAnchor> root;

    CheckedRim(
            Rim rim,
            Bytes digest,
            List<String> signatureDefects,
            List<String> chainDefects,
            Optional<IssuedChain> chain,
            Optional<NvidiaTrustAnchor> root) {
        this.rim = rim;
        this.digest = digest;
        this.signatureDefects = List.copyOf(signatureDefects);
        this.chainDefects = List.copyOf(chainDefects);
        this.chain = chain;
        this.root = root;
    }

    Rim rim() {
        return rim;
    }

    /** SHA-256 of the document. */
    Bytes digest() {
        return digest;
    }

    /** What is wrong with the XML signature by the first certificate's key; empty if it is sound, which proves nothing yet. */
    List<String> signatureDefects() {
        return signatureDefects;
    }

    /** What is wrong with the chain from that certificate to a pinned root; empty if it is sound. */
    List<String> chainDefects() {
        return chainDefects;
    }

    /** Whether signature and chain are sound: NVIDIA, or whom the anchors name, has signed this document. */
    boolean sound() {
        return signatureDefects.isEmpty() && chainDefects.isEmpty();
    }

    /** Which certificates are not valid at {@code instant}; empty if all are, and if none could be read. */
    List<String> invalidAt(Instant instant) {
        return chain.map(certificates -> certificates.invalidAt(instant)).orElse(List.of());
    }

    /** The certificates, leaf first and root last; empty if one could not be read, which is a defect of the chain. */
    List<X509Cert> certificates() {
        return chain.map(IssuedChain::certificates).orElse(List.of());
    }

    /** The pinned root in which the chain ends. */
    Optional<NvidiaTrustAnchor> root() {
        return root;
    }
}
