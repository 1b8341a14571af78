package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.machine.MachinePolicy;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.snp.SnpPolicy;

/**
 * What a relying party demands of a model's provenance. Immutable, and closed by default: whatever is not demanded has
 * been given up in words, and the words appear in the verdict.
 *
 * <p>The report's data and the GPUs' nonce are not for the caller to say: the verifier derives both from key, challenge,
 * job and GPU evidence. Which chips will do, which firmware and which software are demands of {@link #snp()}.
 *
 * <p>Beside the decisions that every policy has to make, these hold unless it says otherwise: the guest states the mode of
 * its GPUs; it ran no code but its own; the builder is {@link Provenance#BUILDER}; there is a closing report; the adapter's
 * files are weights and no code.
 *
 * <pre>{@code
 * ProvenancePolicy policy = ProvenancePolicy.builder()
 *         .snp(SnpPolicy.builder().measurement(launchMeasurement))
 *         .withoutGpu("trained on the CPU")
 *         .nonce(challenge)
 *         .baseModel(baseModelDigest)
 *         .dataSet(trainingDataDigest)
 *         .build();
 * }</pre>
 */
public final class ProvenancePolicy {

    private static final String DERIVED = "derived by the verifier of the manifest";
    static final String BLOCKS = "the job is held to a block instead";
    private static final int MAX_REASON = 200;

    private final MachinePolicy machine;
    private final Map<BlockHash, MachinePolicy> blocks;
    private final Allowed baseModels;
    private final Allowed dataSets;
    private final Allowed jobArchives;
    private final Set<Bytes> tokenizers;
    private final Set<Bytes> chatTemplates;
    private final Set<String> builders;
    private final SortedMap<String, HyperParameterDemand> hyperParameters;
    private final @Nullable String closingWaiver;
    private final @Nullable String weightsWaiver;
    private final boolean launchRequired;
    private final Set<Bytes> revokers;

    private ProvenancePolicy(Builder builder, MachinePolicy machine) {
        this.machine = machine;
        Map<BlockHash, MachinePolicy> held = new LinkedHashMap<>();
        for (BlockHash block : builder.blocks) {
            held.put(
                    block,
                    builder.machine().challenge(block.hash(), block.toString()).build());
        }
        this.blocks = Collections.unmodifiableMap(held);
        this.baseModels = new Allowed(Set.copyOf(builder.baseModels), builder.baseModelWaiver);
        this.dataSets = new Allowed(Set.copyOf(builder.dataSets), builder.dataSetWaiver);
        this.jobArchives = new Allowed(Set.copyOf(builder.jobArchives), builder.jobArchiveWaiver);
        this.tokenizers = Set.copyOf(builder.tokenizers);
        this.chatTemplates = Set.copyOf(builder.chatTemplates);
        this.builders = builder.builders.isEmpty() ? Set.of(Provenance.BUILDER) : Set.copyOf(builder.builders);
        this.hyperParameters = Collections.unmodifiableSortedMap(new TreeMap<>(builder.hyperParameters));
        this.closingWaiver = builder.closingWaiver;
        this.weightsWaiver = builder.weightsWaiver;
        this.launchRequired = builder.launchRequired;
        this.revokers = Set.copyOf(builder.revokers);
    }

    /** Digests that will do, or why any will. */
    record Allowed(Set<Bytes> digests, @Nullable String waiver) {}

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that makes this policy, for one that differs in a few demands. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.machine(machine);
        builder.blocks.addAll(blocks.keySet());
        if (!blocks.isEmpty()) {
            builder.clearFreshness();
        }
        builder.baseModels.addAll(baseModels.digests());
        builder.baseModelWaiver = baseModels.waiver();
        builder.dataSets.addAll(dataSets.digests());
        builder.dataSetWaiver = dataSets.waiver();
        builder.jobArchives.addAll(jobArchives.digests());
        builder.jobArchiveWaiver = jobArchives.waiver();
        builder.tokenizers.addAll(tokenizers);
        builder.chatTemplates.addAll(chatTemplates);
        // One that is named then stands in place of the SDK's own, as it does in a policy that is new.
        if (!builders.equals(Set.of(Provenance.BUILDER))) {
            builder.builders.addAll(builders);
        }
        builder.hyperParameters.putAll(hyperParameters);
        builder.closingWaiver = closingWaiver;
        builder.weightsWaiver = weightsWaiver;
        builder.launchRequired = launchRequired;
        builder.revokers.addAll(revokers);
        return builder;
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

