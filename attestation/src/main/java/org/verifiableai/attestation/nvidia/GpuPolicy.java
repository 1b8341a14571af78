package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * What a relying party demands of a GPU's evidence. Immutable, and closed by default: whatever is not demanded has been
 * given up in words, and the words appear in the verdict.
 *
 * <p>Two demands cannot be made of this version at all, and a policy says so before it can be built.
 *
 * <ul>
 *   <li><b>Reference values.</b> The measurements in a report are signed, but nothing here compares them with the values
 *       that NVIDIA publishes for a driver and a firmware image (its reference integrity manifests). Without that
 *       comparison a GPU of NVIDIA may run firmware that NVIDIA never released, or in a mode that it does not endorse.
 *   <li><b>Revocation.</b> NVIDIA withdraws certificates through OCSP. Without asking, the certificate of a device or of
 *       a line of devices that NVIDIA no longer vouches for passes like any other.
 * </ul>
 *
 * <pre>{@code
 * GpuPolicy policy = GpuPolicy.builder()
 *         .expectedNonce(nonce)
 *         .withoutReferenceValues("firmware is not appraised yet")
 *         .withoutRevocation("no OCSP responses at hand")
 *         .build();
 * }</pre>
 */
public final class GpuPolicy {

    /** The chain of a device of today: leaf, device identity, two intermediates and the root. */
    public static final int DEFAULT_CHAIN_LENGTH = 5;

    private static final int MIN_CHAIN_LENGTH = 2;
    private static final int MAX_CHAIN_LENGTH = 10;
    private static final int MAX_REASON = 200;

    // Every sample script uses these two, and reports that answer them are public.
    private static final Set<Bytes> SAMPLE_NONCES = Set.of(
            Bytes.fromHex("4cff7f5380ead8fad8ec2c531c110aca4302a88f603792801a8ca29ee151af2e"),
            Bytes.fromHex("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb"));

    private final @Nullable Bytes expectedNonce;
    private final @Nullable String freshnessWaiver;
    private final @Nullable String fwidWaiver;
    private final String referenceValueWaiver;
    private final String revocationWaiver;
    private final Set<GpuArchitecture> architectures;
    private final int chainLength;

    private GpuPolicy(Builder builder, String referenceValueWaiver, String revocationWaiver) {
        this.expectedNonce = builder.expectedNonce;
        this.freshnessWaiver = builder.freshnessWaiver;
        this.fwidWaiver = builder.fwidWaiver;
        this.referenceValueWaiver = referenceValueWaiver;
        this.revocationWaiver = revocationWaiver;
        // Ordered, so that equal verdicts have equal texts.
        this.architectures = Collections.unmodifiableSet(EnumSet.copyOf(builder.architectures));
        this.chainLength = builder.chainLength;
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /** The nonce that the report has to answer, 32 bytes; empty if freshness is waived. */
    public Optional<Bytes> expectedNonce() {
        return Optional.ofNullable(expectedNonce);
    }

    /**
     * This policy with one demand changed: the report has to answer {@code nonce}, and freshness is not waived.
     *
     * @param nonce as {@link Builder#expectedNonce}
     * @throws IllegalArgumentException as {@link Builder#expectedNonce}
     */
    public GpuPolicy withExpectedNonce(Bytes nonce) {
        Builder changed = new Builder().expectedNonce(nonce);
        changed.fwidWaiver = fwidWaiver;
        changed.architectures = architectures;
        changed.chainLength = chainLength;
        return new GpuPolicy(changed, referenceValueWaiver, revocationWaiver);
    }

    /** Why any nonce will do; empty if one is expected. */
    public Optional<String> freshnessWaiver() {
        return Optional.ofNullable(freshnessWaiver);
    }

    /** Why a report without a firmware identifier will do; empty if one is required. */
    public Optional<String> fwidWaiver() {
        return Optional.ofNullable(fwidWaiver);
    }

    /** Why the measurements are not compared with reference values. */
    public String referenceValueWaiver() {
        return referenceValueWaiver;
    }

    /** Why nobody is asked whether a certificate is revoked. */
    public String revocationWaiver() {
        return revocationWaiver;
    }

    /** The architectures that will do, in the order of their declaration. */
    public Set<GpuArchitecture> architectures() {
        return architectures;
    }

    /** The number of certificates, root included. */
    public int chainLength() {
        return chainLength;
    }

    /** Collects the demands of a {@link GpuPolicy}. Not thread-safe. */
    public static final class Builder {

        private @Nullable Bytes expectedNonce;
        private @Nullable String freshnessWaiver;
        private @Nullable String fwidWaiver;
        private @Nullable String referenceValueWaiver;
        private @Nullable String revocationWaiver;
        private Set<GpuArchitecture> architectures = EnumSet.of(GpuArchitecture.HOPPER, GpuArchitecture.BLACKWELL);
        private int chainLength = DEFAULT_CHAIN_LENGTH;

        private Builder() {}

        /**
         * Demands that the report answers this nonce.
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
            expectedNonce = nonce;
            return this;
        }

        /**
         * Lets any nonce pass: the report may be as old as the device.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutFreshness(String reason) {
            freshnessWaiver = reason(reason);
            return this;
        }

        /**
         * Lets a report pass that carries no firmware identifier, as those of 2023 firmware and of switches do. A report
         * that does carry one must still agree with its certificate.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutFwid(String reason) {
            fwidWaiver = reason(reason);
            return this;
        }

        /**
         * Accepts that this version does not compare measurements with NVIDIA's reference values. Required.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutReferenceValues(String reason) {
            referenceValueWaiver = reason(reason);
            return this;
        }

        /**
         * Accepts that this version does not ask whether certificates are revoked. Required.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutRevocation(String reason) {
            revocationWaiver = reason(reason);
            return this;
        }

        /**
         * Says which architectures will do; Hopper and Blackwell by default, so that a switch is not taken for a GPU.
         */
        public Builder architectures(GpuArchitecture first, GpuArchitecture... more) {
            architectures = EnumSet.of(first, more);
            return this;
        }

        /**
         * Says how many certificates the chain has, root included; {@link #DEFAULT_CHAIN_LENGTH} by default.
         *
         * @throws IllegalArgumentException if {@code certificates} is below 2 or above 10
         */
        public Builder chainLength(int certificates) {
            if (certificates < MIN_CHAIN_LENGTH || certificates > MAX_CHAIN_LENGTH) {
                throw new IllegalArgumentException("chain length must be " + MIN_CHAIN_LENGTH + " to "
                        + MAX_CHAIN_LENGTH + ", found " + certificates);
            }
            chainLength = certificates;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing or two contradict each other; the message names them
         *     all
         */
        public GpuPolicy build() {
            List<String> missing = new ArrayList<>();
            if ((expectedNonce == null) == (freshnessWaiver == null)) {
                missing.add("either expectedNonce or withoutFreshness, and not both");
            }
            if (referenceValueWaiver == null) {
                missing.add("withoutReferenceValues, since this version appraises none");
            }
            if (revocationWaiver == null) {
                missing.add("withoutRevocation, since this version asks nobody");
            }
            if (!missing.isEmpty() || referenceValueWaiver == null || revocationWaiver == null) {
                throw new IllegalArgumentException("gpu policy needs " + String.join("; ", missing));
            }
            return new GpuPolicy(this, referenceValueWaiver, revocationWaiver);
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
