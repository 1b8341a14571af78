package org.verifiableai.attestation.nvidia;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.internal.x509.X509Cert;

/** The certificates of one device, leaf first, parsed and not trusted. Immutable. */
final class DeviceChain {

    private static final int IDENTITY = 1;

    private final IssuedChain chain;
    private final Optional<Bytes> fwid;

    private DeviceChain(IssuedChain chain, Optional<Bytes> fwid) {
        this.chain = chain;
        this.fwid = fwid;
    }

    static DeviceChain parse(List<Bytes> encoded) throws MalformedEvidenceException {
        IssuedChain chain = IssuedChain.parse(encoded);
        return new DeviceChain(chain, Fwid.of(chain.leaf()));
    }

    /** The architecture that the device identity certificate among these names, if there is one. */
    static Optional<GpuArchitecture> architectureOf(List<Bytes> encoded) {
        if (encoded.size() <= IDENTITY) {
            return Optional.empty();
        }
        try {
            return X509Cert.parse(encoded.get(IDENTITY)).subject().commonName().flatMap(GpuArchitecture::ofCommonName);
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }

    int size() {
        return chain.size();
    }

    /** The certificates, leaf first. */
    List<X509Cert> certificates() {
        return chain.certificates();
    }

    /** The common name of the device identity certificate, which issued the leaf. */
    Optional<String> hardwareModel() {
        return size() <= IDENTITY
                ? Optional.empty()
                : certificates().get(IDENTITY).subject().commonName();
    }

    Optional<GpuArchitecture> architecture() {
        return hardwareModel().flatMap(GpuArchitecture::ofCommonName);
    }

    /** NVIDIA's identifier of a device: the leaf's serial number, decimal. */
    String ueid() {
        return chain.leaf().serialNumber().toString();
    }

    /** The DER SubjectPublicKeyInfo of the device identity certificate, which no firmware changes. */
    Optional<Bytes> identityKey() {
        return size() <= IDENTITY
                ? Optional.empty()
                : Optional.of(certificates().get(IDENTITY).spki());
    }

    /** The DER SubjectPublicKeyInfo of the leaf. */
    Bytes leafKey() {
        return chain.leaf().spki();
    }

    String leafName() {
        return chain.leaf().subject().commonName().orElse("a certificate without common name");
    }

    /** The firmware identifier that the leaf states. */
    Optional<Bytes> fwid() {
        return fwid;
    }

    /** SHA-256 of the last certificate. */
    Bytes lastDigest() {
        return chain.last().der().sha256();
    }

    /** The trust anchor that the last certificate is, byte for byte. */
    Optional<NvidiaTrustAnchor> root(NvidiaTrustAnchors anchors) {
        return chain.root(anchors);
    }

    /** What is wrong with the chain, apart from where it ends; one entry for each defect. */
    List<String> defects(int expectedSize, Optional<NvidiaTrustAnchor> root, SignatureEngine engine) {
        List<String> defects = chain.defects(expectedSize, root, engine);
        if (fwid.isEmpty()) {
            defects.add(chain.name(0) + " must state a firmware identifier, found none");
        }
        return defects;
    }

    List<String> invalidAt(Instant instant) {
        return chain.invalidAt(instant);
    }
}
