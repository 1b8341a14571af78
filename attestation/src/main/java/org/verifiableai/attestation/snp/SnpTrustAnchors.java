package org.verifiableai.attestation.snp;

import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.FactTable;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * The root keys (ARK) in which a verifier lets chains end, one a product line. Immutable.
 *
 * <p>A root is pinned by its key. One that comes with evidence is a hint at best: it has to be the pinned one.
 *
 * @param anchors the roots, at most one a product line
 */
public record SnpTrustAnchors(List<Anchor> anchors) {

    private static final String ROOT = "root certificate";

    private static final SnpTrustAnchors AMD = load();

    /**
     * One root key.
     *
     * @param line the product line that it stands for
     * @param subject the common name of its certificate, such as {@code ARK-Milan}
     * @param spki its DER SubjectPublicKeyInfo
     */
    public record Anchor(ProductLine line, String subject, Bytes spki) {}

    /**
     * Copies {@code anchors}.
     *
     * @throws IllegalArgumentException if two of them stand for one line
     */
    public SnpTrustAnchors {
        anchors = List.copyOf(anchors);
        Map<ProductLine, Anchor> byLine = new EnumMap<>(ProductLine.class);
        for (Anchor anchor : anchors) {
            if (byLine.put(anchor.line(), anchor) != null) {
                throw new IllegalArgumentException("trust anchors must be one a line, found two of " + anchor.line());
            }
        }
    }

    /** AMD's roots for Milan, Genoa and Turin, as AMD's key service publishes them. */
    public static SnpTrustAnchors amd() {
        return AMD;
    }

    /** Other roots, such as those of a test's own authority. Whoever holds their keys can make machines. */
    public static SnpTrustAnchors of(Anchor... anchors) {
        return new SnpTrustAnchors(Arrays.asList(anchors));
    }

    /**
     * One other root, from its certificate. Whoever holds its key can make machines.
     *
     * <p>The certificate is taken at its word: the caller vouches for it, and neither its validity nor its own signature
     * is looked at.
     *
     * @param certificate one certificate, DER or PEM, whose subject has a common name such as {@code ARK-Milan}
     * @throws MalformedEvidenceException if it is not one certificate, or does not name a product line so
     */
    public static SnpTrustAnchors ofCertificate(Bytes certificate) throws MalformedEvidenceException {
        X509Cert root = X509Cert.parse(Pem.single(ROOT, "CERTIFICATE", certificate));
        String subject = root.subject().commonName().orElse("");
        for (ProductLine line : ProductLine.values()) {
            if (subject.equals("ARK-" + line.amdName())) {
                return of(new Anchor(line, subject, root.spki()));
            }
        }
        throw new MalformedEvidenceException(
                ROOT,
                MalformedEvidenceException.NO_OFFSET,
                "a subject of ARK-Milan, ARK-Genoa or ARK-Turin",
                root.subject().toString());
    }

    private static SnpTrustAnchors load() {
        return new SnpTrustAnchors(FactTable.load(SnpTrustAnchors.class, "amd-authorities.txt").stream()
                .map(SnpTrustAnchors::anchor)
                .toList());
    }

    private static Anchor anchor(Map<String, String> facts) {
        Bytes spki = Bytes.of(Base64.getDecoder().decode(facts.getOrDefault("spki", "")));
        if (!spki.sha256().hex().equals(facts.get("spki-sha256"))) {
            throw new IllegalStateException("amd-authorities.txt: key and digest differ in " + facts);
        }
        return new Anchor(ProductLine.parse(facts.getOrDefault("line", "")), facts.getOrDefault("subject", ""), spki);
    }
}
