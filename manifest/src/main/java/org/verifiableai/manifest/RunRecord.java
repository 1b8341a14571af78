package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * How training went, as the job itself tells it: enough to run it again and compare. It is covered by the manifest's
 * signature and by nothing else; no machine measured it, and no check of a verifier rests on it. Immutable.
 *
 * <p>Everything may be left out; what is left out is not said.
 */
public final class RunRecord {

    /** A record that says nothing. */
    public static final RunRecord EMPTY = builder().build();

    private static final int MAX_DIGITS = 100;
    private static final Pattern TEXT = Pattern.compile("[ -~]{1,256}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,100}(\\.[0-9]{1,100})?");

    private final @Nullable Long seed;
    private final @Nullable Long threads;
    private final @Nullable Long steps;
    private final @Nullable Long tokens;
    private final @Nullable String device;
    private final @Nullable String dtype;
    private final @Nullable Boolean deterministic;
    private final @Nullable BigDecimal epochs;
    private final @Nullable BigDecimal finalLoss;

    private RunRecord(Builder builder) {
        this.seed = builder.seed;
        this.threads = builder.threads;
        this.steps = builder.steps;
        this.tokens = builder.tokens;
        this.device = builder.device;
        this.dtype = builder.dtype;
        this.deterministic = builder.deterministic;
        this.epochs = builder.epochs;
        this.finalLoss = builder.finalLoss;
    }

    /** A record to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the random numbers of training began. */
    public OptionalLong seed() {
        return optional(seed);
    }

    /** How many threads computed; the order of sums depends on it. */
    public OptionalLong threads() {
        return optional(threads);
    }

    /** How many steps the optimiser took. */
    public OptionalLong steps() {
        return optional(steps);
    }

    /** How many tokens were learnt from, each as often as it was used. */
    public OptionalLong tokens() {
        return optional(tokens);
    }

    /** What computed, such as {@code cpu} or {@code cuda:0 NVIDIA H100 PCIe}. */
    public Optional<String> device() {
        return Optional.ofNullable(device);
    }

    /** In which numbers it computed, such as {@code float32}. */
    public Optional<String> dtype() {
        return Optional.ofNullable(dtype);
    }

    /** Whether the framework was told to use deterministic algorithms alone. */
    public Optional<Boolean> deterministic() {
        return Optional.ofNullable(deterministic);
    }

    /** How often the data were gone through. */
    public Optional<BigDecimal> epochs() {
        return Optional.ofNullable(epochs);
    }

    /** The loss of the last step, in nats per token. */
    public Optional<BigDecimal> finalLoss() {
        return Optional.ofNullable(finalLoss);
    }

    void write(ObjectNode into) {
        put(into, "seed", seed);
        put(into, "threads", threads);
        put(into, "steps", steps);
        put(into, "tokens", tokens);
        if (device != null) {
            into.put("device", device);
        }
        if (dtype != null) {
            into.put("dtype", dtype);
        }
        if (deterministic != null) {
            into.put("deterministic", deterministic);
        }
        // Fractions travel as decimal strings, so that every reader sees the same number.
        if (epochs != null) {
            into.put("epochs", epochs.toPlainString());
        }
        if (finalLoss != null) {
            into.put("finalLoss", finalLoss.toPlainString());
        }
    }