    /** What the machine has to satisfy; where {@link #blocks()} are named, apart from its challenge. */
    public MachinePolicy machine() {
        return machine;
    }

    /** What the machine of a job on this block has to satisfy; empty if the block is none of those that will do. */
    Optional<MachinePolicy> machine(BlockHash block) {
        return Optional.ofNullable(blocks.get(block));
    }

    /** What the report has to satisfy, apart from its data, which are derived. */
    public SnpPolicy snp() {
        return machine.snp();
    }

    /** What the GPU's evidence has to satisfy, apart from its nonce, which is derived; empty if none is required. */
    public Optional<GpuPolicy> gpu() {
        return machine.gpu();
    }

    /** Why no GPU is required; empty if one is. */
    public Optional<String> gpuWaiver() {
        return machine.gpuWaiver();
    }

    /** The challenge that the job has to have been given; empty if blocks are named or freshness is waived. */
    public Optional<Bytes> nonce() {
        return machine.challenge();
    }

    /** The blocks after one of which the job has to have begun; empty if a challenge is named or freshness is waived. */
    public Set<BlockHash> blocks() {
        return blocks.keySet();
    }

    /** Why any challenge will do, or none; empty if one is expected. */
    public Optional<String> freshnessWaiver() {
        return blocks.isEmpty() ? machine.freshnessWaiver() : Optional.empty();
    }

    /** The digests of the base models that will do, {@link BaseModel#digest()}; empty if any will. */
    public Set<Bytes> baseModels() {
        return baseModels.digests();
    }

    /** Why any base model will do; empty if some are named. */
    public Optional<String> baseModelWaiver() {
        return Optional.ofNullable(baseModels.waiver());
    }

    /** The digests of the data sets that will do; empty if any will. */
    public Set<Bytes> dataSets() {
        return dataSets.digests();
    }

    /** Why any data will do; empty if some are named. */
    public Optional<String> dataSetWaiver() {
        return Optional.ofNullable(dataSets.waiver());
    }

    /** The digests of the job archives that will do; where there are none and no waiver, the job must have had none. */
    public Set<Bytes> jobArchives() {
        return jobArchives.digests();
    }

    /** Why any job archive will do; empty if not. */
    public Optional<String> jobArchiveWaiver() {
        return Optional.ofNullable(jobArchives.waiver());
    }

    /** The digests of the tokenizers that will do; empty if none is demanded. */
    public Set<Bytes> tokenizers() {
        return tokenizers;
    }

    /** The digests of the chat templates that will do; empty if none is demanded. */
    public Set<Bytes> chatTemplates() {
        return chatTemplates;
    }

    /** The URIs of the builders that will do; at least one. */
    public Set<String> builders() {
        return builders;
    }

    /** What is demanded of hyper-parameters, by their names. */
    public SortedMap<String, HyperParameterDemand> hyperParameters() {
        return hyperParameters;
    }

    /** Why no closing report is needed; empty if one is. */
    public Optional<String> closingWaiver() {
        return Optional.ofNullable(closingWaiver);
    }

    /** Why the adapter's files may be anything; empty if they have to be weights. */
    public Optional<String> weightsWaiver() {
        return Optional.ofNullable(weightsWaiver);
    }

    /** Whether the manifest has to state how the guest was launched. */
    public boolean launchRequired() {
        return launchRequired;
    }

    /** The keys, beside the manifest's own, whose revocations count, each a DER SubjectPublicKeyInfo. */
    public Set<Bytes> revokers() {
        return revokers;
    }

    /** Collects the demands of a {@link ProvenancePolicy}. Not thread-safe. */
    public static final class Builder {

