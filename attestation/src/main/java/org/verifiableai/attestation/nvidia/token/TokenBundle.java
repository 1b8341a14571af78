package org.verifiableai.attestation.nvidia.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one verifier of NVIDIA says of a set of devices: an overall token, and the tokens of the devices that it names by
 * digest (a detached EAT bundle, RFC 9711). Parsed, and not verified. Immutable.
 */
public final class TokenBundle {

    private final @Nullable String verifier;
    private final Jws overall;
    private final OverallClaims claims;
    private final List<DeviceToken> devices;
    private final boolean single;

    TokenBundle(
            @Nullable String verifier, Jws overall, OverallClaims claims, List<DeviceToken> devices, boolean single) {
        this.verifier = verifier;
        this.overall = Objects.requireNonNull(overall, "overall");
        this.claims = Objects.requireNonNull(claims, "claims");
        this.devices = List.copyOf(devices);
        this.single = single;
    }

    /**
     * The verifier by the name that the attestation SDK gives it, such as {@code REMOTE_GPU_CLAIMS}. Nothing vouches for
     * the name: who made the bundle is what its tokens and their signatures say.
     */
    public Optional<String> verifier() {
        return Optional.ofNullable(verifier);
    }

    /** The overall token. */
    public Jws overall() {
        return overall;
    }

    /** What the overall token says. */
    public OverallClaims claims() {
        return claims;
    }

    /** The tokens of the devices, in the order in which they came. */
    public List<DeviceToken> devices() {
        return devices;
    }

    /** Whether it is a token by itself in place of a bundle, as a verifier prints that failed. */
    public boolean isSingle() {
        return single;
    }

    /** The overall token and those of the devices. */
    public List<Jws> tokens() {
        List<Jws> tokens = new ArrayList<>();
        tokens.add(overall);
        devices.forEach(device -> tokens.add(device.token()));
        return List.copyOf(tokens);
    }

    /** What messages call one of the bundle's tokens. */
    String label(String token) {
        return verifier == null ? token : verifier + " " + token;
    }

    /** Each token with its name and the claims that all have. */
    List<Named> named() {
        List<Named> named = new ArrayList<>();
        named.add(new Named(label("overall"), overall, claims.registered()));
        devices.forEach(device -> named.add(
                new Named(label(device.name()), device.token(), device.claims().registered())));
        return named;
    }

    /** One token of a bundle. */
    record Named(String name, Jws token, RegisteredClaims claims) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenBundle that
                && Objects.equals(verifier, that.verifier)
                && overall.equals(that.overall)
                && devices.stream()
                        .map(DeviceToken::name)
                        .toList()
                        .equals(that.devices.stream().map(DeviceToken::name).toList())
                && tokens().equals(that.tokens());
    }

    @Override
    public int hashCode() {
        return Objects.hash(verifier, overall);
    }

    @Override
    public String toString() {
        return "TokenBundle[" + label("overall") + " " + overall + ", " + devices.size() + " devices]";
    }
}
