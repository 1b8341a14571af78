package org.verifiableai.attestation.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.snp.SnpPolicy;

/**
 * What a relying party demands of a machine. Immutable, and closed by default: whatever is not demanded has been given up
 * in words, and the words appear in the verdict.
 *
 * <p>The report's data and the GPUs' nonce are not for the caller to say: the verifier derives both.
 *
 * <pre>{@code
 * MachinePolicy policy = MachinePolicy.builder()
 *         .snp(SnpPolicy.builder().measurement(launchMeasurement))
 *         .gpu(GpuPolicy.builder().gpus(8))
 *         .challenge(challenge)
 *         .build();
 * }</pre>
 */
public final class MachinePolicy {

    static final String DERIVED = "derived by the verifier of the machine";
    private static final int MAX_REASON = 200;

    private final SnpPolicy snp;
    private final @Nullable GpuPolicy gpu;
    private final @Nullable String gpuWaiver;
    private final @Nullable Bytes challenge;
    private final @Nullable String freshnessWaiver;
    private final @Nullable String challengeName;
    private final @Nullable String ccStatementWaiver;
    private final @Nullable String legacyKeyBinding;

    private MachinePolicy(Builder builder, SnpPolicy snp) {
        this.snp = snp;
        this.gpu = builder.gpu;
        this.gpuWaiver = builder.gpuWaiver;
        this.challenge = builder.challenge;
        this.freshnessWaiver = builder.freshnessWaiver;
        this.challengeName = builder.challengeName;
        this.ccStatementWaiver = builder.ccStatementWaiver;
        this.legacyKeyBinding = builder.legacyKeyBinding;
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads what {@link #toJson()} writes.
     *
     * @throws MalformedEvidenceException if {@code json} is anything else: what is not understood may be a demand
     * @throws IllegalArgumentException if the demands are incomplete or contradict each other
     */
    public static MachinePolicy fromJson(String json) throws MalformedEvidenceException {
        return MachinePolicyJson.read(json);
    }

    /** This policy as JSON for storage, without what the verifier derives. */
    public String toJson() {
        return MachinePolicyJson.write(this);
    }

    /** What the report has to satisfy, apart from its data. */
    public SnpPolicy snp() {
        return snp;
    }

    /** What the GPUs have to satisfy, apart from their nonce; empty if none is required. */
    public Optional<GpuPolicy> gpu() {
        return Optional.ofNullable(gpu);
    }

    /** Why no GPU is required; empty if one is. */
    public Optional<String> gpuWaiver() {
        return Optional.ofNullable(gpuWaiver);
    }

    /** The challenge that the guest has to have been given; empty if freshness is waived. */
    public Optional<Bytes> challenge() {
        return Optional.ofNullable(challenge);
    }

    /** Why any challenge will do, or none; empty if one is expected. */
    public Optional<String> freshnessWaiver() {
        return Optional.ofNullable(freshnessWaiver);
    }

    /** Why a guest need not state the mode of its GPUs; empty if it must. */
    public Optional<String> ccStatementWaiver() {
        return Optional.ofNullable(ccStatementWaiver);
    }

    /** What verdicts call the challenge; empty if it has no name. */
    public Optional<String> challengeName() {
        return Optional.ofNullable(challengeName);
    }

    /** Why a report will do that binds the key alone; empty if it will not. */
    public Optional<String> legacyKeyBinding() {
        return Optional.ofNullable(legacyKeyBinding);
    }

    /** A builder that makes this policy, for one that differs in a few demands. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.snp = snp;
        builder.gpu = gpu;
        builder.gpuWaiver = gpuWaiver;
        builder.challenge = challenge;
        builder.challengeName = challengeName;
        builder.freshnessWaiver = freshnessWaiver;
        builder.ccStatementWaiver = ccStatementWaiver;
        builder.legacyKeyBinding = legacyKeyBinding;
        return builder;
    }

    /** Collects the demands of a {@link MachinePolicy}. Not thread-safe. */
    public static final class Builder {

        private @Nullable SnpPolicy snp;
        private @Nullable GpuPolicy gpu;
        private @Nullable String gpuWaiver;
        private @Nullable Bytes challenge;
        private @Nullable String freshnessWaiver;
        private @Nullable String challengeName;
        private @Nullable String ccStatementWaiver;
        private @Nullable String legacyKeyBinding;

        private Builder() {}

        /**
         * What the report has to satisfy. The demands say nothing of report data or freshness.
         *
         * @throws IllegalArgumentException if a decision is missing
         */
        public Builder snp(SnpPolicy.Builder demands) {
            return snp(demands.withoutFreshness(DERIVED).build());
        }

        /** What the report has to satisfy. What it says of report data is replaced by what the verifier derives. */
        public Builder snp(SnpPolicy demands) {
            snp = demands.toBuilder().withoutFreshness(DERIVED).build();
            return this;
        }

        /**
         * Demands evidence of GPUs. The demands say nothing of nonce or freshness.
         *
         * @throws IllegalArgumentException if a decision is missing
         */
        public Builder gpu(GpuPolicy.Builder demands) {
            gpu = demands.withoutFreshness(DERIVED).build();
            return this;
        }

        /** Demands evidence of GPUs. What it says of a nonce is replaced by what the verifier derives. */
        public Builder gpu(GpuPolicy demands) {
            gpu = demands.toBuilder().withoutFreshness(DERIVED).build();
            return this;
        }

        /**
         * Demands no GPU. Evidence of some may be there, and is bound by the report, but is not appraised.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutGpu(String reason) {
            gpuWaiver = reason(reason);
            return this;
        }

        /**
         * Demands that the guest was given this challenge: bytes of any length that nobody could foresee.
         *
         * @throws IllegalArgumentException if it is empty, which every guest without a challenge would meet
         */
        public Builder challenge(Bytes nonce) {
            if (nonce.isEmpty()) {
                throw new IllegalArgumentException("challenge must be of at least 1 byte, found 0");
            }
            challenge = nonce;
            challengeName = null;
            return this;
        }

        /**
         * Demands that the guest was given this challenge, and says what it is: {@code block 1234 of eip155:23294}.
         *
         * @throws IllegalArgumentException if it is empty, or its name says nothing
         */
        public Builder challenge(Bytes nonce, String name) {
            return challenge(nonce).challengeName(name);
        }

        Builder challengeName(String name) {
            challengeName = reason(name);
            return this;
        }

        /**
         * Lets any challenge pass, or none: the evidence may be as old as the machine's firmware.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutFreshness(String reason) {
            freshnessWaiver = reason(reason);
            return this;
        }

        /**
         * Lets a guest pass that says nothing of the mode of its GPUs. One that says {@code off} or {@code devtools} is
         * refused all the same.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutCcStatement(String reason) {
            ccStatementWaiver = reason(reason);
            return this;
        }

        /**
         * Lets a report pass whose REPORT_DATA are the fingerprint of the key and 32 zero bytes, as older tools make them.
         * Such a report binds neither challenge nor job nor GPU evidence: what is said of them is the word of the key. It
         * cannot meet a challenge, and so goes with {@link #withoutFreshness}. A report that binds all of it passes too.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder legacyKeyBinding(String reason) {
            legacyKeyBinding = reason(reason);
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing or two contradict each other; the message names them
         *     all
         */
        public MachinePolicy build() {
            List<String> missing = new ArrayList<>();
            if ((gpu == null) == (gpuWaiver == null)) {
                missing.add("either gpu or withoutGpu, and not both");
            }
            if ((challenge == null) == (freshnessWaiver == null)) {
                missing.add("either challenge or withoutFreshness, and not both");
            }
            if (challengeName != null && challenge == null) {
                missing.add("challenge, since it has a name");
            }
            if (legacyKeyBinding != null && challenge != null) {
                missing.add("either challenge or legacyKeyBinding, which binds none, and not both");
            }
            SnpPolicy chosen = snp;
            if (chosen == null) {
                missing.add("snp");
            }
            if (chosen == null || !missing.isEmpty()) {
                throw new IllegalArgumentException("machine policy needs " + String.join("; ", missing));
            }
            return new MachinePolicy(this, chosen);
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
