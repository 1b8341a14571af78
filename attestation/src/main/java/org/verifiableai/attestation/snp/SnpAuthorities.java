package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.BoundedCache;
import org.verifiableai.attestation.internal.ExactKey;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.snp.SnpTrustAnchors.Anchor;
import org.verifiableai.attestation.snp.SnpTrustAnchors.Role;

/**
 * The pinned authorities of a verifier, and what it has found to be theirs: certificates, chains and revocation lists whose
 * signatures lead to a pinned root. Thread-safe.
 *
 * <p>What is kept is kept by its exact bytes, and only once its signatures were verified; a failure is never kept. Since
 * nothing that was signed can change, a hit saves the parsing and the signatures and decides nothing else.
 */
final class SnpAuthorities {

    private static final Set<String> KNOWN_CRITICAL = Set.of("2.5.29.15", "2.5.29.19"); // keyUsage, basicConstraints

    // AMD has made a dozen authorities in all, and issues a list a root every few weeks.
    private static final int MAX_KEPT_AUTHORITIES = 64;
    private static final int MAX_KEPT_LISTS = 16;

    private final SignatureEngine engine;
    private final Map<ProductLine, Map<Role, Issuer>> pinned = new EnumMap<>(ProductLine.class);
    private final Map<ProductLine, Map<Role, Bytes>> digests = new EnumMap<>(ProductLine.class);
    private final BoundedCache<ExactKey, SnpChain> chains;
    private final BoundedCache<ExactKey, Authority> authorities;
    private final BoundedCache<ExactKey, GenuineList> lists;

    /** A certificate that is pinned or signed by the pinned root of {@code line}. */
    private record Authority(ProductLine line, Role role, X509Cert certificate, Issuer issuer) {}

    /** A revocation list that the pinned root of {@code line} signed. */
    private record GenuineList(ProductLine line, RevocationList list) {}

    /**
     * Decodes every pinned key.
     *
     * @param keep how many chains to keep; zero keeps nothing at all
     * @throws IllegalArgumentException if an anchor holds no key that {@code engine} reads
     */
    SnpAuthorities(SnpTrustAnchors anchors, SignatureEngine engine, int keep) {
        this.engine = engine;
        this.chains = new BoundedCache<>(keep);
        this.authorities = new BoundedCache<>(Math.min(keep, MAX_KEPT_AUTHORITIES));
        this.lists = new BoundedCache<>(Math.min(keep, MAX_KEPT_LISTS));
        for (Anchor anchor : anchors.anchors()) {
            try {
                pinned.computeIfAbsent(anchor.line(), line -> new EnumMap<>(Role.class))
                        .put(anchor.role(), Issuer.of(anchor, engine.key(anchor.spki())));
                digests.computeIfAbsent(anchor.line(), line -> new EnumMap<>(Role.class))
                        .put(anchor.role(), anchor.certificateSha256());
            } catch (MalformedEvidenceException e) {
                throw new IllegalArgumentException("trust anchor " + anchor.subject() + ": " + e.getMessage(), e);
            }
        }
    }

    /** The chain of exactly these certificates, if it was connected before. */
    Optional<SnpChain> known(Bytes vek, List<Bytes> above) {
        return Optional.ofNullable(chains.get(ExactKey.of(vek, above)));
    }

    /** The certificate of a VEK and those that came with it. An authority that is none is left out, a VEK must be one. */
    SnpCertificates read(Bytes vek, List<Bytes> above) throws MalformedEvidenceException {
        List<X509Cert> certificates = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (Bytes der : above) {
            Authority known = authorities.get(ExactKey.of(der));
            try {
                certificates.add(known == null ? X509Cert.parse(der) : known.certificate());
            } catch (MalformedEvidenceException e) {
                unreadable.add(e.getMessage());
            }
        }
        return new SnpCertificates(VekCertificate.parse(vek), certificates, unreadable);
    }

