package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;

/**
 * What a relying party demands of the GPUs and NVSwitches of a machine. Immutable, and closed by default: a policy cannot be
 * built before it says which nonce it wants; NVIDIA's reference values and the answers of its revocation service are
 * required, and a certificate on hold counts as revoked. Each loosening has a reason, and the reason stands in the verdict.
 * What a policy does not demand is in the verdict too, as not evaluated.
 *
 * <pre>{@code
 * GpuPolicy policy = GpuPolicy.builder()
 *         .expectedNonce(nonce)
 *         .gpus(8)
 *         .switches(4)
 *         .requireTopology()
 *         .minimumDriver("580.95.05")
 *         .build();
 * }</pre>
 *
 * <p>How many GPUs a machine has, and which, no evidence says: whoever leaves one out is found by {@link Builder#gpus} and
 * {@link Builder#allowedUeid} alone. Nor does a report state whether confidential computing is on or whether the driver runs
 * in its mode for developers. Reference values are of the firmware in modes that NVIDIA endorses; the rest takes a
 * statement from inside the attested guest.
 *
 * <p>Two policies are equal if they make the same demands for the same reasons; then their {@link #digest()} is too.
 */
public final class GpuPolicy {

    /** The chain of a device of today: leaf, device identity, two intermediates and the root. */
    public static final int DEFAULT_CHAIN_LENGTH = 5;

    private static final int MIN_CHAIN_LENGTH = 2;
    /** More certificates than any device has. */
    static final int MAX_CHAIN_LENGTH = 10;

    private static final int MAX_DEVICES = 256;
    private static final int MAX_REASON = 200;
    private static final Pattern UEID = Pattern.compile("0|[1-9][0-9]{0,62}");

    // Every sample script uses these two, and reports that answer them are public.
    private static final Set<Bytes> SAMPLE_NONCES = Set.of(
            Bytes.fromHex("4cff7f5380ead8fad8ec2c531c110aca4302a88f603792801a8ca29ee151af2e"),
            Bytes.fromHex("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb"));

    private final GpuDemands demands;
    private @Nullable Bytes digest;

    private GpuPolicy(GpuDemands demands) {
        this.demands = demands;
    }

    /** Whether this nonce is one of the two of NVIDIA's sample scripts, so that reports which answer it are public. */
    public static boolean isSampleNonce(Bytes nonce) {
        return SAMPLE_NONCES.contains(nonce);
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder(new GpuDemands());
    }

    /**
     * Reads the form of {@link #toJson()}. Unknown members are refused by name, so that a misspelled demand is not a
     * missing one.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be a policy
     */
    public static GpuPolicy fromJson(String json) throws MalformedEvidenceException {
        return GpuPolicyJson.read(json).build();
    }

    /**
     * A builder that begins with what the form of {@link #toJson()} says, where decisions may still be missing: a file
     * names the versions, say, and each request its own nonce.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be part of a policy
     */
    public static Builder builderFromJson(String json) throws MalformedEvidenceException {
        return GpuPolicyJson.read(json);
    }

    /** The JSON Schema (draft 2020-12) of {@link #toJson()}, for editors and for tools that write policies. */
    public static String jsonSchema() {
        return GpuPolicyJson.schema();
    }

    /** The policy as one JSON object; demands that it does not make are left out. Equal policies are equal texts. */
    public String toJson() {
        return GpuPolicyJson.pretty(demands);
    }

    /** SHA-256 over {@link #toJson()} without the white space between its parts, as UTF-8; 32 bytes. */
    public Bytes digest() {
        // Two threads may both compute it, and both come to the same.
        Bytes known = digest;
        if (known == null) {
            known = Bytes.utf8(GpuPolicyJson.compact(demands)).sha256();
            digest = known;
        }
        return known;
    }

    /** A builder that begins where this policy stands, to make one that differs. */
    public Builder toBuilder() {
        return new Builder(demands.copy());
    }

    /** The nonce that every report has to answer, 32 bytes; empty if freshness is waived. */
    public Optional<Bytes> expectedNonce() {
        return Optional.ofNullable(demands.nonce);
    }

    /** Why the expected nonce may be that of a public sample; empty if it is not. */
    public Optional<String> sampleNonceReason() {
        return Optional.ofNullable(demands.sampleNonceReason);
    }

    /**
     * This policy with one demand changed: the reports have to answer {@code nonce}, and freshness is not waived.
     *
     * @param nonce as {@link Builder#expectedNonce}
     * @throws IllegalArgumentException as {@link Builder#expectedNonce}
     */
    public GpuPolicy withExpectedNonce(Bytes nonce) {
        return toBuilder().expectedNonce(nonce).build();
    }

