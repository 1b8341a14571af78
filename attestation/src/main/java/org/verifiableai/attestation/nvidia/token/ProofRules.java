package org.verifiableai.attestation.nvidia.token;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;

/** Who made the tokens of a bundle, and what shows it. Each method returns what is wrong. */
final class ProofRules {

    /** The key of nvtrust's local verifiers: it stands in their source, and whoever likes can sign with it. */
    private static final Bytes WELL_KNOWN_KEY = Bytes.utf8("secret");

    private ProofRules() {}

    static List<String> issuer(TokenBundle bundle, TokenPolicy policy) {
        List<String> defects = new ArrayList<>();
        Set<String> admitted = new TreeSet<>(policy.issuers());
        if (policy.insideGuestWaiver().isPresent()) {
            admitted.addAll(Maker.LOCAL_ISSUERS);
        }
        Optional<String> issuer = bundle.claims().issuer();
        if (issuer.isEmpty() || !admitted.contains(issuer.get())) {
            defects.add(bundle.label("overall") + ": issuer must be " + String.join(" or ", admitted) + ", found "
                    + issuer.orElse("none"));
        }
        for (DeviceToken device : bundle.devices()) {
            if (issuer.isPresent() && !device.claims().issuer().equals(issuer)) {
                defects.add(bundle.label(device.name()) + ": issuer must be " + issuer.get()
                        + " as of the overall token, found "
                        + device.claims().issuer().orElse("none"));
            }
            if (issuer.isPresent() && !Maker.judges(issuer.get(), device.kind())) {
                defects.add(bundle.label(device.name()) + ": issuer must be one that judges a " + device.kind()
                        + ", found " + issuer.get());
            }
        }
        return defects;
    }

    /** RFC 8725, section 3.1: the algorithm is known before the token is looked at. */
    static List<String> algorithm(TokenBundle bundle) {
        String expected = Maker.of(bundle).algorithm();
        return bundle.named().stream()
                .filter(named -> !named.token().algorithm().equals(expected))
                .map(named -> named.name() + ": algorithm must be " + expected + ", found "
                        + named.token().algorithm())
                .toList();
    }

    /** Only for a bundle that proves itself. */
    static List<String> key(TokenBundle bundle, IssuerKeys keys, KeyRing ring) {
        String issuer = bundle.claims().issuer().orElse("");
        if (!keys.knows(issuer)) {
            return List.of("keys of " + (issuer.isEmpty() ? "an issuer without a name" : issuer)
                    + " must be at hand, found none");
        }
        Set<String> defects = new LinkedHashSet<>(); // tokens of one key share its defects
        for (TokenBundle.Named named : bundle.named()) {
            Optional<String> id = named.token().keyId();
            Optional<JwksKey> key = id.flatMap(known -> keys.key(issuer, known));
            if (id.isEmpty()) {
                defects.add(named.name() + ": token must name its key, found no kid");
            } else if (key.isEmpty()) {
                defects.add(named.name() + ": kid must be that of a key of " + issuer + ", found " + id.get());
            } else {
                CheckedKey checked = ring.check(key.get());
                checked.defects().forEach(defect -> defects.add("key " + id.get() + ": " + defect));
                if (named.claims().issuedAt() != null) {
                    checked.invalidAt(named.claims().issuedAt())
                            .forEach(defect -> defects.add("key " + id.get() + ": " + defect));
                }
            }
        }
        return List.copyOf(defects);
    }

    /** Whether every token of the bundle names a key that signatures can be verified with. */
    static boolean hasKeys(TokenBundle bundle, IssuerKeys keys, KeyRing ring) {
        return bundle.tokens().stream()
                .allMatch(token -> find(bundle, token, keys, ring).isPresent());
    }

    static List<String> signature(TokenBundle bundle, IssuerKeys keys, KeyRing ring) {
        return switch (Maker.of(bundle)) {
            case REMOTE ->
                wrong(bundle, "signature must be that of the key that it names", token -> {
                    VerificationKey key = find(bundle, token, keys, ring).orElse(null);
                    return key != null
                            && key.algorithm() == SignatureAlgorithm.ECDSA_P384_SHA384
                            && key.verify(token.signingInput(), token.signature());
                });
            case NVTRUST ->
                wrong(
                        bundle,
                        "signature must be that of the key that nvtrust has in its source",
                        token -> mac(token.signingInput()).equals(token.signature()));
            // RFC 7518, section 3.6: the signature of an unsecured token is empty.
            case NVAT ->
                wrong(
                        bundle,
                        "signature must be empty",
                        token -> token.signature().isEmpty());
        };
    }

    private interface Rule {
        boolean holds(Jws token);
    }

    private static List<String> wrong(TokenBundle bundle, String expected, Rule rule) {
        return bundle.named().stream()
                .filter(named -> !rule.holds(named.token()))
                .map(named -> named.name() + ": " + expected + ", found another")
                .toList();
    }

    private static Optional<VerificationKey> find(TokenBundle bundle, Jws token, IssuerKeys keys, KeyRing ring) {
        return token.keyId()
                .flatMap(id -> keys.key(bundle.claims().issuer().orElse(""), id))
                .flatMap(key -> ring.check(key).key());
    }

    private static Bytes mac(Bytes message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(WELL_KNOWN_KEY.toByteArray(), "HmacSHA256"));
            return Bytes.of(mac.doFinal(message.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HMAC with SHA-256", e);
        }
    }
}
