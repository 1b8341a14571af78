package org.verifiableai.attestation.snp;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.FactTable;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * The keys in which a verifier lets chains end: for each product line a root (ARK) and, if they are known beforehand too,
 * the key under it that signs VCEKs (ASK) and the one that signs VLEKs (ASVK). Immutable.
 *
 * <p>An authority is pinned by its key. A root that comes with evidence is a hint at best: it has to be the pinned one.
 * A pinned ASK or ASVK stands in where evidence brings no certificate for it; one that evidence brings is used if the
 * pinned root signed it, so that an older or a newer one works too.
 *
 * @param anchors the authorities, at most one of each role a product line, and none without the root of its line
 */
public record SnpTrustAnchors(List<Anchor> anchors) {

    private static final String CERTIFICATE = "root certificate";

    private static final SnpTrustAnchors AMD = load();

    /** What an authority signs. */
    public enum Role {
        /** The root: signs itself, the ASK, the ASVK and the revocation lists. */
        ARK("ARK-"),
        /** Signs the VCEKs of chips. */
        ASK("SEV-"),
        /** Signs the VLEKs of cloud providers. */
        ASVK("SEV-VLEK-");

        private final String prefix;

        Role(String prefix) {
            this.prefix = prefix;
        }

        /** The common name of the authority of this role for {@code line}, such as {@code SEV-Milan}. */
        public String commonName(ProductLine line) {
            return prefix + line.amdName();
        }
    }

    /**
     * One authority, as its certificate describes it.
     *
     * @param line the product line that it stands for
     * @param role what it signs
     * @param serialNumber the serial number of its certificate, by which a revocation list names it
     * @param notBefore the first instant at which its certificate is valid
     * @param notAfter the last instant at which its certificate is valid
     * @param spki its DER SubjectPublicKeyInfo
     * @param certificateSha256 the SHA-256 digest of its DER certificate, for people who compare fingerprints
     */
    public record Anchor(
            ProductLine line,
            Role role,
            BigInteger serialNumber,
            Instant notBefore,
            Instant notAfter,
            Bytes spki,
            Bytes certificateSha256) {

        /** The common name of its certificate, such as {@code ARK-Milan}. */
        public String subject() {
            return role.commonName(line);
        }
    }

    /**
     * Copies {@code anchors}.
     *
     * @throws IllegalArgumentException if two of them have one line and role, or one stands under a root that is missing
     */
    public SnpTrustAnchors {
        anchors = List.copyOf(anchors);
        Map<ProductLine, Map<Role, Anchor>> byLine = new EnumMap<>(ProductLine.class);
        for (Anchor anchor : anchors) {
            if (byLine.computeIfAbsent(anchor.line(), line -> new EnumMap<>(Role.class))
                            .put(anchor.role(), anchor)
                    != null) {
                throw new IllegalArgumentException(
                        "trust anchors must be one a line and role, found two of " + anchor.subject());
            }
        }
        byLine.forEach((line, roles) -> {
            if (!roles.containsKey(Role.ARK)) {
                throw new IllegalArgumentException("trust anchors must have " + Role.ARK.commonName(line)
                        + " where they have " + roles.values().iterator().next().subject());
            }
        });
    }

    /** AMD's authorities for Milan, Genoa and Turin, as AMD's key service publishes them: ARK, ASK and ASVK of each. */
    public static SnpTrustAnchors amd() {
        return AMD;
    }

    /** Other authorities, such as those of a test. Whoever holds their keys can make machines. */
    public static SnpTrustAnchors of(Anchor... anchors) {
        return new SnpTrustAnchors(Arrays.asList(anchors));
    }