    /** Why any nonce will do; empty if one is expected. */
    public Optional<String> freshnessWaiver() {
        return Optional.ofNullable(demands.withoutFreshness);
    }

    /** Why a GPU's report without a firmware identifier will do; empty if one is required. */
    public Optional<String> fwidWaiver() {
        return Optional.ofNullable(demands.withoutFwid);
    }

    /** What is made of reference values. */
    public ReferenceValues referenceValues() {
        if (demands.withoutReferenceValues != null) {
            return ReferenceValues.OFF;
        }
        return demands.useReferenceValuesIfAvailable != null
                ? ReferenceValues.USE_IF_AVAILABLE
                : ReferenceValues.REQUIRE;
    }

    /** Why less is made of reference values than could be; empty if they are required. */
    public Optional<String> referenceValuesReason() {
        return Optional.ofNullable(demands.withoutReferenceValues)
                .or(() -> Optional.ofNullable(demands.useReferenceValuesIfAvailable));
    }

    /** What is made of revocation, of the certificates of devices and of manifests alike. */
    public Revocation revocation() {
        if (demands.withoutRevocation != null) {
            return Revocation.OFF;
        }
        return demands.useRevocationIfAvailable != null ? Revocation.USE_IF_AVAILABLE : Revocation.REQUIRE;
    }

    /** Why less is made of revocation than could be; empty if it is required. */
    public Optional<String> revocationReason() {
        return Optional.ofNullable(demands.withoutRevocation)
                .or(() -> Optional.ofNullable(demands.useRevocationIfAvailable));
    }

    /** Why a certificate on hold will do; empty if it will not. */
    public Optional<String> holdWaiver() {
        return Optional.ofNullable(demands.allowHold);
    }

    /**
     * The architectures that will do, in the order of their declaration: those that were named, else Hopper and Blackwell,
     * and LS10 beside them where the policy speaks of switches.
     */
    public Set<GpuArchitecture> architectures() {
        EnumSet<GpuArchitecture> wanted = EnumSet.noneOf(GpuArchitecture.class);
        wanted.addAll(demands.architectures);
        if (wanted.isEmpty()) {
            wanted.addAll(Set.of(GpuArchitecture.HOPPER, GpuArchitecture.BLACKWELL));
            if (demands.switches > 0 || demands.requireTopology) {
                wanted.add(GpuArchitecture.LS10);
            }
        }
        return Collections.unmodifiableSet(wanted);
    }

    /** The number of certificates of a device, root included. */
    public int chainLength() {
        return demands.chainLength;
    }

    /** Every demand; a caller reads them and changes none. */
    GpuDemands demands() {
        return demands;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GpuPolicy that && digest().equals(that.digest());
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return "GpuPolicy[" + GpuPolicyJson.compact(demands) + "]";
    }

    /**
     * Collects the demands of a {@link GpuPolicy}. Methods that name one thing out of several that will do add to what was
     * named before; of other calls for one demand the later counts. Not thread-safe.
     */
    public static final class Builder {

        private final GpuDemands demands;

        private Builder(GpuDemands demands) {
            this.demands = demands;
        }

        /**
         * Demands that every report answers this nonce.
         *
         * @param nonce 32 bytes that the relying party chose, or derived from something that it chose
         * @throws IllegalArgumentException if {@code nonce} is not of 32 bytes, or is one of the two nonces of NVIDIA's
         *     sample scripts, for which reports are public
         */
        public Builder expectedNonce(Bytes nonce) {
            if (nonce.size() != GpuReport.NONCE_SIZE) {
                throw new IllegalArgumentException(
                        "expected nonce must be of " + GpuReport.NONCE_SIZE + " bytes, found " + nonce.size());
            }
            if (SAMPLE_NONCES.contains(nonce)) {
                throw new IllegalArgumentException(
                        "expected nonce must be of the caller's own making, found that of a public sample: " + nonce);
            }
            return nonce(nonce, null, null);
        }

        /**
         * Demands that every report answers a nonce of NVIDIA's sample scripts, to look at public samples. It proves no
         * freshness, and the verdict says so.
         *
         * @param reason why that is good enough; it appears in the verdict
         * @throws IllegalArgumentException if {@code nonce} is none of the two
         */
        public Builder expectedSampleNonce(Bytes nonce, String reason) {
            if (!SAMPLE_NONCES.contains(nonce)) {
                throw new IllegalArgumentException("sample nonce must be that of a public sample, found " + nonce);
            }
            return nonce(nonce, reason(reason), null);
        }

