package org.verifiableai.manifest;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * What a relying party demands of a model and of those that it was trained from. Immutable, and closed by default: each
 * model with a manifest is judged under a {@link ProvenancePolicy}, and a base model without one will do only if the
 * policy of the model that was trained from it names its digest.
 *
 * <p>A challenge goes to one job. So the policy of the model asked about names it, and that of the models before it
 * waives freshness in words:
 *
 * <pre>{@code
 * LineagePolicy policy = LineagePolicy.builder()
 *         .atDepth(0, modelPolicy)
 *         .each(ancestorPolicy)
 *         .build();
 * }</pre>
 */
public final class LineagePolicy {

    /** The number of trainings before the last that a lineage may have unless the policy says otherwise. */
    public static final int DEFAULT_MAX_DEPTH = 16;

    /** The number of models with manifests that a lineage may have unless the policy says otherwise. */
    public static final int DEFAULT_MAX_MODELS = 64;

    /** By how much the clocks of two guests may differ unless the policy says otherwise. */
    public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofMinutes(5);

    /** The highest limit on depth and on models. */
    public static final int MAX_LIMIT = 1000;

    private static final int MAX_REASON = 200;
    private static final Duration MAX_SKEW = Duration.ofDays(366);

    private final ProvenancePolicy each;
    private final SortedMap<Integer, ProvenancePolicy> depths;
    private final SortedMap<Bytes, ProvenancePolicy> models;
    private final @Nullable String originWaiver;
    private final @Nullable String timeWaiver;
    private final Duration clockSkew;
    private final int maxDepth;
    private final int maxModels;