    /** Connects certificates to the pinned root of {@code line}, and keeps the chain if it is one that can recur. */
    SnpChain connect(SnpCertificates certificates, ProductLine line) throws BrokenChainException {
        try {
            SnpChain chain = connected(certificates, line);
            if (certificates.vek().productLine() == line
                    && certificates.unreadable().isEmpty()
                    && chain.vekKey() != null) {
                List<Bytes> above =
                        certificates.authorities().stream().map(X509Cert::der).toList();
                chains.put(ExactKey.of(certificates.vek().certificate().der(), above), chain);
            }
            return chain;
        } catch (MalformedEvidenceException e) {
            throw new BrokenChainException("authority certificate " + e.getMessage());
        }
    }

    /** A revocation list, read and not trusted. */
    RevocationList readList(Bytes der) throws MalformedEvidenceException {
        GenuineList known = lists.get(ExactKey.of(der));
        return known == null ? RevocationList.parse(der) : known.list();
    }

    /** Whether the root of {@code line}, whose key is that of {@code root}, signed {@code list}. */
    boolean signed(ProductLine line, Issuer root, RevocationList list) {
        ExactKey key = ExactKey.of(list.der());
        GenuineList known = lists.get(key);
        if (known != null && known.line() == line) {
            return true;
        }
        boolean signed = list.signedBy(root.key());
        if (signed) {
            lists.put(key, new GenuineList(line, list));
        }
        return signed;
    }

    private SnpChain connected(SnpCertificates certificates, ProductLine line)
            throws BrokenChainException, MalformedEvidenceException {
        Issuer root = pinned(line, Role.ARK);
        if (root == null) {
            throw new BrokenChainException("there is no trust anchor for " + line.amdName());
        }
        Issuer pinnedRoot = root;
        X509Cert intermediate = null;
        for (X509Cert authority : certificates.authorities()) {
            if (isRoot(authority)) {
                root = root(authority, line, pinnedRoot);
            } else if (intermediate != null) {
                throw new BrokenChainException("expected one certificate between VEK and root, found more");
            } else {
                intermediate = authority;
            }
        }
        VekCertificate vek = certificates.vek();
        // A VCEK hangs under SEV-<line>, a VLEK under SEV-VLEK-<line>.
        Role role = vek.kind() == SigningKey.VLEK ? Role.ASVK : Role.ASK;
        Issuer issuer = intermediate == null
                ? missing(line, role, certificates)
                : intermediate(intermediate, line, role, pinnedRoot);
        requireIssued(vek.certificate(), issuer);
        return new SnpChain(certificates, issuer, root, reportKey(vek.certificate()));
    }

    /** The pinned key in place of a certificate that did not come. */
    private Issuer missing(ProductLine line, Role role, SnpCertificates certificates) throws BrokenChainException {
        Issuer issuer = pinned(line, role);
        if (issuer == null) {
            throw new BrokenChainException("expected the " + role + ", found none" + certificates.leftOut());
        }
        return issuer;
    }

    private Issuer root(X509Cert certificate, ProductLine line, Issuer pinnedRoot) throws BrokenChainException {
        Authority known = authorities.get(ExactKey.of(certificate.der()));
        if (known != null && known.line() == line && known.role() == Role.ARK) {
            return known.issuer();
        }
        require(
                certificate.spki().equals(pinnedRoot.key().spki()),
                () -> "the root that came with the evidence, " + commonName(certificate) + " with key "
                        + certificate.spki().sha256() + ", is not the pinned " + pinnedRoot.name());
        require(
                isPinned(certificate, line, Role.ARK) || certificate.signedBy(pinnedRoot.key()),
                () -> commonName(certificate) + " is not signed by itself");
        return keep(line, Role.ARK, certificate, pinnedRoot.key());
    }

