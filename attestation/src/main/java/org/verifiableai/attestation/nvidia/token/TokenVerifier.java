package org.verifiableai.attestation.nvidia.token;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.nvidia.DeviceKind;

/**
 * Appraises what a verifier of NVIDIA printed about GPUs and switches. Immutable and thread-safe; uses neither network nor
 * disk. It keeps the keys that it has examined, so that one verifier for all tokens is faster than one for each.
 *
 * <p>An acceptance of a token that a service signed proves that the service, as far as its key set is its own, judged
 * exactly these devices a good one, in answer to the policy's nonce unless the policy waived that. It does not prove that
 * there are no other devices in the machine, that the devices sit in the machine that presents the token, or that
 * confidential computing was on.
 *
 * <p>A token of a verifier that ran beside the GPU proves nothing by itself: its key stands in that verifier's source, or
 * there is none. Such a token is read, its digests are checked, and it is refused, unless the policy has it made inside a
 * guest and a {@link GuestBinding} shows that.
 *
 * <p>Every check of {@link TokenChecks} appears in every verdict, and checks that do not need each other all run. A device
 * of which a token reports an error fails {@code token.errors}, and other checks pass over it, since there is nothing to
 * look at.
 *
 * <p>The facts of an acceptance: {@code token.form}, {@code token.issuer}, {@code token.claims-version},
 * {@code token.nonce}, {@code token.issued-at}, {@code token.expires} (of several bundles, each value once),
 * {@code token.key-id}, {@code token.proof} ({@code service} or {@code guest}), {@code token.devices} (their number),
 * {@code token.sha256} of the document, {@code token.evaluated-at}, {@code token.policy-digest}, and for each device
 * {@code token.device.NAME.} with {@code ueid}, {@code hwmodel}, {@code driver}, {@code vbios}, {@code measres} and
 * {@code warning}, where the token has them; the name of a device in one of several bundles begins with its verifier's.
 *
 * <pre>{@code
 * TokenVerifier verifier = TokenVerifier.builder().build();
 * Verdict<AttestationToken> verdict =
 *         verifier.verify(token, IssuerKeys.nras(Jwks.parse(keySet)), policy);
 * }</pre>
 */
public final class TokenVerifier {

    /** The intermediates under which NVIDIA's service has its keys certified, by SHA-256 of their certificates. */
    public static final Set<Bytes> NVIDIA_INTERMEDIATES =
            Set.of(Bytes.fromHex("2df8907cf4d6c277b855d407ec178a649930a8e73f7294e8fce66e6ee27c5175"));

    private final Clock clock;
    private final KeyRing ring;

    private TokenVerifier(Builder builder) {
        this.clock = builder.clock;
        this.ring = new KeyRing(builder.pins, builder.signatureEngine, builder.cachedKeys);
    }

    /** A verifier to be set up: the system's clock and the SDK's signature engine unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs every check on a token that has to prove itself.
     *
     * @param document the token in any of the forms of {@link AttestationToken}
     * @param keys the keys of the issuers that the policy admits
     * @param policy what the relying party demands
     * @return the verdict; a document however malformed gives a rejection and no exception
     */
    public Verdict<AttestationToken> verify(Bytes document, IssuerKeys keys, TokenPolicy policy) {
        return appraise(document, keys, policy, null);
    }

    /**
     * Runs every check on a token that may rest on the report of the guest in which it was made.
     *
     * @param guest what shows that it was made there; it counts only if the policy has {@code madeInsideGuest}
     * @see #verify(Bytes, IssuerKeys, TokenPolicy)
     */
    public Verdict<AttestationToken> verify(Bytes document, IssuerKeys keys, TokenPolicy policy, GuestBinding guest) {
        return appraise(document, keys, policy, Objects.requireNonNull(guest, "guest"));
    }

