package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.RsaSignedCert;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * A key of a key set, with all that can be said of it whatever the time is, and the validity of its certificates for what
 * cannot. Immutable.
 */
final class CheckedKey {

    private static final String KEY_USAGE = "2.5.29.15";
    private static final int DIGITAL_SIGNATURE = 0x80; // bit 0, which is the highest of the first octet

    private final @Nullable VerificationKey key;
    private final List<String> defects;
    private final List<Validity> validities;

    private record Validity(String name, Instant notBefore, Instant notAfter) {}

    private CheckedKey(@Nullable VerificationKey key, List<String> defects, List<Validity> validities) {
        this.key = key;
        this.defects = List.copyOf(defects);
        this.validities = List.copyOf(validities);
    }

    /**
     * Examines a key.
     *
     * @param pins SHA-256 of the certificates one of which must have certified it; none if the way that the key set came
     *     is what vouches for it
     */
    static CheckedKey examine(JwksKey key, Set<Bytes> pins, SignatureEngine engine) {
        List<String> defects = new ArrayList<>();
        List<Validity> validities = new ArrayList<>();
        VerificationKey decoded = null;
        try {
            decoded = engine.key(key.spki());
        } catch (MalformedEvidenceException e) {
            defects.add(e.getMessage());
        }
        if (!key.certificates().isEmpty()) {
            chain(key, engine, defects, validities);
        }
        if (!pins.isEmpty()) {
            pin(key, pins, defects);
        }
        return new CheckedKey(decoded, defects, validities);
    }

    /** The key; empty if it is no point on the curve. */
    Optional<VerificationKey> key() {
        return Optional.ofNullable(key);
    }

    /** What is wrong with it at any time. */
    List<String> defects() {
        return defects;
    }

    /** What is wrong with it at {@code instant}. */
    List<String> invalidAt(Instant instant) {
        return validities.stream()
                .filter(v -> instant.isBefore(v.notBefore) || instant.isAfter(v.notAfter))
                .map(v -> v.name + " must be valid at " + instant + ", found " + v.notBefore + " to " + v.notAfter)
                .toList();
    }

    private static void chain(JwksKey key, SignatureEngine engine, List<String> defects, List<Validity> validities) {
        try {
            Leaf leaf = Leaf.parse(key.certificates().get(0));
            validities.add(new Validity("certificate of the key", leaf.notBefore, leaf.notAfter));
            if (!leaf.spki.equals(key.spki())) {
                defects.add("certificate of the key must hold that key, found " + leaf.spki);
            }
            if (!leaf.maySign()) {
                defects.add("certificate of the key must let it sign, found another usage");
            }
            if (key.certificates().size() > 1) {
                X509Cert issuer = X509Cert.parse(key.certificates().get(1));
                validities.add(new Validity("certificate of its issuer", issuer.notBefore(), issuer.notAfter()));
                if (!leaf.issuedBy(issuer, engine)) {
                    defects.add("certificate of the key must be signed by " + issuer.subject() + ", found another's");
                }
            }
        } catch (MalformedEvidenceException e) {
            defects.add("x5c: " + e.getMessage());
        }
    }

    private static void pin(JwksKey key, Set<Bytes> pins, List<String> defects) {
        if (key.certificates().size() < 2) {
            defects.add("key must come with its certificate and its issuer's, found "
                    + key.certificates().size());
            return;
        }
        Bytes issuer = key.certificates().get(1).sha256();
        if (!pins.contains(issuer)) {
            defects.add("key must be certified by a pinned certificate "
                    + String.join(" or ", pins.stream().map(Bytes::hex).sorted().toList()) + ", found " + issuer);
        }
    }

    /** The certificate of a key, whose issuer signs with RSA today and may sign with ECDSA tomorrow. */
    private record Leaf(
            Bytes issuer,
            Instant notBefore,
            Instant notAfter,
            Bytes spki,
            @Nullable Bytes keyUsage,
            @Nullable RsaSignedCert rsa,
            @Nullable X509Cert other) {

        static Leaf parse(Bytes der) throws MalformedEvidenceException {
            try {
                RsaSignedCert cert = RsaSignedCert.parse(der);
                return new Leaf(
                        cert.issuer().encoded(),
                        cert.notBefore(),
                        cert.notAfter(),
                        cert.spki(),
                        cert.extensions().get(KEY_USAGE),
                        cert,
                        null);
            } catch (MalformedEvidenceException notRsa) {
                X509Cert cert = X509Cert.parse(der);
                return new Leaf(
                        cert.issuer().encoded(),
                        cert.notBefore(),
                        cert.notAfter(),
                        cert.spki(),
                        cert.extensions().get(KEY_USAGE),
                        null,
                        cert);
            }
        }

        /** RFC 5280, section 4.2.1.3: a BIT STRING, here as tag, length, unused bits and bits. */
        boolean maySign() {
            return keyUsage == null || (keyUsage.size() >= 4 && (keyUsage.unsigned(3) & DIGITAL_SIGNATURE) != 0);
        }

        boolean issuedBy(X509Cert authority, SignatureEngine engine) throws MalformedEvidenceException {
            if (!issuer.equals(authority.subject().encoded()) || !authority.mayIssue()) {
                return false;
            }
            if (rsa != null) {
                return rsa.signedBy(authority.spki());
            }
            return other != null && other.signedBy(engine.key(authority.spki()));
        }
    }
}
