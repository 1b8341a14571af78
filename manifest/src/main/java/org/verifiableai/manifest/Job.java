package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * What a training job is asked to do: from which base model, on which data, with which parameters, for which challenge.
 * It is fixed before training starts, and the machine's report binds it: its canonical form is the external parameters of
 * the manifest, byte for byte. Immutable.
 */
public final class Job {

    static final String BASE_MODEL = "base-model";

    private static final int MIN_NONCE = 16;
    private static final int MAX_NONCE = 64;
    private static final int MAX_DATA_SETS = 1000;
    private static final int MAX_PARAMETERS = 1000;
    private static final int MAX_VALUE_LENGTH = 4096;
    private static final int MAX_SCALE = 100;
    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final BaseModel baseModel;
    private final List<DataSet> dataSets;
    private final SortedMap<String, JsonNode> hyperParameters;
    private final Optional<Bytes> nonce;

    private Job(
            BaseModel baseModel,
            List<DataSet> dataSets,
            SortedMap<String, JsonNode> hyperParameters,
            Optional<Bytes> nonce) {
        this.baseModel = baseModel;
        this.dataSets = List.copyOf(dataSets);
        this.hyperParameters = hyperParameters;
        this.nonce = nonce;
    }

    /** Starts a job on {@code baseModel}. */
    public static Builder on(BaseModel baseModel) {
        return new Builder(baseModel);
    }

    /** The model that training starts from. */
    public BaseModel baseModel() {
        return baseModel;
    }

    /** The training data, in the order in which the job was given it; at least one. */
    public List<DataSet> dataSets() {
        return dataSets;
    }

    /** The parameters of training as text: numbers in decimal, lists as JSON. */
    public SortedMap<String, String> hyperParameters() {
        SortedMap<String, String> texts = new TreeMap<>();
        hyperParameters.forEach(
                (name, value) -> texts.put(name, value.isValueNode() ? value.asText() : value.toString()));
        return Collections.unmodifiableSortedMap(texts);
    }

    /** The verifier's challenge, 16 to 64 bytes; empty if the job was given none, and then nothing shows its freshness. */
    public Optional<Bytes> nonce() {
        return nonce;
    }

    /** The external parameters of the manifest in canonical form (RFC 8785): what the machine's report binds. */
    public Bytes canonical() {
        return Jcs.write(externalParameters());
    }

    @Override
    public boolean equals(Object other) {
        // Through the canonical form: one number may have several nodes.
        return other instanceof Job that
                && baseModel.equals(that.baseModel)
                && dataSets.equals(that.dataSets)
                && canonical().equals(that.canonical());
    }

    @Override
    public int hashCode() {
        return Objects.hash(baseModel, dataSets, canonical());
    }

    /** The canonical form as text. */
    @Override
    public String toString() {
        return "Job" + externalParameters();
    }

    ObjectNode externalParameters() {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        ObjectNode base = parameters.putObject("baseModel").put("uri", baseModel.uri());
        base.putObject("digest").put("dirHash1", baseModel.digest().hex());
        ArrayNode sets = parameters.putArray("datasets");
        for (DataSet set : dataSets) {
            sets.addObject()
                    .put("name", set.name())
                    .putObject("digest")
                    .put("sha256", set.sha256().hex());
        }
        ObjectNode hyper = parameters.putObject("hyperParameters");
        hyperParameters.forEach(hyper::set);
        nonce.ifPresent(n -> parameters.put("nonce", n.hex()));
        return parameters;
    }

    /** Reads external parameters and finds what they name among the resolved dependencies. */
    static Job parse(JsonObject parameters, ResolvedDependencies dependencies) throws MalformedEvidenceException {
        // SLSA provenance v1, externalParameters: a verifier refuses what it does not know.
        parameters.requireOnly(Set.of("baseModel", "datasets", "hyperParameters", "nonce"));
        JsonObject base = parameters.object("baseModel");
        base.requireOnly(Set.of("uri", "digest"));
        base.object("digest").requireOnly(Set.of("dirHash1"));
        BaseModel baseModel = dependencies.baseModel();
        base.requireText("uri", baseModel.uri());
        base.object("digest").requireText("dirHash1", baseModel.digest().hex());

        List<DataSet> sets = new ArrayList<>();
        for (JsonObject set : parameters.objects("datasets", MAX_DATA_SETS)) {
            set.requireOnly(Set.of("name", "digest"));
            set.object("digest").requireOnly(Set.of("sha256"));
            DataSet resolved = dependencies.dataSet(set.text("name"));
            set.object("digest").requireText("sha256", resolved.sha256().hex());
            sets.add(resolved);
        }

        SortedMap<String, JsonNode> hyper = new TreeMap<>();
        JsonObject given = parameters.object("hyperParameters");
        for (Iterator<String> names = given.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            hyper.put(name, given.member(name));
        }
        Optional<Bytes> nonce = parameters.has("nonce") ? Optional.of(parameters.hex("nonce")) : Optional.empty();
        try {
            Job job = checked(baseModel, sets, hyper, nonce);
            // A null or empty member means the same as none, but not to the report: what was bound is what is read.
            if (!job.canonical().equals(Jcs.write(parameters.node()))) {
                throw JsonObject.wrong(
                        parameters.path(), job.externalParameters().toString(), "another job");
            }
            return job;
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(parameters.path(), "a job", String.valueOf(e.getMessage()));
        }
    }