    private Verdict<AttestationToken> appraise(
            Bytes document, IssuerKeys keys, TokenPolicy policy, @Nullable GuestBinding guest) {
        Appraisal appraisal = new Appraisal();
        Instant now = clock.instant();
        AttestationToken token;
        try {
            token = AttestationToken.parse(document);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(TokenChecks.FORMAT, e.getMessage());
            TokenChecks.ALL.stream()
                    .filter(check -> !check.equals(TokenChecks.FORMAT))
                    .forEach(check -> appraisal.block(check, TokenChecks.FORMAT));
            return appraisal.verdict(null);
        }
        appraisal.pass(TokenChecks.FORMAT, describe(token));
        each(token, appraisal, TokenChecks.ISSUER, bundle -> ProofRules.issuer(bundle, policy), () -> issuers(token));
        proof(token, keys, policy, guest, appraisal);
        each(
                token,
                appraisal,
                TokenChecks.TIMES,
                bundle -> BundleRules.times(bundle, policy, now),
                () -> "every token has begun and not expired at " + now);
        nonce(token, policy, appraisal);
        each(
                token,
                appraisal,
                TokenChecks.SUBMODULES,
                BundleRules::submodules,
                () -> "each of " + token.devices().size()
                        + " device tokens has the digest that its overall token names");
        each(token, appraisal, TokenChecks.ERRORS, BundleRules::errors, () -> "no token reports an error");
        enter(appraisal, TokenChecks.DEVICES, DeviceRules.defects(token, policy), () -> devices(token, policy));
        each(token, appraisal, TokenChecks.RESULT, BundleRules::result, () -> "x-nvidia-overall-att-result is true");
        each(
                token,
                appraisal,
                TokenChecks.CLAIMS,
                bundle -> ClaimRules.defects(bundle, policy),
                () -> "every step of the appraisal of every device succeeded" + warnings(token, policy));
        nvtrust(token, policy, appraisal);
        facts(token, policy, now, appraisal);
        return appraisal.verdict(token);
    }

    private void proof(
            AttestationToken token,
            IssuerKeys keys,
            TokenPolicy policy,
            @Nullable GuestBinding guest,
            Appraisal appraisal) {
        List<TokenBundle> remote = token.bundles().stream()
                .filter(bundle -> Maker.of(bundle).provesItself())
                .toList();
        boolean local = remote.size() < token.bundles().size();
        boolean algorithms =
                each(token, appraisal, TokenChecks.ALGORITHM, ProofRules::algorithm, () -> algorithms(token));
        boolean vouched = guest(token, local, policy, guest, appraisal);
        if (!algorithms) {
            appraisal.block(TokenChecks.KEY, TokenChecks.ALGORITHM);
            appraisal.block(TokenChecks.SIGNATURE, TokenChecks.ALGORITHM);
            return;
        }
        List<String> keyDefects = new ArrayList<>();
        remote.forEach(bundle -> keyDefects.addAll(ProofRules.key(bundle, keys, ring)));
        if (!keyDefects.isEmpty() || (!local && !remote.isEmpty())) {
            enter(appraisal, TokenChecks.KEY, keyDefects, () -> keyIds(token));
        } else if (!vouched) {
            appraisal.block(TokenChecks.KEY, TokenChecks.GUEST);
        } else if (remote.isEmpty()) {
            appraisal.waive(TokenChecks.KEY, "guest", policy.insideGuestWaiver().orElseThrow());
        } else {
            appraisal.pass(TokenChecks.KEY, keyIds(token) + "; for the others a guest's report vouches");
        }
        if (!remote.stream().allMatch(bundle -> ProofRules.hasKeys(bundle, keys, ring))) {
            appraisal.block(TokenChecks.SIGNATURE, TokenChecks.KEY);
            return;
        }
        List<String> defects = new ArrayList<>();
        token.bundles().forEach(bundle -> defects.addAll(ProofRules.signature(bundle, keys, ring)));
        if (!defects.isEmpty() || vouched) {
            int signed = token.bundles().stream()
                    .mapToInt(bundle -> bundle.tokens().size())
                    .sum();
            enter(appraisal, TokenChecks.SIGNATURE, defects, () -> signed + " tokens are signed as their makers sign");
        } else {
            appraisal.block(TokenChecks.SIGNATURE, TokenChecks.GUEST);
        }
    }

