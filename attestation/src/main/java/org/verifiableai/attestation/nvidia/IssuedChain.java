package org.verifiableai.attestation.nvidia;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * Certificates of which each has to have issued the one before it, parsed and not trusted: the rules that the chains of
 * NVIDIA's devices and of its manifests have in common. Immutable.
 *
 * @param certificates the certificates, leaf first, at least one
 */
record IssuedChain(List<X509Cert> certificates) {

    // More than any rule asks for: what is beyond is not even parsed.
    private static final int MAX_CERTIFICATES = 10;
    private static final Set<String> KNOWN_CRITICAL = Set.of("2.5.29.15", "2.5.29.19");

    IssuedChain {
        certificates = List.copyOf(certificates);
    }

    static IssuedChain parse(List<Bytes> encoded) throws MalformedEvidenceException {
        if (encoded.isEmpty() || encoded.size() > MAX_CERTIFICATES) {
            throw new MalformedEvidenceException(
                    "certificates",
                    MalformedEvidenceException.NO_OFFSET,
                    "1 to " + MAX_CERTIFICATES,
                    Integer.toString(encoded.size()));
        }
        List<X509Cert> certificates = new ArrayList<>();
        for (Bytes der : encoded) {
            try {
                certificates.add(X509Cert.parse(der));
            } catch (MalformedEvidenceException e) {
                throw new MalformedEvidenceException(
                        "certificate " + certificates.size() + ", " + e.field(), e.offset(), e.expected(), e.found());
            }
        }
        return new IssuedChain(certificates);
    }

    int size() {
        return certificates.size();
    }

    X509Cert leaf() {
        return certificates.get(0);
    }

    X509Cert last() {
        return certificates.get(size() - 1);
    }

    /** A certificate as messages name it. */
    String name(int i) {
        return "certificate " + i + " ("
                + certificates.get(i).subject().commonName().orElse("without common name") + ")";
    }

    /** The trust anchor that the last certificate is, byte for byte. */
    Optional<NvidiaTrustAnchor> root(NvidiaTrustAnchors anchors) {
        return anchors.find(last().der());
    }

    /** What is wrong with the chain, apart from where it ends; one entry for each defect. */
    List<String> defects(int expectedSize, Optional<NvidiaTrustAnchor> root, SignatureEngine engine) {
        List<String> defects = new ArrayList<>();
        if (size() != expectedSize) {
            defects.add("chain must have " + expectedSize + " certificates, found " + size());
        }
        List<Optional<VerificationKey>> keys = keys(root, engine, defects);
        for (int i = 0; i < size(); i++) {
            checkPurpose(i, defects);
            if (i + 1 < size()) {
                checkLink(i, keys.get(i + 1), defects);
            }
        }
        return defects;
    }

    /** Which certificates are not valid at {@code instant}; asked each time anew, since it is a fact about the instant. */
    List<String> invalidAt(Instant instant) {
        List<String> defects = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            X509Cert certificate = certificates.get(i);
            if (!certificate.validAt(instant)) {
                defects.add(name(i) + " must be valid at " + instant + ", found " + certificate.notBefore() + " to "
                        + certificate.notAfter());
            }
        }
        return defects;
    }

    private List<Optional<VerificationKey>> keys(
            Optional<NvidiaTrustAnchor> root, SignatureEngine engine, List<String> defects) {
        List<Optional<VerificationKey>> keys = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            // The pinned value and not the evidence has the last word on the root's key.
            Bytes spki = i == size() - 1 && root.isPresent()
                    ? root.get().spki()
                    : certificates.get(i).spki();
            Optional<VerificationKey> key = p384(spki, engine);
            if (key.isEmpty()) {
                defects.add(name(i) + " must have a key on P-384, found " + spki.sha256() + " (SHA-256)");
            }
            keys.add(key);
        }
        return keys;
    }

    /** The key on P-384 that this is, if it is one. */
    static Optional<VerificationKey> p384(Bytes spki, SignatureEngine engine) {
        try {
            return Optional.of(engine.key(spki)).filter(k -> k.algorithm() == SignatureAlgorithm.ECDSA_P384_SHA384);
        } catch (MalformedEvidenceException e) {
            return Optional.empty(); // as a sound key of another kind
        }
    }

    /** RFC 5280, sections 4.2.1.3 and 4.2.1.9: the leaf signs data, the others sign certificates. */
    private void checkPurpose(int i, List<String> defects) {
        X509Cert certificate = certificates.get(i);
        if (i == 0) {
            if (!certificate.maySignData()) {
                defects.add(name(i) + " must be no authority and be allowed to sign, found otherwise");
            }
        } else {
            if (!certificate.mayIssue()) {
                defects.add(name(i) + " must be an authority that may sign certificates, found otherwise");
            }
            checkPathLength(i, certificate.basicConstraints(), defects);
        }
        certificate.criticalExtensions().stream()
                .filter(oid -> !KNOWN_CRITICAL.contains(oid))
                .sorted()
                .forEach(
                        oid -> defects.add(name(i) + " must have no critical extension that is unknown, found " + oid));
    }

    private void checkPathLength(int i, X509Cert.@Nullable BasicConstraints constraints, List<String> defects) {
        int intermediates = i - 1;
        if (constraints != null
                && constraints.pathLength() != null
                && constraints.pathLength().compareTo(BigInteger.valueOf(intermediates)) < 0) {
            defects.add(name(i) + " must admit " + intermediates + " intermediate certificates, found "
                    + constraints.pathLength());
        }
    }

    private void checkLink(int i, Optional<VerificationKey> issuerKey, List<String> defects) {
        X509Cert certificate = certificates.get(i);
        X509Cert issuer = certificates.get(i + 1);
        if (!certificate.issuer().equals(issuer.subject())) {
            defects.add(name(i) + " must name certificate " + (i + 1) + " as its issuer, found another");
        }
        if (issuerKey.isPresent() && !certificate.signedBy(issuerKey.get())) {
            defects.add(name(i) + " must be signed by certificate " + (i + 1) + ", found another's signature");
        }
    }
}
