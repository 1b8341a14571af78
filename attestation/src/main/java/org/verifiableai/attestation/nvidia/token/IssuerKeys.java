package org.verifiableai.attestation.nvidia.token;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Key sets by the issuer whose tokens they verify. A key verifies tokens of its own issuer and of no other, whatever its id.
 * Immutable.
 */
public final class IssuerKeys {

    /** No keys: no token proves anything from afar. */
    public static final IssuerKeys NONE = new IssuerKeys(Map.of());

    private final Map<String, Jwks> byIssuer;

    private IssuerKeys(Map<String, Jwks> byIssuer) {
        this.byIssuer = Map.copyOf(byIssuer);
    }

    /** The keys of NVIDIA's attestation service, {@link TokenPolicy#NRAS}. */
    public static IssuerKeys nras(Jwks keys) {
        return of(TokenPolicy.NRAS, keys);
    }

    /**
     * The keys of one issuer.
     *
     * @param issuer as its tokens have it in {@code iss}, character by character
     */
    public static IssuerKeys of(String issuer, Jwks keys) {
        return NONE.and(issuer, keys);
    }

    /**
     * These and the keys of another issuer.
     *
     * @throws IllegalArgumentException if there are keys of that issuer already
     */
    public IssuerKeys and(String issuer, Jwks keys) {
        if (issuer.isBlank()) {
            throw new IllegalArgumentException("issuer must have a name, found none");
        }
        Map<String, Jwks> more = new TreeMap<>(byIssuer);
        if (more.put(issuer, keys) != null) {
            throw new IllegalArgumentException("issuer must have one key set, found two of " + issuer);
        }
        return new IssuerKeys(more);
    }

    /** The key of this id, if it is one of this issuer. */
    Optional<JwksKey> key(String issuer, String id) {
        return Optional.ofNullable(byIssuer.get(issuer)).flatMap(keys -> keys.key(id));
    }

    /** Whether there is a key set of this issuer. */
    boolean knows(String issuer) {
        return byIssuer.containsKey(issuer);
    }

    @Override
    public String toString() {
        return "IssuerKeys" + new TreeMap<>(byIssuer);
    }
}