        /**
         * Lets any nonce pass: the reports may be as old as the devices.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutFreshness(String reason) {
            return nonce(null, null, reason(reason));
        }

        private Builder nonce(@Nullable Bytes nonce, @Nullable String sampleReason, @Nullable String waiver) {
            demands.nonce = nonce;
            demands.sampleNonceReason = sampleReason;
            demands.withoutFreshness = waiver;
            return this;
        }

        /** Demands that the measurements are NVIDIA's reference values; the default. */
        public Builder requireReferenceValues() {
            demands.useReferenceValuesIfAvailable = null;
            demands.withoutReferenceValues = null;
            return this;
        }

        /**
         * Compares measurements with the reference values that are there.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder useReferenceValuesIfAvailable(String reason) {
            demands.useReferenceValuesIfAvailable = reason(reason);
            demands.withoutReferenceValues = null;
            return this;
        }

        /**
         * Does not compare measurements: a device may run firmware that NVIDIA never released, or in a mode that it does
         * not endorse.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutReferenceValues(String reason) {
            demands.withoutReferenceValues = reason(reason);
            demands.useReferenceValuesIfAvailable = null;
            return this;
        }

        /** Demands that NVIDIA says of every certificate that can be revoked that it is not; the default. */
        public Builder requireRevocation() {
            demands.useRevocationIfAvailable = null;
            demands.withoutRevocation = null;
            return this;
        }

        /**
         * Looks at the answers that are there.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder useRevocationIfAvailable(String reason) {
            demands.useRevocationIfAvailable = reason(reason);
            demands.withoutRevocation = null;
            return this;
        }

        /**
         * Does not look at revocation: a certificate that NVIDIA withdrew passes like any other.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutRevocation(String reason) {
            demands.withoutRevocation = reason(reason);
            demands.useRevocationIfAvailable = null;
            return this;
        }

        /**
         * Lets certificates pass that NVIDIA has put on hold: revoked for the time being. Those of devices and those of
         * manifests alike.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder allowHold(String reason) {
            demands.allowHold = reason(reason);
            return this;
        }

        /**
         * Lets a GPU's report pass that carries no firmware identifier, as those of 2023 firmware do. A report that does
         * carry one must still agree with its certificate.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutFwid(String reason) {
            demands.withoutFwid = reason(reason);
            return this;
        }

        /**
         * Says which architectures will do, of GPUs and of switches; see {@link GpuPolicy#architectures()} for the
         * default.
         */
        public Builder architectures(GpuArchitecture first, GpuArchitecture... more) {
            return architectures(EnumSet.of(first, more));
        }

        /**
         * As {@link #architectures(GpuArchitecture, GpuArchitecture...)}.
         *
         * @throws IllegalArgumentException if {@code wanted} is empty
         */
        public Builder architectures(Set<GpuArchitecture> wanted) {
            replace(demands.architectures, "architectures", wanted);
            return this;
        }

        /**
         * Says how many certificates a device has, root included; {@link #DEFAULT_CHAIN_LENGTH} by default.
         *
         * @throws IllegalArgumentException if {@code certificates} is below 2 or above 10
         */
        public Builder chainLength(int certificates) {
            if (certificates < MIN_CHAIN_LENGTH || certificates > MAX_CHAIN_LENGTH) {
                throw new IllegalArgumentException("chain length must be " + MIN_CHAIN_LENGTH + " to "
                        + MAX_CHAIN_LENGTH + ", found " + certificates);
            }
            demands.chainLength = certificates;
            return this;
        }

        /**
         * Demands that every GPU states one of these modes. Firmware that states no mode fails it, except that it tells
         * protected PCIe.
         */
        public Builder modes(FeatureFlag first, FeatureFlag... more) {
            return modes(EnumSet.of(first, more));
        }

        /**
         * As {@link #modes(FeatureFlag, FeatureFlag...)}.
         *
         * @throws IllegalArgumentException if {@code wanted} is empty
         */
        public Builder modes(Set<FeatureFlag> wanted) {
            replace(demands.modes, "modes", wanted);
            return this;
        }

