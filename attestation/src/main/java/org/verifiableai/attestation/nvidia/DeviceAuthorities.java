package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.internal.BoundedCache;
import org.verifiableai.attestation.internal.ExactKey;

/**
 * The authorities of a verifier, and the chains of devices that it has found to end in them. Thread-safe.
 *
 * <p>A chain is kept by its exact bytes, and only once every signature in it was verified; a failure is never kept. Since
 * nothing that was signed can change, a hit saves the parsing and the signatures and decides nothing else.
 */
final class DeviceAuthorities {

    private final NvidiaTrustAnchors anchors;
    private final SignatureEngine engine;
    private final BoundedCache<ExactKey, CheckedChain> sound;

    /**
     * Authorities.
     *
     * @param keep how many chains to keep; zero keeps nothing
     */
    DeviceAuthorities(NvidiaTrustAnchors anchors, SignatureEngine engine, int keep) {
        this.anchors = anchors;
        this.engine = engine;
        this.sound = new BoundedCache<>(keep);
    }

    /**
     * What is to be said of these certificates.
     *
     * @throws MalformedEvidenceException if one cannot be read, or there are none or too many
     */
    CheckedChain check(List<Bytes> certificates) throws MalformedEvidenceException {
        if (certificates.isEmpty() || certificates.size() > GpuPolicy.MAX_CHAIN_LENGTH) {
            return checked(DeviceChain.parse(certificates)); // which says what is wrong with their number
        }
        ExactKey key = ExactKey.of(certificates.get(0), certificates.subList(1, certificates.size()));
        CheckedChain known = sound.get(key);
        if (known != null) {
            return known;
        }
        CheckedChain checked = checked(DeviceChain.parse(certificates));
        if (checked.sound()) {
            sound.put(key, checked);
        }
        return checked;
    }

    private CheckedChain checked(DeviceChain chain) {
        Optional<NvidiaTrustAnchor> root = chain.root(anchors);
        List<String> defects = new ArrayList<>(chain.defects(chain.size(), root, engine));
        if (root.isEmpty()) {
            defects.add("last certificate must be a trust anchor with digest "
                    + anchors.anchors().stream()
                            .map(anchor -> anchor.certificateSha256().hex())
                            .collect(Collectors.joining(" or "))
                    + ", found " + chain.lastDigest());
        }
        return new CheckedChain(chain, root, defects, IssuedChain.p384(chain.leafKey(), engine));
    }
}
