package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuPolicy;

/** What holds a bundle together: its times, its nonce, its digests. Each method returns what is wrong. */
final class BundleRules {

    private BundleRules() {}

    /** RFC 7519, section 4.1: exp is the first instant at which a token is not taken; nbf the first at which it is. */
    static List<String> times(TokenBundle bundle, TokenPolicy policy, Instant now) {
        List<String> defects = new ArrayList<>();
        Instant early = now.plus(policy.leeway());
        for (TokenBundle.Named named : bundle.named()) {
            @Nullable Instant issuedAt = named.claims().issuedAt();
            @Nullable Instant notBefore = named.claims().notBefore();
            @Nullable Instant expires = named.claims().expires();
            if (issuedAt == null || expires == null) {
                defects.add(named.name() + ": token must say when it was issued and when it expires, found no "
                        + (issuedAt == null ? "iat" : "exp"));
                continue;
            }
            if (!now.isBefore(expires)) {
                defects.add(named.name() + ": token must not have expired at " + now + ", found " + expires);
            }
            if (notBefore != null && early.isBefore(notBefore)) {
                defects.add(named.name() + ": token must have begun at " + now + ", found " + notBefore);
            }
            if (early.isBefore(issuedAt)) {
                defects.add(named.name() + ": token must have been issued at " + now + ", found " + issuedAt);
            }
            if (!issuedAt.isBefore(expires) || (notBefore != null && !notBefore.isBefore(expires))) {
                defects.add(named.name() + ": token must expire after it begins, found " + expires);
            }
            policy.maximumAge()
                    .filter(age -> issuedAt.plus(age).isBefore(now))
                    .ifPresent(age -> defects.add(named.name() + ": token must have been issued no longer than "
                            + age.toSeconds() + " s before " + now + ", found " + issuedAt));
        }
        return defects;
    }

    /** A device token that reports an error has no nonce; that it reports one is judged elsewhere. */
    static List<String> nonce(TokenBundle bundle, Bytes expected) {
        List<String> defects = new ArrayList<>();
        if (GpuPolicy.isSampleNonce(expected)) {
            defects.add("nonce must be of the caller's own making, found that of a public sample: " + expected);
        }
        answers(
                defects,
                bundle.label("overall"),
                expected,
                bundle.claims().nonce().orElse(null));
        for (DeviceToken device : bundle.devices()) {
            if (device.claims().error().isEmpty() || device.claims().nonce().isPresent()) {
                answers(
                        defects,
                        bundle.label(device.name()),
                        expected,
                        device.claims().nonce().orElse(null));
            }
        }
        return defects;
    }

    private static void answers(List<String> defects, String name, Bytes expected, @Nullable String found) {
        if (found == null || !found.equalsIgnoreCase(expected.hex())) {
            defects.add(name + ": token must answer nonce " + expected + ", found " + (found == null ? "none" : found));
        }
    }

    static List<String> submodules(TokenBundle bundle) {
        List<String> defects = new ArrayList<>();
        Map<String, SubmoduleDigest> named = bundle.claims().submodules();
        Map<Bytes, String> digests = new HashMap<>();
        named.forEach((name, submodule) -> digests.put(submodule.digest(), name));
        Set<String> missing = new TreeSet<>(named.keySet());
        for (DeviceToken device : bundle.devices()) {
            missing.remove(device.name());
            SubmoduleDigest submodule = named.get(device.name());
            if (submodule == null) {
                defects.add(
                        bundle.label(device.name()) + ": overall token must name it, found no submodule of the name");
                continue;
            }
            if (!submodule.isSha256()) {
                defects.add(bundle.label(device.name()) + ": digest must be of SHA-256, found " + submodule.label());
            }
            Bytes digest = digest(bundle, device);
            if (!submodule.digest().equals(digest)) {
                String owner = digests.get(digest);
                defects.add(bundle.label(device.name()) + ": digest must be " + submodule.digest() + ", found " + digest
                        + (owner == null ? "" : ", that of " + owner));
            }
        }
        missing.forEach(
                name -> defects.add(bundle.label(name) + ": overall token names it, found no token of the name"));
        if (named.isEmpty()) {
            defects.add(bundle.label("overall") + ": token must name the tokens of its devices, found none");
        }
        return defects;
    }

    /** nvtrust hashes the claims as Python writes them; everybody else the token. */
    private static Bytes digest(TokenBundle bundle, DeviceToken device) {
        return Maker.of(bundle) == Maker.NVTRUST
                ? PythonJson.digest(device.token().claims())
                : device.token().sha256();
    }

    static List<String> errors(TokenBundle bundle) {
        List<String> defects = new ArrayList<>();
        bundle.claims().error().ifPresent(error -> defects.add(bundle.label("overall") + ": " + error));
        for (DeviceToken device : bundle.devices()) {
            device.claims().error().ifPresent(error -> defects.add(bundle.label(device.name()) + ": " + error));
        }
        return defects;
    }

    static List<String> result(TokenBundle bundle) {
        boolean succeeded = bundle.claims().result().orElse(false);
        return succeeded
                ? List.of()
                : List.of(bundle.label("overall") + ": x-nvidia-overall-att-result must be true, found "
                        + bundle.claims().result().map(String::valueOf).orElse("none"));
    }
}