    private static Job checked(
            BaseModel baseModel, List<DataSet> sets, SortedMap<String, JsonNode> hyper, Optional<Bytes> nonce) {
        if (sets.isEmpty() || sets.size() > MAX_DATA_SETS) {
            throw new IllegalArgumentException("data sets: expected 1 to " + MAX_DATA_SETS + ", found " + sets.size());
        }
        Set<String> names = new HashSet<>();
        for (DataSet set : sets) {
            if (!names.add(set.name())) {
                throw new IllegalArgumentException("data sets: expected each name once, found twice " + set.name());
            }
        }
        if (hyper.size() > MAX_PARAMETERS) {
            throw new IllegalArgumentException(
                    "hyper-parameters: expected at most " + MAX_PARAMETERS + ", found " + hyper.size());
        }
        hyper.forEach(Job::requireParameter);
        nonce.ifPresent(n -> {
            if (n.size() < MIN_NONCE || n.size() > MAX_NONCE) {
                throw new IllegalArgumentException(
                        "nonce: expected " + MIN_NONCE + " to " + MAX_NONCE + " bytes, found " + n.size());
            }
        });
        return new Job(baseModel, sets, Collections.unmodifiableSortedMap(new TreeMap<>(hyper)), nonce);
    }

    private static void requireParameter(String name, JsonNode value) {
        if (!PARAMETER_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "hyper-parameter name: expected 1 to 128 letters, digits, _ . or -, found " + name);
        }
        boolean list = value.isArray();
        if (list) {
            for (JsonNode element : value) {
                requireText(name, element);
            }
        } else if (value.isTextual()) {
            requireText(name, value);
        } else if (!value.isBoolean() && !StrictJson.isSafeInteger(value)) {
            throw new IllegalArgumentException("hyper-parameter " + name
                    + ": expected an integer within +-(2^53-1), a boolean, a string or strings, found "
                    + value.getNodeType());
        }
    }

    private static void requireText(String name, JsonNode value) {
        if (!value.isTextual()
                || value.textValue().length() > MAX_VALUE_LENGTH
                || !StrictJson.isWellFormed(value.textValue())) {
            throw new IllegalArgumentException("hyper-parameter " + name + ": expected Unicode text of at most "
                    + MAX_VALUE_LENGTH + " characters");
        }
    }

    /** Collects a job. Not thread-safe. */
    public static final class Builder {

        private final BaseModel baseModel;
        private final List<DataSet> dataSets = new ArrayList<>();
        private final SortedMap<String, JsonNode> hyperParameters = new TreeMap<>();
        private @Nullable Bytes nonce;

        private Builder(BaseModel baseModel) {
            this.baseModel = Objects.requireNonNull(baseModel, "baseModel");
        }

        /** Adds training data. */
        public Builder dataSet(DataSet dataSet) {
            dataSets.add(dataSet);
            return this;
        }

        /** Names a whole number; {@link #build()} refuses one beyond 2^53-1. */
        public Builder hyperParameter(String name, long value) {
            return put(name, JsonNodeFactory.instance.numberNode(value));
        }

        /**
         * Names a fraction. It travels as a decimal string, so that every reader sees the same number.
         *
         * @throws IllegalArgumentException if {@code value} has more than a hundred digits on a side of the point
         */
        public Builder hyperParameter(String name, BigDecimal value) {
            BigDecimal shortest = value.stripTrailingZeros();
            if (Math.abs((long) shortest.scale()) > MAX_SCALE || shortest.precision() > MAX_SCALE) {
                throw new IllegalArgumentException("hyper-parameter " + name + ": expected at most " + MAX_SCALE
                        + " digits on a side of the point");
            }
            return put(name, JsonNodeFactory.instance.textNode(shortest.toPlainString()));
        }

        /** Names a switch. */
        public Builder hyperParameter(String name, boolean value) {
            return put(name, JsonNodeFactory.instance.booleanNode(value));
        }

        /** Names a text. */
        public Builder hyperParameter(String name, String value) {
            return put(name, JsonNodeFactory.instance.textNode(value));
        }

        /** Names a list of texts, such as the modules that LoRA adapts. */
        public Builder hyperParameter(String name, List<String> values) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            values.forEach(array::add);
            return put(name, array);
        }

        /** The verifier's challenge, 16 to 64 bytes that did not exist before: random, or the hash of a recent block. */
        public Builder nonce(Bytes challenge) {
            this.nonce = Objects.requireNonNull(challenge, "challenge");
            return this;
        }

        /**
         * The job.
         *
         * @throws IllegalArgumentException if there is no data set, if two have one name, if a parameter is beyond what
         *     the manifest can hold, or if the nonce is not 16 to 64 bytes
         */
        public Job build() {
            return checked(baseModel, dataSets, hyperParameters, Optional.ofNullable(nonce));
        }

        private Builder put(String name, JsonNode value) {
            if (hyperParameters.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("hyper-parameter " + name + " was given twice");
            }
            return this;
        }
    }
}