    /** Whether nothing rests on a guest, or a guest's report vouches for what does. */
    private static boolean guest(
            AttestationToken token,
            boolean local,
            TokenPolicy policy,
            @Nullable GuestBinding guest,
            Appraisal appraisal) {
        if (!local) {
            appraisal.pass(TokenChecks.GUEST, "no token needs a guest to vouch for it");
            return true;
        }
        String what = "token of " + issuers(token) + " is no remote proof (made beside the device, and signed "
                + "with a key that everybody knows or with none); ";
        if (policy.insideGuestWaiver().isEmpty()) {
            appraisal.fail(
                    TokenChecks.GUEST, what + "policy must say that it was made inside a guest, found no such word");
            return false;
        }
        if (guest == null) {
            appraisal.fail(TokenChecks.GUEST, what + "the verified report of its guest must bind it, found no report");
            return false;
        }
        Optional<String> defect = guest.defect(token.bytes());
        return appraisal.check(
                TokenChecks.GUEST,
                defect.isEmpty(),
                () -> "made inside a guest whose verified report binds it by " + guest.how() + ", which policy allows: "
                        + policy.insideGuestWaiver().orElseThrow(),
                () -> what + defect.orElseThrow());
    }

    private static void nonce(AttestationToken token, TokenPolicy policy, Appraisal appraisal) {
        Optional<Bytes> expected = policy.expectedNonce();
        if (expected.isEmpty()) {
            appraisal.waive(TokenChecks.NONCE, policy.freshnessWaiver().orElseThrow());
            return;
        }
        each(
                token,
                appraisal,
                TokenChecks.NONCE,
                bundle -> BundleRules.nonce(bundle, expected.get()),
                () -> "every token that has one answers " + expected.get());
    }

    private static void nvtrust(AttestationToken token, TokenPolicy policy, Appraisal appraisal) {
        if (policy.nvtrustPolicies().isEmpty()) {
            appraisal.notDemanded(TokenChecks.POLICY);
            return;
        }
        each(
                token,
                appraisal,
                TokenChecks.POLICY,
                bundle -> nvtrust(bundle, policy),
                () -> policy.nvtrustPolicies().stream()
                        .map(nvtrust -> "policy of version " + nvtrust.version() + " accepts"
                                + (nvtrust.demandsNothing() ? ", and demands nothing" : ""))
                        .collect(Collectors.joining("; ")));
    }

    private static List<String> nvtrust(TokenBundle bundle, TokenPolicy policy) {
        List<String> defects = new ArrayList<>();
        boolean asked = false;
        for (NvtrustPolicy nvtrust : policy.nvtrustPolicies()) {
            Optional<DeviceKind> kind = nvtrust.kind();
            if (kind.isEmpty() || bundle.devices().stream().allMatch(device -> device.kind() == kind.get())) {
                asked = true;
                nvtrust.differences(bundle).forEach(difference -> defects.add(bundle.label(difference.toString())));
            }
        }
        if (!asked) {
            defects.add(bundle.label("overall") + ": a policy must speak of its devices, found none that does");
        }
        return defects;
    }

    private static boolean each(
            AttestationToken token,
            Appraisal appraisal,
            CheckId check,
            Function<TokenBundle, List<String>> rule,
            Supplier<String> ifPassed) {
        List<String> defects = new ArrayList<>();
        token.bundles().forEach(bundle -> defects.addAll(rule.apply(bundle)));
        return enter(appraisal, check, defects, ifPassed);
    }

    private static boolean enter(Appraisal appraisal, CheckId check, List<String> defects, Supplier<String> ifPassed) {
        return appraisal.check(check, defects.isEmpty(), ifPassed, () -> String.join("; ", defects));
    }

    private static String describe(AttestationToken token) {
        String form = switch (token.form()) {
            case BUNDLE -> "bundle";
            case SDK_WRAPPER ->
                "wrapper of " + token.bundles().size() + " bundles, whose own token proves nothing and is passed over,";
            case NVATTEST -> "bundle within the JSON of nvattest, whose other members are passed over,";
            case SINGLE -> "token by itself";
        };
        return form + " of " + token.devices().size() + " devices";
    }

    private static String issuers(AttestationToken token) {
        return join(token, bundle -> bundle.claims().issuer());
    }

    private static String algorithms(AttestationToken token) {
        return join(token, bundle -> Optional.of(Maker.of(bundle).algorithm()));
    }

    private static String keyIds(AttestationToken token) {
        return "known: " + String.join(", ", token.keyIds());
    }

    private static String devices(AttestationToken token, TokenPolicy policy) {
        return token.devices().size() + " devices, each another"
                + policy.deviceCountWaiver()
                        .map(why -> "; their number is not looked at: " + why)
                        .orElse("");
    }

