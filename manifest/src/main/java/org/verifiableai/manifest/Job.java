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
import org.verifiableai.manifest.files.FileDigest;
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

    static final String ARCHIVE = "jobArchive";
    static final String TOKENIZER = "tokenizer";
    static final String CHAT_TEMPLATE = "chatTemplate";

    private static final String BLOCK = "block";
    private static final Set<String> MEMBERS =
            Set.of("baseModel", "datasets", "hyperParameters", "nonce", BLOCK, ARCHIVE, TOKENIZER, CHAT_TEMPLATE);

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
    private final @Nullable Bytes nonce;
    private final @Nullable BlockHash block;
    private final @Nullable JobFile archive;
    private final @Nullable JobFile tokenizer;
    private final @Nullable JobFile chatTemplate;

    private Job(Builder builder) {
        this.baseModel = builder.baseModel;
        this.dataSets = List.copyOf(builder.dataSets);
        this.hyperParameters = Collections.unmodifiableSortedMap(new TreeMap<>(builder.hyperParameters));
        this.nonce = builder.nonce;
        this.block = builder.block;
        this.archive = builder.archive;
        this.tokenizer = builder.tokenizer;
        this.chatTemplate = builder.chatTemplate;
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
        return Optional.ofNullable(nonce);
    }

    /** The block that stands in for a verifier's challenge: the job began after it was made; empty if there is none. */
    public Optional<BlockHash> block() {
        return Optional.ofNullable(block);
    }

    /** What the machine's report and the GPUs answer: the nonce, or the block's hash; empty if the job has neither. */
    public Bytes challenge() {
        if (nonce != null) {
            return nonce;
        }
        return block == null ? Bytes.EMPTY : block.hash();
    }

    /** The archive of the code that the guest was handed and ran; empty if it ran none but its own. */
    public Optional<JobFile> archive() {
        return Optional.ofNullable(archive);
    }

    /** The tokenizer, where the job names it. */
    public Optional<JobFile> tokenizer() {
        return Optional.ofNullable(tokenizer);
    }

    /** The chat template, where the job names it. */
    public Optional<JobFile> chatTemplate() {
        return Optional.ofNullable(chatTemplate);
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
        if (nonce != null) {
            parameters.put("nonce", nonce.hex());
        }
        if (block != null) {
            parameters
                    .putObject(BLOCK)
                    .put("chain", block.chain())
                    .put("number", block.number())
                    .put("hash", block.hash().hex());
        }
        files().forEach((name, file) -> file.write(parameters.putObject(name)));
        return parameters;
    }

    /** The files beside base model and data, by the names of their parameters. */
    SortedMap<String, JobFile> files() {
        SortedMap<String, JobFile> files = new TreeMap<>();
        if (archive != null) {
            files.put(ARCHIVE, archive);
        }
        if (tokenizer != null) {
            files.put(TOKENIZER, tokenizer);
        }
        if (chatTemplate != null) {
            files.put(CHAT_TEMPLATE, chatTemplate);
        }
        return files;
    }

    /** Reads external parameters and finds what they name among the resolved dependencies. */
    static Job parse(JsonObject parameters, ResolvedDependencies dependencies) throws MalformedEvidenceException {
        // SLSA provenance v1, externalParameters: a verifier refuses what it does not know.
        parameters.requireOnly(MEMBERS);
        JsonObject base = parameters.object("baseModel");
        base.requireOnly(Set.of("uri", "digest"));
        base.object("digest").requireOnly(Set.of("dirHash1"));
        BaseModel baseModel = dependencies.baseModel();
        base.requireText("uri", baseModel.uri());
        base.object("digest").requireText("dirHash1", baseModel.digest().hex());

        Builder builder = new Builder(baseModel);
        for (JsonObject set : parameters.objects("datasets", MAX_DATA_SETS)) {
            set.requireOnly(Set.of("name", "digest"));
            set.object("digest").requireOnly(Set.of("sha256"));
            DataSet resolved = dependencies.dataSet(set.text("name"));
            set.object("digest").requireText("sha256", resolved.sha256().hex());
            builder.dataSets.add(resolved);
        }
        JsonObject given = parameters.object("hyperParameters");
        for (Iterator<String> names = given.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            builder.hyperParameters.put(name, given.member(name));
        }
        if (parameters.has("nonce")) {
            builder.nonce = parameters.hex("nonce");
        }
        try {
            if (parameters.has(BLOCK)) {
                builder.block = block(parameters.object(BLOCK));
            }
            builder.archive = file(parameters, ARCHIVE);
            builder.tokenizer = file(parameters, TOKENIZER);
            builder.chatTemplate = file(parameters, CHAT_TEMPLATE);
            Job job = builder.build();
            dependencies.requireFiles(job);
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

    private static BlockHash block(JsonObject from) throws MalformedEvidenceException {
        from.requireOnly(Set.of("chain", "number", "hash"));
        return new BlockHash(from.text("chain"), from.natural("number"), from.hex("hash"));
    }

    private static @Nullable JobFile file(JsonObject parameters, String name) throws MalformedEvidenceException {
        return parameters.has(name) ? JobFile.parse(parameters.object(name)) : null;
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
        private @Nullable BlockHash block;
        private @Nullable JobFile archive;
        private @Nullable JobFile tokenizer;
        private @Nullable JobFile chatTemplate;

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

        /** The verifier's challenge, 16 to 64 random bytes that did not exist before. */
        public Builder nonce(Bytes challenge) {
            this.nonce = Objects.requireNonNull(challenge, "challenge");
            return this;
        }

        /** A recent block, for a job that no verifier gave a challenge: its hash is what report and GPUs answer. */
        public Builder block(BlockHash recent) {
            this.block = Objects.requireNonNull(recent, "recent");
            return this;
        }

        /**
         * The archive of the code that the guest is handed and runs.
         *
         * @param name what the job calls it
         * @param sha256 SHA-256 of the archive, 32 bytes
         */
        public Builder archive(String name, Bytes sha256) {
            this.archive = new JobFile(name, sha256);
            return this;
        }

        /**
         * The tokenizer that makes tokens of the data.
         *
         * @param name of the file; one that the base model has stands for that file, and has to have its digest
         * @param sha256 SHA-256 of the file, 32 bytes
         */
        public Builder tokenizer(String name, Bytes sha256) {
            this.tokenizer = new JobFile(name, sha256);
            return this;
        }

        /**
         * The template that makes a prompt of messages.
         *
         * @param name of the file; one that the base model has stands for that file, and has to have its digest
         * @param sha256 SHA-256 of the template's bytes, 32 bytes
         */
        public Builder chatTemplate(String name, Bytes sha256) {
            this.chatTemplate = new JobFile(name, sha256);
            return this;
        }

        /**
         * The job.
         *
         * @throws IllegalArgumentException if there is no data set, if two have one name, if a parameter is beyond what
         *     the manifest can hold, if the nonce is not 16 to 64 bytes or comes beside a block, or if tokenizer or chat
         *     template bear the name of a file of the base model and not its digest
         */
        public Job build() {
            if (dataSets.isEmpty() || dataSets.size() > MAX_DATA_SETS) {
                throw new IllegalArgumentException(
                        "data sets: expected 1 to " + MAX_DATA_SETS + ", found " + dataSets.size());
            }
            Set<String> names = new HashSet<>();
            for (DataSet set : dataSets) {
                if (!names.add(set.name())) {
                    throw new IllegalArgumentException("data sets: expected each name once, found twice " + set.name());
                }
            }
            if (hyperParameters.size() > MAX_PARAMETERS) {
                throw new IllegalArgumentException(
                        "hyper-parameters: expected at most " + MAX_PARAMETERS + ", found " + hyperParameters.size());
            }
            hyperParameters.forEach(Job::requireParameter);
            if (nonce != null && (nonce.size() < MIN_NONCE || nonce.size() > MAX_NONCE)) {
                throw new IllegalArgumentException(
                        "nonce: expected " + MIN_NONCE + " to " + MAX_NONCE + " bytes, found " + nonce.size());
            }
            if (nonce != null && block != null) {
                throw new IllegalArgumentException("challenge: expected a nonce or a block, found both");
            }
            requireFileOfBaseModel(TOKENIZER, tokenizer);
            requireFileOfBaseModel(CHAT_TEMPLATE, chatTemplate);
            return new Job(this);
        }

        private void requireFileOfBaseModel(String what, @Nullable JobFile file) {
            if (file == null) {
                return;
            }
            for (FileDigest there : baseModel.files().files()) {
                if (there.name().equals(file.name()) && !there.sha256().equals(file.sha256())) {
                    throw new IllegalArgumentException(what + ": expected the base model's " + there.name()
                            + ", sha256 " + there.sha256() + ", found " + file.sha256());
                }
            }
        }

        private Builder put(String name, JsonNode value) {
            if (hyperParameters.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("hyper-parameter " + name + " was given twice");
            }
            return this;
        }
    }
}
