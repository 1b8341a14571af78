package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.machine.MachinePolicy;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.snp.SnpPolicy;

/**
 * What a relying party demands of a model's provenance. Immutable, and closed by default: whatever is not demanded has
 * been given up in words, and the words appear in the verdict.
 *
 * <p>The report's data and the GPU's nonce are not for the caller to say: the verifier derives both from key, challenge,
 * job and GPU evidence.
 *
 * <pre>{@code
 * ProvenancePolicy policy = ProvenancePolicy.builder()
 *         .snp(SnpPolicy.builder().measurement(launchMeasurement))
 *         .withoutGpu("trained on the CPU")
 *         .nonce(challenge)
 *         .baseModel(baseModelDigest)
 *         .build();
 * }</pre>
 */
public final class ProvenancePolicy {

    static final String DERIVED = "derived by the verifier of the manifest";
    private static final String UNSTATED = "the job's software stands for the mode of its GPUs";
    private static final int MAX_REASON = 200;

    private final SnpPolicy snp;
    private final @Nullable GpuPolicy gpu;
    private final @Nullable String gpuWaiver;
    private final @Nullable Bytes nonce;
    private final @Nullable String freshnessWaiver;
    private final Set<Bytes> baseModels;
    private final @Nullable String baseModelWaiver;
    private final MachinePolicy machine;

    private ProvenancePolicy(Builder builder, SnpPolicy snp) {
        this.snp = snp;
        this.gpu = builder.gpu;
        this.gpuWaiver = builder.gpuWaiver;
        this.nonce = builder.nonce;
        this.freshnessWaiver = builder.freshnessWaiver;
        this.baseModels = Set.copyOf(builder.baseModels);
        this.baseModelWaiver = builder.baseModelWaiver;
        this.machine = builder.machine(snp);
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads what {@link #toJson()} writes.
     *
     * @throws IllegalArgumentException if {@code json} is anything else: a policy is the caller's own word, and what is
     *     not understood may be a demand
     */
    public static ProvenancePolicy parse(String json) {
        return ProvenancePolicyJson.read(json);
    }

    /** This policy as JSON for storage, without what the verifier derives. */
    public String toJson() {
        return ProvenancePolicyJson.write(this);
    }

    /** What the machine has to satisfy: all of this policy but the base models. */
    MachinePolicy machine() {
        return machine;
    }

    /** What the report has to satisfy, apart from its data, which are derived. */
    public SnpPolicy snp() {
        return snp;
    }

    /** What the GPU's evidence has to satisfy, apart from its nonce, which is derived; empty if none is required. */
    public Optional<GpuPolicy> gpu() {
        return Optional.ofNullable(gpu);
    }

    /** Why no GPU is required; empty if one is. */
    public Optional<String> gpuWaiver() {
        return Optional.ofNullable(gpuWaiver);
    }

    /** The challenge that the job has to have been given; empty if freshness is waived. */
    public Optional<Bytes> nonce() {
        return Optional.ofNullable(nonce);
    }

    /** Why any challenge will do, or none; empty if one is expected. */
    public Optional<String> freshnessWaiver() {
        return Optional.ofNullable(freshnessWaiver);
    }

    /** The digests of the base models that will do, {@link BaseModel#digest()}; empty if any will. */
    public Set<Bytes> baseModels() {
        return baseModels;
    }

    /** Why any base model will do; empty if some are named. */
    public Optional<String> baseModelWaiver() {
        return Optional.ofNullable(baseModelWaiver);
    }

    /** Collects the demands of a {@link ProvenancePolicy}. Not thread-safe. */
    public static final class Builder {

        private @Nullable SnpPolicy snp;
        private @Nullable GpuPolicy gpu;
        private @Nullable String gpuWaiver;
        private @Nullable Bytes nonce;
        private @Nullable String freshnessWaiver;
        private final Set<Bytes> baseModels = new LinkedHashSet<>();
        private @Nullable String baseModelWaiver;

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
         * Demands no GPU. Evidence of one may be there, and is bound by the report, but is not appraised.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutGpu(String reason) {
            gpuWaiver = reason(reason);
            return this;
        }

        /** Demands that the job was given this challenge. */
        public Builder nonce(Bytes challenge) {
            nonce = Objects.requireNonNull(challenge, "challenge");
            return this;
        }

        /**
         * Lets any challenge pass, or none: the manifest may be as old as the machine's firmware.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutFreshness(String reason) {
            freshnessWaiver = reason(reason);
            return this;
        }

        /**
         * Accepts a base model by {@link BaseModel#digest()}; may be called for several.
         *
         * @throws IllegalArgumentException if {@code digest} is not 32 bytes, or all zero
         */
        public Builder baseModel(Bytes digest) {
            if (digest.size() != 32 || digest.isZero()) {
                throw new IllegalArgumentException(
                        "base model digest: expected 32 bytes, not all zero, found " + digest);
            }
            baseModels.add(digest);
            return this;
        }

        /**
         * Lets any base model pass.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder anyBaseModel(String reason) {
            baseModelWaiver = reason(reason);
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing or two contradict each other; the message names them
         *     all
         */
        public ProvenancePolicy build() {
            List<String> missing = new ArrayList<>();
            if ((gpu == null) == (gpuWaiver == null)) {
                missing.add("either gpu or withoutGpu, and not both");
            }
            if ((nonce == null) == (freshnessWaiver == null)) {
                missing.add("either nonce or withoutFreshness, and not both");
            }
            if (baseModels.isEmpty() == (baseModelWaiver == null)) {
                missing.add("either baseModel or anyBaseModel, and not both");
            }
            SnpPolicy chosen = snp;
            if (chosen == null) {
                missing.add("snp");
            }
            if (chosen == null || !missing.isEmpty()) {
                throw new IllegalArgumentException("provenance policy needs " + String.join("; ", missing));
            }
            return new ProvenancePolicy(this, chosen);
        }

        private MachinePolicy machine(SnpPolicy chosen) {
            MachinePolicy.Builder machine = MachinePolicy.builder().snp(chosen).withoutCcStatement(UNSTATED);
            if (gpu != null) {
                machine.gpu(gpu);
            }
            if (gpuWaiver != null) {
                machine.withoutGpu(gpuWaiver);
            }
            if (nonce != null) {
                machine.challenge(nonce);
            }
            if (freshnessWaiver != null) {
                machine.withoutFreshness(freshnessWaiver);
            }
            return machine.build();
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