    private static String warnings(AttestationToken token, TokenPolicy policy) {
        String warnings = token.devices().stream()
                .flatMap(device ->
                        device.claims().warning().stream().map(warning -> "; " + device.name() + " warns: " + warning))
                .collect(Collectors.joining());
        return policy.warningWaiver()
                .filter(why -> !warnings.isEmpty())
                .map(why -> warnings + "; allowed by policy: " + why)
                .orElse(warnings);
    }

    private static String join(AttestationToken token, Function<TokenBundle, Optional<String>> value) {
        return token.bundles().stream()
                .flatMap(bundle -> value.apply(bundle).stream())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static void facts(AttestationToken token, TokenPolicy policy, Instant now, Appraisal appraisal) {
        appraisal.fact("token.form", token.form());
        appraisal.fact("token.issuer", issuers(token));
        appraisal.fact(
                "token.claims-version", join(token, bundle -> bundle.claims().version()));
        appraisal.fact("token.nonce", join(token, bundle -> bundle.claims().nonce()));
        appraisal.fact(
                "token.issued-at",
                join(token, bundle -> bundle.claims().issuedAt().map(Instant::toString)));
        appraisal.fact(
                "token.expires", join(token, bundle -> bundle.claims().expires().map(Instant::toString)));
        if (!token.keyIds().isEmpty()) {
            appraisal.fact("token.key-id", String.join(", ", token.keyIds()));
        }
        appraisal.fact(
                "token.proof",
                join(token, bundle -> Optional.of(Maker.of(bundle).provesItself() ? "service" : "guest")));
        appraisal.fact("token.devices", token.devices().size());
        appraisal.fact("token.sha256", token.bytes().sha256());
        appraisal.fact("token.evaluated-at", now);
        appraisal.fact("token.policy-digest", policy.digest());
        for (TokenBundle bundle : token.bundles()) {
            boolean several = token.bundles().size() > 1;
            for (DeviceToken device : bundle.devices()) {
                String prefix = "token.device."
                        + (several
                                ? bundle.verifier()
                                        .map(verifier -> verifier + ".")
                                        .orElse("")
                                : "") + device.name()
                        + ".";
                DeviceClaims claims = device.claims();
                claims.ueid().ifPresent(value -> appraisal.fact(prefix + "ueid", value));
                claims.hardwareModel().ifPresent(value -> appraisal.fact(prefix + "hwmodel", value));
                claims.driverVersion().ifPresent(value -> appraisal.fact(prefix + "driver", value));
                claims.vbiosVersion().ifPresent(value -> appraisal.fact(prefix + "vbios", value));
                claims.measurementResult().ifPresent(value -> appraisal.fact(prefix + "measres", value));
                claims.warning().ifPresent(value -> appraisal.fact(prefix + "warning", value));
            }
        }
    }

    /** Collects the world of a {@link TokenVerifier}. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_CACHED_KEYS = 256;

        private Clock clock = Clock.systemUTC();
        private SignatureEngine signatureEngine = SignatureEngine.standard();
        private Set<Bytes> pins = Set.of();
        private int cachedKeys = DEFAULT_CACHED_KEYS;

        private Builder() {}

        /** The clock at whose instant tokens must be valid; the system's by default. */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** What verifies signatures; {@link SignatureEngine#standard()} by default. */
        public Builder signatureEngine(SignatureEngine engine) {
            signatureEngine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /**
         * Demands that every key comes with a certificate that one of these signed. By default the way that a key set came
         * is what vouches for it; certificates that come with a key are looked at all the same.
         *
         * @param sha256 SHA-256 of each certificate, such as {@link #NVIDIA_INTERMEDIATES}; NVIDIA does not publish when
         *     it will use another
         */
        public Builder pinnedIntermediates(Set<Bytes> sha256) {
            pins = Set.copyOf(sha256);
            return this;
        }

        /** How many keys it keeps once examined; 256 by default, zero for none. */
        public Builder cachedKeys(int number) {
            if (number < 0) {
                throw new IllegalArgumentException("number of cached keys must not be negative, found " + number);
            }
            cachedKeys = number;
            return this;
        }

        /** The verifier. */
        public TokenVerifier build() {
            return new TokenVerifier(this);
        }
    }
}
