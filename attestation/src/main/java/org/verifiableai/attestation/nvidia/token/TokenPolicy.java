package org.verifiableai.attestation.nvidia.token;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What a relying party demands of a token about GPUs and switches. Immutable, and closed by default: a policy cannot be
 * built before it says which nonce it wants and of how many devices; only NVIDIA's attestation service may have made the
 * token, and none of its staging; tokens of verifiers that run beside the GPU prove nothing and are refused. Each loosening
 * has a reason, and the reason stands in the verdict.
 *
 * <pre>{@code
 * TokenPolicy policy = TokenPolicy.builder()
 *         .expectedNonce(nonce)
 *         .gpus(8)
 *         .minimumDriver("570.00")
 *         .build();
 * }</pre>
 *
 * <p>No token says whether confidential computing was on, or that developer tools were off: both are for evidence from
 * inside the guest.
 *
 * <p>Two policies are equal if they make the same demands for the same reasons; then their {@link #digest()} is too.
 */
public final class TokenPolicy {

    /** The issuer of NVIDIA's attestation service. */
    public static final String NRAS = "https://nras.attestation.nvidia.com";

    /** The issuer of the staging of NVIDIA's attestation service, which no default admits. */
    public static final String NRAS_STAGING = "https://nras.attestation-stg.nvidia.com";

    /** How much earlier than its beginning a token is taken by default, since clocks differ. */
    public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(30);

    /** The most that {@link Builder#leeway} takes. */
    public static final Duration MAX_LEEWAY = Duration.ofMinutes(5);

    static final int NONCE_SIZE = 32;

    private final @Nullable Bytes nonce;
    private final @Nullable String withoutFreshness;
    private final SortedSet<String> issuers;
    private final @Nullable Integer gpus;
    private final @Nullable Integer switches;
    private final @Nullable String anyDeviceCount;
    private final SortedSet<String> hardwareModels;
    private final SortedSet<String> devices;
    private final @Nullable String minimumDriver;
    private final @Nullable Duration maximumAge;
    private final Duration leeway;
    private final List<NvtrustPolicy> nvtrustPolicies;
    private final @Nullable String warnings;
    private final @Nullable String unstatedOcsp;
    private final @Nullable String madeInsideGuest;

    private TokenPolicy(Builder builder) {
        this.nonce = builder.nonce;
        this.withoutFreshness = builder.withoutFreshness;
        this.issuers = copy(builder.issuers);
        this.gpus = builder.gpus;
        this.switches = builder.switches;
        this.anyDeviceCount = builder.anyDeviceCount;
        this.hardwareModels = copy(builder.hardwareModels);
        this.devices = copy(builder.devices);
        this.minimumDriver = builder.minimumDriver;
        this.maximumAge = builder.maximumAge;
        this.leeway = builder.leeway;
        this.nvtrustPolicies = List.copyOf(builder.nvtrustPolicies);
        this.warnings = builder.warnings;
        this.unstatedOcsp = builder.unstatedOcsp;
        this.madeInsideGuest = builder.madeInsideGuest;
    }

    private static SortedSet<String> copy(Collection<String> values) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the form of {@link #toJson()}. Unknown members are refused by name, so that a misspelled demand is not a
     * missing one.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be a policy
     */
    public static TokenPolicy fromJson(String json) throws MalformedEvidenceException {
        return builderFromJson(json).build();
    }

    /**
     * A builder that begins with what the form of {@link #toJson()} says, where decisions may still be missing: a file
     * names the devices, say, and each request its own nonce.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be part of a policy
     */
    public static Builder builderFromJson(String json) throws MalformedEvidenceException {
        return TokenPolicyJson.read(json);
    }

    /** The JSON Schema (draft 2020-12) of {@link #toJson()}, for editors and for tools that write policies. */
    public static String jsonSchema() {
        return TokenPolicyJson.schema();
    }

    /** The policy as one JSON object; demands that it does not make are left out. Equal policies are equal texts. */
    public String toJson() {
        return TokenPolicyJson.pretty(this);
    }

    /** SHA-256 over {@link #toJson()} without the white space between its parts, as UTF-8; 32 bytes. */
    public Bytes digest() {
        return Bytes.utf8(TokenPolicyJson.compact(this)).sha256();
    }

    /** A builder that begins where this policy stands, to make one that differs. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.nonce = nonce;
        builder.withoutFreshness = withoutFreshness;
        builder.issuers.clear();
        builder.issuers.addAll(issuers);
        builder.gpus = gpus;
        builder.switches = switches;
        builder.anyDeviceCount = anyDeviceCount;
        builder.hardwareModels.addAll(hardwareModels);
        builder.devices.addAll(devices);
        builder.minimumDriver = minimumDriver;
        builder.maximumAge = maximumAge;
        builder.leeway = leeway;
        builder.nvtrustPolicies.addAll(nvtrustPolicies);
        builder.warnings = warnings;
        builder.unstatedOcsp = unstatedOcsp;
        builder.madeInsideGuest = madeInsideGuest;
        return builder;
    }

    /** The nonce that every token has to answer, 32 bytes; empty if freshness is waived. */
    public Optional<Bytes> expectedNonce() {
        return Optional.ofNullable(nonce);
    }

    /** Why any nonce will do; empty if one is expected. */
    public Optional<String> freshnessWaiver() {
        return Optional.ofNullable(withoutFreshness);
    }

    /** Who may have made the token, as {@code iss} has it. */
    public Set<String> issuers() {
        return issuers;
    }

    /** How many GPUs the token has to be of; empty if nothing is said of them. */
    public OptionalInt gpus() {
        return count(gpus, switches);
    }

    /** How many switches the token has to be of; empty if nothing is said of them. */
    public OptionalInt switches() {
        return count(switches, gpus);
    }

    /** Who names one kind alone wants none of the other. */
    private static OptionalInt count(@Nullable Integer named, @Nullable Integer other) {
        if (named != null) {
            return OptionalInt.of(named);
        }
        return other == null ? OptionalInt.empty() : OptionalInt.of(0);
    }

    /** Why any number of devices will do; empty if one is demanded. */
    public Optional<String> deviceCountWaiver() {
        return Optional.ofNullable(anyDeviceCount);
    }

    /** The models that will do; empty if any will. */
    public Set<String> hardwareModels() {
        return hardwareModels;
    }

    /** The {@code ueid}s of the devices that will do; empty if any will. */
    public Set<String> devices() {
        return devices;
    }

    /** The lowest driver that will do. */
    public Optional<String> minimumDriver() {
        return Optional.ofNullable(minimumDriver);
    }

    /** How long ago the tokens may have been issued. */
    public Optional<Duration> maximumAge() {
        return Optional.ofNullable(maximumAge);
    }

    /** How much earlier than its beginning a token is taken. */
    public Duration leeway() {
        return leeway;
    }

    /** The policy files of NVIDIA's SDK that have to accept too. */
    public List<NvtrustPolicy> nvtrustPolicies() {
        return nvtrustPolicies;
    }

    /** Why a token will do whose maker warns, such as of a certificate on hold; empty if none will. */
    public Optional<String> warningWaiver() {
        return Optional.ofNullable(warnings);
    }

    /** Why a token will do that is silent on nonce and validity of OCSP answers; empty if none will. */
    public Optional<String> unstatedOcspWaiver() {
        return Optional.ofNullable(unstatedOcsp);
    }

    /** Why a token without proof of its own will do, if a guest's verified report binds it; empty if none will. */
    public Optional<String> insideGuestWaiver() {
        return Optional.ofNullable(madeInsideGuest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenPolicy that && digest().equals(that.digest());
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return "TokenPolicy[" + TokenPolicyJson.compact(this) + "]";
    }

    /**
     * Collects the demands of a {@link TokenPolicy}. Methods that name one thing out of several that will do, or that are
     * wanted together, add to what was named before; of other calls for one demand the later counts. Not thread-safe.
     */
    public static final class Builder {

        private static final int MAX_COUNT = 4096;
        private static final int MAX_TEXT = 256;
        private static final Duration MAX_AGE = Duration.ofDays(1000);

        private @Nullable Bytes nonce;
        private @Nullable String withoutFreshness;
        private final Set<String> issuers = new LinkedHashSet<>(Set.of(NRAS));
        private @Nullable Integer gpus;
        private @Nullable Integer switches;
        private @Nullable String anyDeviceCount;
        private final Set<String> hardwareModels = new LinkedHashSet<>();
        private final Set<String> devices = new LinkedHashSet<>();
        private @Nullable String minimumDriver;
        private @Nullable Duration maximumAge;
        private Duration leeway = DEFAULT_LEEWAY;
        private final List<NvtrustPolicy> nvtrustPolicies = new ArrayList<>();
        private @Nullable String warnings;
        private @Nullable String unstatedOcsp;
        private @Nullable String madeInsideGuest;

        private Builder() {}

        /**
         * Demands that the overall token and that of every device answer this nonce.
         *
         * @param value 32 bytes that the relying party chose, or derived from something that it chose. The verifier
         *     refuses those of NVIDIA's sample scripts, for which tokens are public.
         */
        public Builder expectedNonce(Bytes value) {
            if (value.size() != NONCE_SIZE) {
                throw new IllegalArgumentException("nonce must be of " + NONCE_SIZE + " bytes, found " + value.size());
            }
            nonce = value;
            withoutFreshness = null;
            return this;
        }

        /** Lets any nonce pass: the token may have been made for somebody else. */
        public Builder withoutFreshness(String reason) {
            withoutFreshness = text("reason", reason);
            nonce = null;
            return this;
        }

        /** As {@link #withoutFreshness}, unless something was said of the nonce already. */
        public Builder orWithoutFreshness(String reason) {
            return nonce == null && withoutFreshness == null ? withoutFreshness(reason) : this;
        }

        /**
         * Says who may have made the token, in place of NVIDIA's attestation service alone.
         *
         * @param names each as {@code iss} has it, character by character, such as {@link #NRAS}
         */
        public Builder issuers(Set<String> names) {
            if (names.isEmpty()) {
                throw new IllegalArgumentException("issuers must name one, found none");
            }
            names.forEach(name -> text("issuer", name));
            issuers.clear();
            issuers.addAll(names);
            return this;
        }

        /** Demands this number of GPUs, and no switch unless {@link #switches} says otherwise. */
        public Builder gpus(int number) {
            gpus = count(number);
            anyDeviceCount = null;
            return this;
        }

        /** Demands this number of switches, and no GPU unless {@link #gpus} says otherwise. */
        public Builder switches(int number) {
            switches = count(number);
            anyDeviceCount = null;
            return this;
        }

        /** Lets any number of devices pass: a machine may have more than the token speaks of. */
        public Builder anyDeviceCount(String reason) {
            anyDeviceCount = text("reason", reason);
            gpus = null;
            switches = null;
            return this;
        }

        /** As {@link #anyDeviceCount}, unless something was said of the number of devices already. */
        public Builder orAnyDeviceCount(String reason) {
            return gpus == null && switches == null && anyDeviceCount == null ? anyDeviceCount(reason) : this;
        }

        /**
         * Adds a model that will do.
         *
         * @param name the whole of {@code hwmodel}, such as {@code GH100 A01 GSP BROM}, or its first word, such as
         *     {@code GH100}, which is all that the service says in claims version 2.0
         */
        public Builder hardwareModel(String name) {
            hardwareModels.add(text("hardware model", name));
            return this;
        }

        /**
         * Adds a device that will do. With any named, every device has to be one of them.
         *
         * @param ueid the serial number of the device's certificate, decimal
         */
        public Builder device(String ueid) {
            if (!ueid.matches("[0-9]{1,64}")) {
                throw new IllegalArgumentException("ueid must be decimal digits, found " + ueid);
            }
            devices.add(ueid);
            return this;
        }

        /**
         * Demands at least this driver of every GPU.
         *
         * @param version such as {@code 550.90.07}
         */
        public Builder minimumDriver(String version) {
            minimumDriver = DottedVersion.of(version)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "driver must be numbers with dots between them, found " + version))
                    .text();
            return this;
        }

        /**
         * Demands that the tokens were issued no longer ago.
         *
         * @param age whole seconds, at least one, at most a thousand days
         */
        public Builder maximumAge(Duration age) {
            if (!isWhole(age) || age.toSeconds() < 1 || age.compareTo(MAX_AGE) > 0) {
                throw new IllegalArgumentException(
                        "maximum age must be of whole seconds and at most " + MAX_AGE + ", found " + age);
            }
            maximumAge = age;
            return this;
        }

        /**
         * Says how much earlier than its beginning a token is taken, since clocks differ. It never makes a token last
         * longer.
         *
         * @param tolerance whole seconds, at most {@link #MAX_LEEWAY}
         */
        public Builder leeway(Duration tolerance) {
            if (tolerance.isNegative() || !isWhole(tolerance) || tolerance.compareTo(MAX_LEEWAY) > 0) {
                throw new IllegalArgumentException(
                        "leeway must be of whole seconds and at most " + MAX_LEEWAY + ", found " + tolerance);
            }
            leeway = tolerance;
            return this;
        }

        /**
         * Adds a policy file of NVIDIA's SDK, which has to accept the token too. One that speaks of GPUs is asked about
         * bundles of GPUs, one of switches about those, and any other about all; with any added, every bundle needs one.
         */
        public Builder nvtrustPolicy(NvtrustPolicy policy) {
            if (!nvtrustPolicies.contains(policy)) {
                nvtrustPolicies.add(policy);
            }
            return this;
        }

        /**
         * Lets a token pass in which its maker warns. NVIDIA's verifiers warn where a certificate is revoked for the time
         * being and whoever asked for the token told them to let that pass: every claim then is as for a good one.
         */
        public Builder allowWarnings(String reason) {
            warnings = text("reason", reason);
            return this;
        }

        /**
         * Lets a token of claims version 3.0 pass that does not say whether OCSP answers were valid and bound to their
         * question. NVIDIA's service never says so and needs no leave; the verifier nvat always does; nvtrust never does.
         */
        public Builder allowUnstatedOcsp(String reason) {
            unstatedOcsp = text("reason", reason);
            return this;
        }

        /**
         * Lets a token pass that proves nothing by itself, as those of the verifiers that run beside the GPU: signed with
         * a key that everybody knows, or not at all. It passes only if a {@link GuestBinding} shows that it was made in a
         * guest whose report has been verified, and that the report binds it.
         */
        public Builder madeInsideGuest(String reason) {
            madeInsideGuest = text("reason", reason);
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing; the message names every one
         */
        public TokenPolicy build() {
            List<String> missing = new ArrayList<>();
            if (nonce == null && withoutFreshness == null) {
                missing.add("expectedNonce or withoutFreshness");
            }
            if (gpus == null && switches == null && anyDeviceCount == null) {
                missing.add("gpus, switches or anyDeviceCount");
            }
            if ((gpus != null || switches != null) && isNone(gpus) && isNone(switches)) {
                missing.add("a device, in place of none");
            }
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException("token policy needs " + String.join("; ", missing));
            }
            return new TokenPolicy(this);
        }

        private static boolean isNone(@Nullable Integer number) {
            return number == null || number == 0;
        }

        private static boolean isWhole(Duration duration) {
            return duration.equals(duration.truncatedTo(ChronoUnit.SECONDS));
        }

        private static int count(int number) {
            if (number < 0 || number > MAX_COUNT) {
                throw new IllegalArgumentException("number of devices must be 0 to " + MAX_COUNT + ", found " + number);
            }
            return number;
        }

        private static String text(String name, String text) {
            if (text.isBlank() || text.length() > MAX_TEXT) {
                throw new IllegalArgumentException(
                        name + " must be of 1 to " + MAX_TEXT + " characters, found " + text.length());
            }
            return text;
        }
    }
}