    private Issuer intermediate(X509Cert certificate, ProductLine line, Role role, Issuer root)
            throws BrokenChainException, MalformedEvidenceException {
        Authority known = authorities.get(ExactKey.of(certificate.der()));
        if (known != null && known.line() == line && known.role() == role) {
            return known.issuer();
        }
        String name = commonName(certificate);
        require(
                name.equals(role.commonName(line)),
                () -> "expected " + role.commonName(line) + " above the VEK, found " + name);
        require(
                root.name().equals(certificate.issuer().commonName().orElse("")),
                () -> name + " was issued by " + certificate.issuer() + ", not by " + root.name());
        require(certificate.mayIssue(), () -> name + " may not issue certificates");
        requireKnownExtensions(certificate);
        // The pinned certificate itself needs no signature: its digest says more.
        require(
                isPinned(certificate, line, role)
                        || (certificate.signature().algorithm() == SignatureAlgorithm.RSASSA_PSS_SHA384
                                && certificate.signedBy(root.key())),
                () -> name + " is not signed by the pinned " + root.name());
        return keep(line, role, certificate, engine.key(certificate.spki()));
    }

    private static void requireIssued(X509Cert vek, Issuer issuer) throws BrokenChainException {
        require(
                issuer.isNamedBy(vek),
                () -> "VEK was issued by " + vek.issuer() + ", the authority above it is " + issuer.name());
        require(!vek.mayIssue(), () -> "VEK claims to be an authority");
        requireKnownExtensions(vek);
        require(
                vek.signature().algorithm() == SignatureAlgorithm.RSASSA_PSS_SHA384 && vek.signedBy(issuer.key()),
                () -> "VEK is not signed by " + (issuer.pinned() ? "the pinned " : "") + issuer.name());
    }

    private Issuer keep(ProductLine line, Role role, X509Cert certificate, VerificationKey key) {
        Issuer issuer = Issuer.of(certificate, key);
        authorities.put(ExactKey.of(certificate.der()), new Authority(line, role, certificate, issuer));
        return issuer;
    }

    private @Nullable VerificationKey reportKey(X509Cert vek) {
        try {
            return reportKey(engine, vek);
        } catch (MalformedEvidenceException e) {
            return null; // which the check of the report's signature finds, and says why
        }
    }

    /** A VEK is a P-384 key; any other would not be what AMD certifies. */
    static VerificationKey reportKey(SignatureEngine engine, X509Cert vek) throws MalformedEvidenceException {
        VerificationKey key = engine.key(vek.spki());
        if (key.algorithm() != SignatureAlgorithm.ECDSA_P384_SHA384) {
            throw new MalformedEvidenceException(
                    "subjectPublicKeyInfo",
                    MalformedEvidenceException.NO_OFFSET,
                    "a P-384 key",
                    key.algorithm().name());
        }
        return key;
    }

    private @Nullable Issuer pinned(ProductLine line, Role role) {
        Map<Role, Issuer> roles = pinned.get(line);
        return roles == null ? null : roles.get(role);
    }

    private boolean isPinned(X509Cert certificate, ProductLine line, Role role) {
        Map<Role, Bytes> roles = digests.get(line);
        Bytes digest = roles == null ? null : roles.get(role);
        return digest != null && digest.equals(certificate.der().sha256());
    }

    private static void requireKnownExtensions(X509Cert certificate) throws BrokenChainException {
        require(
                KNOWN_CRITICAL.containsAll(certificate.criticalExtensions()),
                () -> commonName(certificate) + " has a critical extension that is unknown, one of "
                        + new TreeSet<>(certificate.criticalExtensions()));
    }

    private static boolean isRoot(X509Cert certificate) {
        return certificate.issuer().encoded().equals(certificate.subject().encoded());
    }

    private static String commonName(X509Cert certificate) {
        return certificate.subject().commonName().orElse("a certificate without a name");
    }

    private static void require(boolean condition, Supplier<String> otherwise) throws BrokenChainException {
        if (!condition) {
            throw new BrokenChainException(otherwise.get());
        }
    }
}