    /**
     * One other root, from its certificate. Whoever holds its key can make machines.
     *
     * <p>The certificate is taken at its word: the caller vouches for it, and its own signature is not looked at. Its
     * validity is judged when evidence is.
     *
     * @param certificate one certificate, DER or PEM, whose subject has a common name such as {@code ARK-Milan}
     * @throws MalformedEvidenceException if it is not one certificate, or does not name a product line so
     */
    public static SnpTrustAnchors ofCertificate(Bytes certificate) throws MalformedEvidenceException {
        Anchor anchor = anchor(certificate);
        if (anchor.role() != Role.ARK) {
            throw new MalformedEvidenceException(
                    CERTIFICATE,
                    MalformedEvidenceException.NO_OFFSET,
                    "a subject of ARK-Milan, ARK-Genoa or ARK-Turin",
                    anchor.subject());
        }
        return of(anchor);
    }

    /**
     * Other authorities, from their certificates: roots and, for evidence that brings no certificate of them, what stands
     * under the roots. Whoever holds their keys can make machines.
     *
     * <p>The certificates are taken at their word as by {@link #ofCertificate}: also one that its root did not sign.
     *
     * @param certificates DER or PEM, one each, with common names such as {@code ARK-Milan}, {@code SEV-Milan} and
     *     {@code SEV-VLEK-Milan}
     * @throws MalformedEvidenceException if one is not one certificate, or does not name role and product line so
     * @throws IllegalArgumentException if two have one name, or one stands under a root that is missing
     */
    public static SnpTrustAnchors ofCertificates(List<Bytes> certificates) throws MalformedEvidenceException {
        List<Anchor> anchors = new ArrayList<>();
        for (Bytes certificate : certificates) {
            anchors.add(anchor(certificate));
        }
        return new SnpTrustAnchors(anchors);
    }

    /** The authority of this line and role. */
    public Optional<Anchor> anchor(ProductLine line, Role role) {
        return anchors.stream()
                .filter(anchor -> anchor.line() == line && anchor.role() == role)
                .findFirst();
    }

    private static Anchor anchor(Bytes file) throws MalformedEvidenceException {
        X509Cert certificate = X509Cert.parse(Pem.single(CERTIFICATE, "CERTIFICATE", file));
        String subject = certificate.subject().commonName().orElse("");
        for (ProductLine line : ProductLine.values()) {
            for (Role role : Role.values()) {
                if (subject.equals(role.commonName(line))) {
                    return new Anchor(
                            line,
                            role,
                            certificate.serialNumber(),
                            certificate.notBefore(),
                            certificate.notAfter(),
                            certificate.spki(),
                            certificate.der().sha256());
                }
            }
        }
        throw new MalformedEvidenceException(
                CERTIFICATE,
                MalformedEvidenceException.NO_OFFSET,
                "a subject of ARK-Milan, ARK-Genoa or ARK-Turin, or of an ASK or ASVK under them",
                certificate.subject().toString());
    }

    private static SnpTrustAnchors load() {
        return new SnpTrustAnchors(FactTable.load(SnpTrustAnchors.class, "amd-authorities.txt").stream()
                .map(SnpTrustAnchors::anchor)
                .toList());
    }

    private static Anchor anchor(Map<String, String> facts) {
        Anchor anchor = new Anchor(
                ProductLine.parse(fact(facts, "line")),
                Role.valueOf(fact(facts, "role")),
                new BigInteger(fact(facts, "serial"), 16),
                Instant.parse(fact(facts, "not-before")),
                Instant.parse(fact(facts, "not-after")),
                Bytes.of(Base64.getDecoder().decode(fact(facts, "spki"))),
                Bytes.fromHex(fact(facts, "certificate-sha256")));
        if (!anchor.spki().sha256().hex().equals(fact(facts, "spki-sha256"))
                || !anchor.subject().equals(fact(facts, "subject"))) {
            throw new IllegalStateException("amd-authorities.txt: the facts of " + anchor + " contradict each other");
        }
        return anchor;
    }

    private static String fact(Map<String, String> facts, String name) {
        return Objects.requireNonNull(facts.get(name), () -> "amd-authorities.txt: no " + name + " in " + facts);
    }
}