    private LineagePolicy(Builder builder, ProvenancePolicy each) {
        this.each = each;
        this.depths = Collections.unmodifiableSortedMap(new TreeMap<>(builder.depths));
        SortedMap<Bytes, ProvenancePolicy> named = new TreeMap<>(Comparator.comparing(Bytes::hex));
        named.putAll(builder.models);
        this.models = Collections.unmodifiableSortedMap(named);
        this.originWaiver = builder.originWaiver;
        this.timeWaiver = builder.timeWaiver;
        this.clockSkew = builder.clockSkew;
        this.maxDepth = builder.maxDepth;
        this.maxModels = builder.maxModels;
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /** The policy that judges each model alike. */
    public static LineagePolicy each(ProvenancePolicy policy) {
        return builder().each(policy).build();
    }

    /**
     * Reads what {@link #toJson()} writes.
     *
     * @throws IllegalArgumentException if {@code json} is anything else: a policy is the caller's own word, and what is
     *     not understood may be a demand
     */
    public static LineagePolicy parse(String json) {
        return LineagePolicyJson.read(json);
    }

    /** This policy as JSON for storage. */
    public String toJson() {
        return LineagePolicyJson.write(this);
    }

    /**
     * What a model has to satisfy: the policy named for its digest, else that for its depth, else {@link #each()}.
     *
     * @param modelDigest {@link Provenance#modelDigest()}
     * @param depth the number of trainings between the model and the nearest of those asked about, which have 0
     */
    public ProvenancePolicy policy(Bytes modelDigest, int depth) {
        ProvenancePolicy named = models.get(modelDigest);
        return named != null ? named : depths.getOrDefault(depth, each);
    }

    /** What a model has to satisfy for which nothing else is said. */
    public ProvenancePolicy each() {
        return each;
    }

    /** What models at a depth have to satisfy, by depth. */
    public SortedMap<Integer, ProvenancePolicy> depths() {
        return depths;
    }

    /** What single models have to satisfy, by {@link Provenance#modelDigest()}, in the order of their hex forms. */
    public SortedMap<Bytes, ProvenancePolicy> models() {
        return models;
    }

    /** Why a base model will do that has no manifest and that no policy names; empty if none will. */
    public Optional<String> originWaiver() {
        return Optional.ofNullable(originWaiver);
    }

    /** Why the order of trainings in time is not looked at; empty if it is. */
    public Optional<String> timeWaiver() {
        return Optional.ofNullable(timeWaiver);
    }

    /** By how much the clocks of two guests may differ. */
    public Duration clockSkew() {
        return clockSkew;
    }

    /** The greatest depth of a model with a manifest, 0 for those asked about alone. */
    public int maxDepth() {
        return maxDepth;
    }

    /** The greatest number of models with manifests. */
    public int maxModels() {
        return maxModels;
    }

    /** Equal if the demands are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LineagePolicy that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    /** The JSON form. */
    @Override
    public String toString() {
        return toJson();
    }

    /** Collects the demands of a {@link LineagePolicy}. Not thread-safe. */
    public static final class Builder {

        private @Nullable ProvenancePolicy each;
        private final SortedMap<Integer, ProvenancePolicy> depths = new TreeMap<>();
        private final SortedMap<Bytes, ProvenancePolicy> models = new TreeMap<>(Comparator.comparing(Bytes::hex));
        private @Nullable String originWaiver;
        private @Nullable String timeWaiver;
        private Duration clockSkew = DEFAULT_CLOCK_SKEW;
        private int maxDepth = DEFAULT_MAX_DEPTH;
        private int maxModels = DEFAULT_MAX_MODELS;

        private Builder() {}

        /** What each model has to satisfy for which nothing else is said. */
        public Builder each(ProvenancePolicy policy) {
            each = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * What the models at a depth have to satisfy.
         *
         * @param depth 0 for the models asked about, 1 for those that they were trained from, and so on
         * @throws IllegalArgumentException if the depth is not one
         */
        public Builder atDepth(int depth, ProvenancePolicy policy) {
            depths.put(limit("depth", depth, 0), Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /**
         * What one model has to satisfy, at whatever depth.
         *
         * @throws IllegalArgumentException if {@code modelDigest} is not 32 bytes
         */
        public Builder model(Bytes modelDigest, ProvenancePolicy policy) {
            if (modelDigest.size() != 32) {
                throw new IllegalArgumentException("model digest: expected 32 bytes, found " + modelDigest);
            }
            models.put(modelDigest, Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /**
         * Lets a base model pass that has no manifest, although no policy names it. The models trained from it still have
         * to satisfy what their own policies say of base models.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutProvenOrigin(String reason) {
            originWaiver = reason(reason);
            return this;
        }

        /**
         * Does not compare when models were trained.
         *
         * @param reason why that is good enough; it appears in the verdict
         */
        public Builder withoutTimeOrder(String reason) {
            timeWaiver = reason(reason);
            return this;
        }

        /**
         * By how much the clocks of two guests may differ; whole seconds, {@link #DEFAULT_CLOCK_SKEW} by default.
         *
         * @throws IllegalArgumentException if it is negative, longer than a year or holds a fraction of a second
         */
        public Builder clockSkew(Duration skew) {
            boolean whole = skew.equals(Duration.ofSeconds(skew.toSeconds()));
            if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0 || !whole) {
                throw new IllegalArgumentException(
                        "clock skew: expected whole seconds from 0 to " + MAX_SKEW + ", found " + skew);
            }
            clockSkew = skew;
            return this;
        }

        /**
         * The greatest depth of a model with a manifest, {@link #DEFAULT_MAX_DEPTH} by default.
         *
         * @throws IllegalArgumentException if it is not within 0 and {@link #MAX_LIMIT}
         */
        public Builder maxDepth(int limit) {
            maxDepth = limit("greatest depth", limit, 0);
            return this;
        }

        /**
         * The greatest number of models with manifests, {@link #DEFAULT_MAX_MODELS} by default.
         *
         * @throws IllegalArgumentException if it is not within 1 and {@link #MAX_LIMIT}
         */
        public Builder maxModels(int limit) {
            maxModels = limit("greatest number of models", limit, 1);
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if {@link #each} is missing
         */
        public LineagePolicy build() {
            ProvenancePolicy chosen = each;
            if (chosen == null) {
                throw new IllegalArgumentException("lineage policy needs each");
            }
            return new LineagePolicy(this, chosen);
        }

        private static int limit(String what, int value, int least) {
            if (value < least || value > MAX_LIMIT) {
                throw new IllegalArgumentException(
                        what + ": expected " + least + " to " + MAX_LIMIT + ", found " + value);
            }
            return value;
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