        private @Nullable SnpPolicy snp;
        private @Nullable GpuPolicy gpu;
        private @Nullable String gpuWaiver;
        private @Nullable Bytes nonce;
        private @Nullable String freshnessWaiver;
        private @Nullable String ccStatementWaiver;
        private @Nullable String legacyKeyBinding;
        private final Set<BlockHash> blocks = new LinkedHashSet<>();
        private final Set<Bytes> baseModels = new LinkedHashSet<>();
        private @Nullable String baseModelWaiver;
        private final Set<Bytes> dataSets = new LinkedHashSet<>();
        private @Nullable String dataSetWaiver;
        private final Set<Bytes> jobArchives = new LinkedHashSet<>();
        private @Nullable String jobArchiveWaiver;
        private final Set<Bytes> tokenizers = new LinkedHashSet<>();
        private final Set<Bytes> chatTemplates = new LinkedHashSet<>();
        private final Set<String> builders = new LinkedHashSet<>();
        private final SortedMap<String, HyperParameterDemand> hyperParameters = new TreeMap<>();
        private @Nullable String closingWaiver;
        private @Nullable String weightsWaiver;
        private boolean launchRequired;

        private final Set<Bytes> revokers = new LinkedHashSet<>();

        private Builder() {}

        /** What the machine has to satisfy, its challenge included; in place of every such demand made so far. */
        public Builder machine(MachinePolicy demands) {
            snp = demands.snp();
            gpu = demands.gpu().orElse(null);
            gpuWaiver = demands.gpuWaiver().orElse(null);
            nonce = demands.challenge().orElse(null);
            freshnessWaiver = demands.freshnessWaiver().orElse(null);
            ccStatementWaiver = demands.ccStatementWaiver().orElse(null);
            legacyKeyBinding = demands.legacyKeyBinding().orElse(null);
            return this;
        }

        /** Takes back what stands in a machine's policy in place of the blocks that a manifest's policy names. */
        void clearFreshness() {
            if (BLOCKS.equals(freshnessWaiver)) {
                freshnessWaiver = null;
            }
        }

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
            snp = demands;
            return this;
        }

        /**
         * Demands evidence of GPUs. The demands say nothing of nonce or freshness.
         *
         * @throws IllegalArgumentException if a decision is missing
         */
        public Builder gpu(GpuPolicy.Builder demands) {
            return gpu(demands.withoutFreshness(DERIVED).build());
        }

