package org.verifiableai.attestation.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;

/**
 * An attestation service made of software that stands where NVIDIA's stands: it has a key set with certificates, and signs
 * tokens about devices that nobody looked at. Immutable and thread-safe.
 *
 * <p>It is trusted only where a caller passes {@link #issuerKeys()} to a verifier. Its tokens prove nothing about any
 * device.
 *
 * <pre>{@code
 * SoftwareNras nras = SoftwareNras.create(now);
 * Bytes token = nras.token(nonce, now).withGpus(8).json();
 * Verdict<AttestationToken> verdict = TokenVerifier.builder().build().verify(token, nras.issuerKeys(), policy);
 * }</pre>
 */
public final class SoftwareNras {

    private static final Duration KEY_LIFE = Duration.ofDays(2);

    private final String issuer;
    private final String keyId;
    private final SoftwareKey key;
    private final ServiceCertificates authority;
    private final List<Bytes> certificates;

    private SoftwareNras(
            String issuer, String keyId, SoftwareKey key, ServiceCertificates authority, List<Bytes> certificates) {
        this.issuer = issuer;
        this.keyId = keyId;
        this.key = key;
        this.authority = authority;
        this.certificates = List.copyOf(certificates);
    }

    /** A service under the name of NVIDIA's, with a key of its own that was certified an hour before {@code now}. */
    public static SoftwareNras create(Instant now) {
        return create(TokenPolicy.NRAS, now);
    }

    /**
     * A service of another name, with a key of its own that was certified an hour before {@code now}.
     *
     * @param issuer what its tokens have in {@code iss}
     */
    public static SoftwareNras create(String issuer, Instant now) {
        Instant from = now.minus(Duration.ofHours(1));
        SoftwareKey key = SoftwareKey.generate();
        ServiceCertificates authority =
                ServiceCertificates.create(from.minus(Duration.ofDays(365)), from.plus(Duration.ofDays(1000)));
        String id = "nv-eat-kid-soft-" + key.spkiDer().sha256().slice(0, 16).hex();
        return new SoftwareNras(
                issuer,
                id,
                key,
                authority,
                List.of(authority.certify(key, from, from.plus(KEY_LIFE)), authority.intermediate()));
    }

    /** What its tokens have in {@code iss}. */
    public String issuer() {
        return issuer;
    }

    /** The id of its key. */
    public String keyId() {
        return keyId;
    }

    /** Its key set, as it serves it. */
    public Bytes jwks() {
        Map<String, @Nullable Object> listed = new LinkedHashMap<>();
        listed.put("kty", "EC");
        listed.put("crv", "P-384");
        listed.put("kid", keyId);
        if (!certificates.isEmpty()) {
            listed.put("x5c", certificates.stream().map(Bytes::base64).toList());
        }
        Bytes point = key.spkiDer();
        listed.put("x", TokenSigner.base64(point.slice(point.size() - 96, point.size() - 48)));
        listed.put("y", TokenSigner.base64(point.slice(point.size() - 48, point.size())));
        return Bytes.utf8(JsonText.compact(Map.of("keys", List.of(listed))));
    }

    /** Its key set under its name, for a verifier. */
    public IssuerKeys issuerKeys() {
        try {
            return IssuerKeys.of(issuer, Jwks.parse(jwks()));
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("a key set of the testkit is one", e);
        }
    }

    /** SHA-256 of the certificate of the intermediate that certified its key. */
    public Bytes intermediateSha256() {
        return authority.intermediate().sha256();
    }

    /** The same service, whose key has no certificates in its key set. */
    public SoftwareNras withoutCertificates() {
        return withCertificates(List.of());
    }

    /** The same service, whose key has other certificates in its key set. */
    public SoftwareNras withCertificates(List<Bytes> chain) {
        return new SoftwareNras(issuer, keyId, key, authority, chain);
    }

    /** The same service, whose key was certified from one instant until another. */
    public SoftwareNras withKeyValid(Instant from, Instant until) {
        return withCertificates(List.of(authority.certify(key, from, until), authority.intermediate()));
    }

    /** The certificates that its key set has. */
    public List<Bytes> certificates() {
        return certificates;
    }

    /** A token of claims version 2.0, of no device yet. */
    public SoftwareToken token(Bytes nonce, Instant issuedAt) {
        return SoftwareToken.of(SoftwareToken.Style.SERVICE, signer(), issuer, nonce, issuedAt);
    }

    /** The key set of several services as one. */
    static Bytes jwks(List<SoftwareNras> services) {
        List<String> keys = new ArrayList<>();
        for (SoftwareNras service : services) {
            String set = new String(service.jwks().toByteArray(), StandardCharsets.UTF_8);
            keys.add(set.substring("{\"keys\":[".length(), set.length() - "]}".length()));
        }
        return Bytes.utf8("{\"keys\":[" + String.join(",", keys) + "]}");
    }

    TokenSigner signer() {
        return TokenSigner.es384(key, keyId);
    }

    SoftwareKey key() {
        return key;
    }

    ServiceCertificates authority() {
        return authority;
    }
}