    static RunRecord parse(JsonObject from) throws MalformedEvidenceException {
        Builder builder = builder();
        try {
            if (from.has("seed")) {
                if (!StrictJson.isSafeInteger(from.member("seed"))) {
                    throw from.wrongMember("seed", "an integer within +-(2^53-1)", "another value");
                }
                builder.seed(from.member("seed").longValue());
            }
            if (from.has("threads")) {
                builder.threads(from.natural("threads"));
            }
            if (from.has("steps")) {
                builder.steps(from.natural("steps"));
            }
            if (from.has("tokens")) {
                builder.tokens(from.natural("tokens"));
            }
            if (from.has("device")) {
                builder.device(from.text("device"));
            }
            if (from.has("dtype")) {
                builder.dtype(from.text("dtype"));
            }
            if (from.has("deterministic")) {
                if (!from.member("deterministic").isBoolean()) {
                    throw from.wrongMember("deterministic", "true or false", "another value");
                }
                builder.deterministic(from.member("deterministic").booleanValue());
            }
            if (from.has("epochs")) {
                builder.epochs(decimal(from, "epochs"));
            }
            if (from.has("finalLoss")) {
                builder.finalLoss(decimal(from, "finalLoss"));
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(from.path(), "the record of a run", String.valueOf(e.getMessage()));
        }
    }

    private static BigDecimal decimal(JsonObject from, String name) throws MalformedEvidenceException {
        String text = from.text(name);
        if (!DECIMAL.matcher(text).matches()) {
            throw from.wrongMember(name, "a decimal number as text", text);
        }
        return new BigDecimal(text);
    }

    private static void put(ObjectNode into, String name, @Nullable Long value) {
        if (value != null) {
            into.put(name, value);
        }
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Collects a record. Not thread-safe. */
    public static final class Builder {

        private @Nullable Long seed;
        private @Nullable Long threads;
        private @Nullable Long steps;
        private @Nullable Long tokens;
        private @Nullable String device;
        private @Nullable String dtype;
        private @Nullable Boolean deterministic;
        private @Nullable BigDecimal epochs;
        private @Nullable BigDecimal finalLoss;

        private Builder() {}

        /** Where the random numbers began, within +-(2^53-1). */
        public Builder seed(long value) {
            if (Math.abs(value) > StrictJson.MAX_SAFE_INTEGER || value == Long.MIN_VALUE) {
                throw new IllegalArgumentException("seed: expected an integer within +-(2^53-1), found " + value);
            }
            seed = value;
            return this;
        }

        /** How many threads computed, 1 or more. */
        public Builder threads(long count) {
            if (count < 1) {
                throw new IllegalArgumentException("threads: expected at least 1, found " + count);
            }
            threads = natural("threads", count);
            return this;
        }

        /** How many steps the optimiser took, 0 to 2^53-1. */
        public Builder steps(long count) {
            steps = natural("steps", count);
            return this;
        }

        /** How many tokens were learnt from, 0 to 2^53-1. */
        public Builder tokens(long count) {
            tokens = natural("tokens", count);
            return this;
        }

        /** What computed; 1 to 256 printable ASCII characters. */
        public Builder device(String name) {
            device = text("device", name);
            return this;
        }

        /** In which numbers; 1 to 256 printable ASCII characters. */
        public Builder dtype(String name) {
            dtype = text("dtype", name);
            return this;
        }

        /** Whether the framework was told to use deterministic algorithms alone. */
        public Builder deterministic(boolean yes) {
            deterministic = yes;
            return this;
        }

        /** How often the data were gone through, 0 or more. */
        public Builder epochs(BigDecimal times) {
            if (times.signum() < 0) {
                throw new IllegalArgumentException("epochs: expected no negative number, found " + times);
            }
            epochs = decimal("epochs", times);
            return this;
        }

        /** The loss of the last step, in nats per token. */
        public Builder finalLoss(BigDecimal loss) {
            finalLoss = decimal("finalLoss", loss);
            return this;
        }

        /** The record. */
        public RunRecord build() {
            return new RunRecord(this);
        }

        private static long natural(String what, long count) {
            if (count < 0 || count > StrictJson.MAX_SAFE_INTEGER) {
                throw new IllegalArgumentException(what + ": expected 0 to 2^53-1, found " + count);
            }
            return count;
        }

        private static String text(String what, String text) {
            if (!TEXT.matcher(text).matches()) {
                throw new IllegalArgumentException(what + ": expected 1 to 256 printable ASCII characters");
            }
            return text;
        }

        private static BigDecimal decimal(String what, BigDecimal value) {
            if (Math.abs((long) value.scale()) > MAX_DIGITS || value.precision() > MAX_DIGITS) {
                throw new IllegalArgumentException(
                        what + ": expected at most " + MAX_DIGITS + " digits on a side of the point");
            }
            return value;
        }
    }
}
