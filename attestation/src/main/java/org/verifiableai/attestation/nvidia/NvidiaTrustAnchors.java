package org.verifiableai.attestation.nvidia;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * The authorities in which a verifier lets chains end. Immutable.
 *
 * <p>An authority is recognised by the digest of its whole certificate: a chain brings the root along, as the chains of
 * NVIDIA's devices do, and it must be a pinned one byte for byte. A root's name proves nothing, and a root that comes with
 * evidence is never an anchor by itself. Devices and reference values have roots of their own, and neither vouches for the
 * other's.
 *
 * @param anchors the authorities, at least one
 */
public record NvidiaTrustAnchors(List<NvidiaTrustAnchor> anchors) {

    /**
     * Copies {@code anchors}.
     *
     * @throws IllegalArgumentException if there are none
     */
    public NvidiaTrustAnchors {
        anchors = List.copyOf(anchors);
        if (anchors.isEmpty()) {
            throw new IllegalArgumentException("trust anchors must hold at least one authority, found none");
        }
    }

    /**
     * NVIDIA's device identity roots, of which there are two certificates with one key. Every chain of a Hopper, a
     * Blackwell or an LS10 device that we know ends in the first.
     */
    public static NvidiaTrustAnchors nvidia() {
        return new NvidiaTrustAnchors(TrustAnchorTable.load());
    }

    /** NVIDIA's root for reference integrity manifests, which vouches for the signers of reference values alone. */
    public static NvidiaTrustAnchors rim() {
        return new NvidiaTrustAnchors(TrustAnchorTable.loadRim());
    }

    /** Other authorities, such as one that a test made up. Whoever holds their keys can make devices. */
    public static NvidiaTrustAnchors of(NvidiaTrustAnchor first, NvidiaTrustAnchor... more) {
        return new NvidiaTrustAnchors(
                Stream.concat(Stream.of(first), Arrays.stream(more)).toList());
    }

    /**
     * One other authority, from its certificate. Whoever holds its key can make devices.
     *
     * <p>The certificate is taken at its word: the caller vouches for it, and neither its validity nor its own signature
     * is looked at.
     *
     * @param certificate one certificate, DER or PEM
     * @throws MalformedEvidenceException if it is not one certificate
     */
    public static NvidiaTrustAnchors ofCertificate(Bytes certificate) throws MalformedEvidenceException {
        X509Cert root = X509Cert.parse(Pem.single("root certificate", "CERTIFICATE", certificate));
        return of(new NvidiaTrustAnchor(
                root.subject().toString(),
                root.serialNumber().toString(16),
                root.der().sha256(),
                root.spki()));
    }

    /** The authority whose certificate is, byte for byte, {@code certificate}. */
    Optional<NvidiaTrustAnchor> find(Bytes certificate) {
        Bytes digest = certificate.sha256();
        return anchors.stream()
                .filter(anchor -> anchor.certificateSha256().equals(digest))
                .findFirst();
    }
}