        /** Demands evidence of GPUs. What it says of a nonce is replaced by what the verifier derives. */
        public Builder gpu(GpuPolicy demands) {
            gpu = demands;
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

        /**
         * Lets a guest pass that says nothing of the mode of its GPUs; see {@link MachinePolicy#ccStatementWaiver()}.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutCcStatement(String reason) {
            ccStatementWaiver = reason(reason);
            return this;
        }

        /**
         * Lets a report pass that binds the key alone; see {@link MachinePolicy.Builder#legacyKeyBinding}. What the manifest
         * says of the job is then the word of the key, and it goes with {@link #withoutFreshness}.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder legacyKeyBinding(String reason) {
            legacyKeyBinding = reason(reason);
            return this;
        }

        /** Demands that the job was given this challenge. */
        public Builder nonce(Bytes challenge) {
            nonce = Objects.requireNonNull(challenge, "challenge");
            return this;
        }

        /**
         * Demands that the job began after this block was made; may be called for several, of which any will do. Ask the
         * chain for them first: nothing here touches the network.
         */
        public Builder notBefore(BlockHash block) {
            blocks.add(Objects.requireNonNull(block, "block"));
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
            baseModels.add(digest("base model", digest));
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
         * Accepts training data by a digest, {@link DataSet#sha256()} or the root of {@link DataSet#tree()}; may be called
         * for several. Every data set of the job has to be accepted.
         *
         * @throws IllegalArgumentException if {@code digest} is not 32 bytes, or all zero
         */
        public Builder dataSet(Bytes digest) {
            dataSets.add(digest("data set", digest));
            return this;
        }

        /**
         * Lets any training data pass.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder anyDataSet(String reason) {
            dataSetWaiver = reason(reason);
            return this;
        }

        /**
         * Accepts a job archive by its SHA-256, and demands that the job had one; may be called for several. Without this
         * and {@link #anyJobArchive} a job that was handed code is refused.
         *
         * @throws IllegalArgumentException if {@code digest} is not 32 bytes, or all zero
         */
        public Builder jobArchive(Bytes digest) {
            jobArchives.add(digest("job archive", digest));
            return this;
        }

        /**
         * Lets any job archive pass, or none: the guest may have run whatever it was handed.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder anyJobArchive(String reason) {
            jobArchiveWaiver = reason(reason);
            return this;
        }

        /** Demands a tokenizer of this SHA-256, 32 bytes; may be called for several, of which any will do. */
        public Builder tokenizer(Bytes digest) {
            tokenizers.add(digest("tokenizer", digest));
            return this;
        }

        /** Demands a chat template of this SHA-256, 32 bytes; may be called for several, of which any will do. */
        public Builder chatTemplate(Bytes digest) {
            chatTemplates.add(digest("chat template", digest));
            return this;
        }

        /**
         * Accepts this builder, in place of {@link Provenance#BUILDER}; may be called for several.
         *
         * @throws IllegalArgumentException if {@code uri} is not an absolute URI
         */
        public Builder builderId(String uri) {
            Uris.requireAbsolute("builder", uri);
            builders.add(uri);
            return this;
        }

        /** Demands something of a hyper-parameter; of two calls for one name the later counts. */
        public Builder hyperParameter(String name, HyperParameterDemand demand) {
            hyperParameters.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(demand, "demand"));
            return this;
        }

        /** Demands that the manifest states how the guest was launched; where it does, that has to be true anyway. */
        public Builder requireLaunch() {
            launchRequired = true;
            return this;
        }

        /**
         * Lets a manifest pass without closing report: who finished the job may be another guest than who began it. One
         * that is there is not looked at.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutClosing(String reason) {
            closingWaiver = reason(reason);
            return this;
        }

        /**
         * Lets the adapter's files be anything, also what runs code when it is loaded.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder anyWeights(String reason) {
            weightsWaiver = reason(reason);
            return this;
        }

        /**
         * Lets the holder of a key revoke: a claim beside the manifest that revokes it and is signed by that key, or by the
         * manifest's own, is a rejection; may be called for several. That there is no such claim shows nothing, since whoever
         * can write the folder can drop it: the registry on a chain is the place for a revocation that cannot be dropped.
         *
         * @param spki a DER SubjectPublicKeyInfo
         * @throws IllegalArgumentException if {@code spki} is not one
         */
        public Builder revokedBy(Bytes spki) {
            ClaimVerifier.keys(SignatureEngine.standard(), List.of(spki));
            revokers.add(spki);
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
            int freshness = (nonce == null ? 0 : 1) + (blocks.isEmpty() ? 0 : 1) + (freshnessWaiver == null ? 0 : 1);
            if (freshness != 1) {
                missing.add("either nonce or notBefore or withoutFreshness, and one of them alone");
            }
            if (legacyKeyBinding != null && freshnessWaiver == null) {
                missing.add("withoutFreshness, since legacyKeyBinding binds no challenge");
            }
            if (baseModels.isEmpty() == (baseModelWaiver == null)) {
                missing.add("either baseModel or anyBaseModel, and not both");
            }
            if (dataSets.isEmpty() == (dataSetWaiver == null)) {
                missing.add("either dataSet or anyDataSet, and not both");
            }
            if (!jobArchives.isEmpty() && jobArchiveWaiver != null) {
                missing.add("either jobArchive or anyJobArchive, and not both");
            }
            if (snp == null) {
                missing.add("snp");
            }
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException("provenance policy needs " + String.join("; ", missing));
            }
            MachinePolicy.Builder machine = machine();
            if (nonce != null) {
                machine.challenge(nonce);
            } else {
                machine.withoutFreshness(freshnessWaiver == null ? BLOCKS : freshnessWaiver);
            }
            return new ProvenancePolicy(this, machine.build());
        }

        /** All that is demanded of the machine but its challenge. */
        private MachinePolicy.Builder machine() {
            MachinePolicy.Builder machine = MachinePolicy.builder().snp(Objects.requireNonNull(snp));
            if (gpu != null) {
                machine.gpu(gpu);
            }
            if (gpuWaiver != null) {
                machine.withoutGpu(gpuWaiver);
            }
            if (ccStatementWaiver != null) {
                machine.withoutCcStatement(ccStatementWaiver);
            }
            if (legacyKeyBinding != null) {
                machine.legacyKeyBinding(legacyKeyBinding);
            }
            return machine;
        }

        private static Bytes digest(String what, Bytes digest) {
            if (digest.size() != 32 || digest.isZero()) {
                throw new IllegalArgumentException(what + " digest: expected 32 bytes, not all zero, found " + digest);
            }
            return digest;
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
