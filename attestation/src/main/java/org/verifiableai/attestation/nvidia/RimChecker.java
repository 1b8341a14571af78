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
 * Checks signature and chain of manifests. Thread-safe; uses neither network nor disk.
 *
 * <p>A manifest that is sound is kept by its exact bytes, so that the next device with the same driver or firmware image
 * costs one comparison. One that is not is never kept, nor is anything that depends on the time.
 */
final class RimChecker {

    // Signer, two authorities, root.
    private static final int CHAIN_LENGTH = 4;

    private final NvidiaTrustAnchors anchors;
    private final SignatureEngine engine;
    private final BoundedCache<ExactKey, CheckedRim> sound;

    /**
     * A checker.
     *
     * @param keep how many manifests to keep; zero keeps nothing
     */
    RimChecker(NvidiaTrustAnchors anchors, SignatureEngine engine, int keep) {
        this.anchors = anchors;
        this.engine = engine;
        this.sound = new BoundedCache<>(keep);
    }

    /**
     * What is to be said of this document.
     *
     * @throws MalformedEvidenceException if it is no manifest
     */
    CheckedRim check(Bytes xml) throws MalformedEvidenceException {
        ExactKey key = ExactKey.ofDocument(xml);
        CheckedRim known = sound.get(key);
        if (known != null) {
            return known;
        }
        CheckedRim checked = checked(xml);
        if (checked.sound()) {
            sound.put(key, checked);
        }
        return checked;
    }

    private CheckedRim checked(Bytes xml) throws MalformedEvidenceException {
        RimDocument document = RimDocument.parse(xml);
        Rim rim = Rim.of(xml, document);
        IssuedChain chain;
        try {
            chain = IssuedChain.parse(rim.certificates());
        } catch (MalformedEvidenceException e) {
            return new CheckedRim(
                    rim,
                    xml.sha256(),
                    RimSignature.defects(document.signature(), Optional.empty()),
                    List.of(e.getMessage()),
                    Optional.empty(),
                    Optional.empty());
        }
        Optional<NvidiaTrustAnchor> root = chain.root(anchors);
        List<String> chainDefects = new ArrayList<>(chain.defects(CHAIN_LENGTH, root, engine));
        if (root.isEmpty()) {
            chainDefects.add("last certificate must be a trust anchor with digest "
                    + anchors.anchors().stream()
                            .map(anchor -> anchor.certificateSha256().hex())
                            .collect(Collectors.joining(" or "))
                    + ", found " + chain.last().der().sha256());
        }
        List<String> signatureDefects = RimSignature.defects(
                document.signature(), IssuedChain.p384(chain.leaf().spki(), engine));
        return new CheckedRim(rim, xml.sha256(), signatureDefects, chainDefects, Optional.of(chain), root);
    }
}