        /**
         * Demands that every GPU's driver is at least of this version. Reference values say that a driver is one that
         * NVIDIA released, and not that it is a recent one.
         *
         * @param version numbers joined by dots, such as 580.95.05; compared number by number
         * @throws IllegalArgumentException if {@code version} is anything else
         */
        public Builder minimumDriver(String version) {
            demands.minimumDriver = VersionNumber.ofDriver(version)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "minimum driver must be of decimal numbers joined by dots, found " + version));
            return this;
        }

        /**
         * Demands that the firmware image of every device of this architecture is at least of this version, and refuses
         * every architecture for which no call says anything.
         *
         * @param version five pairs of hex digits joined by dots, such as 96.00.9F.00.01; compared pair by pair
         * @throws IllegalArgumentException if {@code version} is anything else
         */
        public Builder minimumVbios(GpuArchitecture architecture, String version) {
            demands.minimumVbios.put(architecture, vbios(version));
            return this;
        }

        /**
         * Adds a version of the firmware image that will do. With any named, every device must have one of them, a switch
         * too.
         *
         * @param version as {@link #minimumVbios}; in either case
         * @throws IllegalArgumentException if {@code version} is anything else
         */
        public Builder allowedVbios(String version) {
            demands.allowedVbios.add(vbios(version).text());
            return this;
        }

        /**
         * Adds a device that will do. With any named, every device must be one of them, a switch too.
         *
         * @param ueid the serial number of its attestation key's certificate, decimal
         * @throws IllegalArgumentException if {@code ueid} is anything else
         */
        public Builder allowedUeid(String ueid) {
            if (!UEID.matcher(ueid).matches()) {
                throw new IllegalArgumentException("ueid must be a decimal number, found " + ueid);
            }
            demands.allowedUeids.add(ueid);
            return this;
        }

        /**
         * Demands exactly this many GPUs.
         *
         * @throws IllegalArgumentException if {@code count} is below 0 or above 256
         */
        public Builder gpus(int count) {
            demands.gpus = count("gpus", count);
            return this;
        }

        /**
         * Demands exactly this many NVSwitches.
         *
         * @throws IllegalArgumentException if {@code count} is below 0 or above 256
         */
        public Builder switches(int count) {
            demands.switches = count("switches", count);
            return this;
        }

        /**
         * Demands that there is evidence of switches, and that GPUs and switches name each other as the links of one
         * machine. Without it the links are looked at only where a switch gives evidence, and whoever leaves all switches
         * out leaves them unseen.
         */
        public Builder requireTopology() {
            demands.requireTopology = true;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing, or a demand can never be met; the message names
         *     every one
         */
        public GpuPolicy build() {
            List<String> missing = new ArrayList<>();
            if (demands.nonce == null && demands.withoutFreshness == null) {
                missing.add("expectedNonce or withoutFreshness");
            }
            if (demands.requireTopology && demands.switches == 0) {
                missing.add("switches above 0 beside requireTopology");
            }
            if (demands.requireTopology && demands.gpus == 0) {
                missing.add("gpus above 0 beside requireTopology");
            }
            if (demands.gpus == 0 && demands.switches == 0) {
                missing.add("gpus or switches above 0");
            }
            if (!demands.architectures.isEmpty()) {
                if ((demands.requireTopology || demands.gpus > 0) && !admits(DeviceKind.GPU)) {
                    missing.add("an architecture of GPUs among architectures");
                }
                if ((demands.requireTopology || demands.switches > 0) && !admits(DeviceKind.SWITCH)) {
                    missing.add("an architecture of switches among architectures");
                }
            }
            int devices = Math.max(demands.gpus, 0) + Math.max(demands.switches, 0);
            if (!demands.allowedUeids.isEmpty() && demands.allowedUeids.size() < devices) {
                missing.add("allowedUeid for each of " + devices + " devices");
            }
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException("gpu policy needs " + String.join("; ", missing));
            }
            return new GpuPolicy(demands.copy());
        }

        private boolean admits(DeviceKind kind) {
            return demands.architectures.stream().anyMatch(architecture -> architecture.kind() == kind);
        }

        private static VersionNumber vbios(String version) {
            return VersionNumber.ofVbios(version)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "vbios version must be of five pairs of hex digits joined by dots, found " + version));
        }

        private static int count(String name, int count) {
            if (count < 0 || count > MAX_DEVICES) {
                throw new IllegalArgumentException(name + " must be of 0 to " + MAX_DEVICES + ", found " + count);
            }
            return count;
        }

        private static <E> void replace(Set<E> current, String name, Set<E> wanted) {
            if (wanted.isEmpty()) {
                throw new IllegalArgumentException(name + " must name at least one, found none");
            }
            Set<E> copy = Set.copyOf(wanted);
            current.clear();
            current.addAll(copy);
        }

        private static String reason(String reason) {
            if (reason.isBlank() || reason.length() > MAX_REASON) {
                throw new IllegalArgumentException(
                        "reason must be of 1 to " + MAX_REASON + " characters, found " + reason.length());
            }
            return reason;
        }
    }
}
