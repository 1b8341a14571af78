package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * What somebody measured of a model: an in-toto statement with the predicate {@link #PREDICATE}. It is that person's
 * word; neither machine nor manifest stands behind it.
 *
 * @param model what was measured
 * @param evaluator who measured, by the name that he gives himself
 * @param suite what was run, such as {@code mmlu-pro 1.2}
 * @param dataSet SHA-256 of the data that the model was asked, 32 bytes
 * @param metrics by name; numbers are plain decimals whose digits after the point are kept
 * @param evaluatedOn when, in whole seconds
 */
public record Evaluation(
        ModelReference model,
        String evaluator,
        String suite,
        Bytes dataSet,
        SortedMap<String, BigDecimal> metrics,
        Instant evaluatedOn) {

    /** The type of the predicate. */
    public static final String PREDICATE = "https://verifiableai.org/evaluation/v1";

    private static final int MAX_METRICS = 1000;
    private static final int MAX_DIGITS = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./@ -]{1,128}");
    // One text for one number: no exponent, no plus, no superfluous zero in front.
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,100})?");

    /**
     * Checks form and range, and cuts the instant to seconds.
     *
     * @throws IllegalArgumentException if a text is empty, too long or does not print; if the digest is not 32 bytes; or
     *     if there is no metric, too many, or one with a name or number that cannot be written
     */
    public Evaluation {
        Objects.requireNonNull(model, "model");
        ClaimStatement.requireText("evaluator", evaluator);
        ClaimStatement.requireText("suite", suite);
        ClaimStatement.requireDigest("data set", dataSet);
        if (metrics.isEmpty() || metrics.size() > MAX_METRICS) {
            throw new IllegalArgumentException("metrics: expected 1 to " + MAX_METRICS + ", found " + metrics.size());
        }
        SortedMap<String, BigDecimal> checked = new TreeMap<>();
        metrics.forEach((name, value) -> checked.put(requireName(name), requireDecimal(name, value)));
        metrics = Collections.unmodifiableSortedMap(checked);
        evaluatedOn = ClaimStatement.seconds(evaluatedOn);
    }

    /** An evaluation of the model with that manifest, to be filled in. */
    public static Builder of(Provenance provenance) {
        return new Builder(ModelReference.to(provenance));
    }

    /**
     * Reads a statement, whose bytes have to be the canonical ones (RFC 8785). Members that this SDK does not know are
     * ignored.
     *
     * @throws MalformedEvidenceException if {@code payload} is anything else
     */
    public static Evaluation parse(Bytes payload) throws MalformedEvidenceException {
        JsonObject statement = ClaimStatement.parse(payload, PREDICATE);
        ModelReference model = ModelReference.parse(statement);
        JsonObject predicate = statement.object("predicate");
        try {
            return new Evaluation(
                    model,
                    predicate.object("evaluator").text("name"),
                    predicate.object("suite").text("name"),
                    predicate.object("dataset").object("digest").sha256("sha256"),
                    metrics(predicate.object("metrics")),
                    ClaimStatement.instant(predicate, "evaluatedOn"));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(predicate.path(), "an evaluation", String.valueOf(e.getMessage()));
        }
    }

    /** The statement's bytes in canonical form. */
    public Bytes payload() {
        ObjectNode statement = ClaimStatement.of(PREDICATE);
        model.write(statement);
        ObjectNode predicate = statement.putObject("predicate");
        predicate.putObject("evaluator").put("name", evaluator);
        predicate.putObject("suite").put("name", suite);
        predicate.putObject("dataset").putObject("digest").put("sha256", dataSet.hex());
        ObjectNode values = predicate.putObject("metrics");
        metrics.forEach((name, value) -> values.put(name, value.toPlainString()));
        predicate.put("evaluatedOn", evaluatedOn.toString());
        return ClaimStatement.write(statement);
    }

    private static SortedMap<String, BigDecimal> metrics(JsonObject object) throws MalformedEvidenceException {
        SortedMap<String, BigDecimal> metrics = new TreeMap<>();
        for (Iterator<String> names = object.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            String text = object.text(name);
            if (!DECIMAL.matcher(text).matches()) {
                throw object.wrongMember(name, "a plain decimal number in a string", text);
            }
            metrics.put(name, new BigDecimal(text));
        }
        return metrics;
    }

    private static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("metric name: expected the form " + NAME + ", found " + name);
        }
        return name;
    }

    private static BigDecimal requireDecimal(String name, BigDecimal value) {
        // Before it is written out: a short number may have a very long plain form.
        if (Math.abs((long) value.scale()) > MAX_DIGITS || value.precision() > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "metric " + name + ": expected at most " + MAX_DIGITS + " digits on a side of the point");
        }
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        if (!DECIMAL.matcher(plain.toPlainString()).matches()) {
            throw new IllegalArgumentException(
                    "metric " + name + ": expected at most " + MAX_DIGITS + " digits on a side of the point");
        }
        return plain;
    }

    /** Collects an evaluation. Not thread-safe. */
    public static final class Builder {

        private final ModelReference model;
        private final SortedMap<String, BigDecimal> metrics = new TreeMap<>();
        private @Nullable String evaluator;
        private @Nullable String suite;
        private @Nullable Bytes dataSet;
        private @Nullable Instant evaluatedOn;

        private Builder(ModelReference model) {
            this.model = model;
        }

        /** Who measured. */
        public Builder evaluator(String name) {
            evaluator = Objects.requireNonNull(name, "name");
            return this;
        }

        /** What was run. */
        public Builder suite(String name) {
            suite = Objects.requireNonNull(name, "name");
            return this;
        }

        /** SHA-256 of the data that the model was asked, 32 bytes. */
        public Builder dataSet(Bytes sha256) {
            dataSet = Objects.requireNonNull(sha256, "sha256");
            return this;
        }

        /**
         * A number that came out.
         *
         * @throws IllegalArgumentException if the name was given before
         */
        public Builder metric(String name, BigDecimal value) {
            if (metrics.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("metric " + name + " was given twice");
            }
            return this;
        }

        /** When. */
        public Builder evaluatedOn(Instant instant) {
            evaluatedOn = Objects.requireNonNull(instant, "instant");
            return this;
        }

        /**
         * The evaluation.
         *
         * @throws IllegalArgumentException if something is missing, or as {@link Evaluation}
         */
        public Evaluation build() {
            if (evaluator == null || suite == null || dataSet == null || evaluatedOn == null) {
                throw new IllegalArgumentException(
                        "evaluation needs evaluator, suite, data set, at least one metric and an instant");
            }
            return new Evaluation(model, evaluator, suite, dataSet, metrics, evaluatedOn);
        }
    }
}
