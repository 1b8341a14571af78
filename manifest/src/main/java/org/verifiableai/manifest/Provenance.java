package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * How a model was made: an in-toto Statement v1 whose subject is the adapter's folder and whose predicate is SLSA
 * provenance v1 of this SDK's build type. Immutable.
 *
 * <p>A value of this type proves nothing; a {@code Verified<Provenance>} does, and {@link #modelDigest()} and
 * {@link #manifestDigest()} of it are what goes on chain. Members that this SDK does not know are kept in
 * {@link #payload()} and ignored, except among the external parameters, where they are refused.
 */
public final class Provenance {

    /** The build type: LoRA fine-tuning as this SDK defines its parameters. */
    public static final String BUILD_TYPE = "https://verifiableai.org/lora-finetune/v1";

    /** The builder unless another is named: a guest under AMD SEV-SNP whose report the manifest carries. */
    public static final String BUILDER = "https://verifiableai.org/builder/sev-snp/v1";

    static final String KEY_BINDING = "key-binding";
    static final String EVIDENCE_PREFIX = "tee/";

    static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    static final String PREDICATE_TYPE = "https://slsa.dev/provenance/v1";
    private static final String ROOT = "statement";
    private static final String ADAPTER = "adapter";
    private static final String INTERNAL_PARAMETERS = "internalParameters";
    private static final String FRAMEWORK = "framework";
    private static final String RUN = "run";
    private static final String BUILDER_DEPENDENCIES = "builderDependencies";
    private static final int MAX_BYPRODUCTS = 1000;
    private static final int MAX_BUILDER_DEPENDENCIES = 1000;

    private final Bytes payload;
    private final FolderDigest adapter;
    private final Job job;
    private final SortedMap<String, String> framework;
    private final Run run;
    private final KeyReference key;
    private final List<EvidenceReference> evidence;

    private Provenance(
            Bytes payload,
            FolderDigest adapter,
            Job job,
            SortedMap<String, String> framework,
            Run run,
            KeyReference key,
            List<EvidenceReference> evidence) {
        this.payload = payload;
        this.adapter = adapter;
        this.job = job;
        this.framework = Collections.unmodifiableSortedMap(new TreeMap<>(framework));
        this.run = run;
        this.key = key;
        this.evidence = List.copyOf(evidence);
    }

    /** The facts of one run of a job. */
    record Run(
            String invocationId,
            Instant startedOn,
            Instant finishedOn,
            String builder,
            RunRecord record,
            Optional<GuestLaunch> launch) {

        Run {
            Uris.requireAbsolute("invocationId", invocationId);
            Uris.requireAbsolute("builder", builder);
            if (finishedOn.isBefore(startedOn)) {
                throw new IllegalArgumentException(
                        "finishedOn: expected no instant before " + startedOn + ", found " + finishedOn);
            }
        }

        Run(String invocationId, Instant startedOn, Instant finishedOn) {
            this(invocationId, startedOn, finishedOn, BUILDER, RunRecord.EMPTY, Optional.empty());
        }
    }

    /** Writes the statement. Instants are cut to whole seconds. */
    static Provenance of(
            FolderDigest adapter,
            Job job,
            SortedMap<String, String> framework,
            Run run,
            KeyReference key,
            List<EvidenceReference> evidence) {
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement.put("_type", STATEMENT_TYPE).put("predicateType", PREDICATE_TYPE);
        writeSubjects(adapter, statement.putArray("subject"));
        ObjectNode predicate = statement.putObject("predicate");

        ObjectNode definition = predicate.putObject("buildDefinition").put("buildType", BUILD_TYPE);
        definition.set("externalParameters", job.externalParameters());
        ObjectNode internal = definition.putObject(INTERNAL_PARAMETERS);
        ObjectNode versions = internal.putObject(FRAMEWORK);
        framework.forEach(versions::put);
        run.record().write(internal.putObject(RUN));
        ResolvedDependencies.write(job, definition.putArray("resolvedDependencies"));

        ObjectNode details = predicate.putObject("runDetails");
        ObjectNode builder = details.putObject("builder").put("id", run.builder());
        run.launch().ifPresent(launch -> launch.write(builder.putArray(BUILDER_DEPENDENCIES)));
        details.putObject("metadata")
                .put("invocationId", run.invocationId())
                .put(
                        "startedOn",
                        run.startedOn().truncatedTo(ChronoUnit.SECONDS).toString())
                .put(
                        "finishedOn",
                        run.finishedOn().truncatedTo(ChronoUnit.SECONDS).toString());
        ArrayNode byproducts = details.putArray("byproducts");
        for (EvidenceReference reference : evidence) {
            reference.write(byproducts.addObject());
        }
        key.write(byproducts.addObject());
        Bytes payload = Jcs.write(statement);
        try {
            // One way in: what is written is what a reader will see.
            return parse(payload);
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException("not a manifest: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a statement. Its bytes have to be the canonical ones (RFC 8785), so that they and what they say stand for
     * each other.
     *
     * @throws MalformedEvidenceException if {@code payload} is not a provenance statement of {@link #BUILD_TYPE}, or
     *     contradicts itself
     */
    public static Provenance parse(Bytes payload) throws MalformedEvidenceException {
        JsonObject statement = JsonObject.of(ROOT, StrictJson.parse(ROOT, payload, DsseEnvelope.MAX_PAYLOAD));
        if (!Jcs.write(statement.node()).equals(payload)) {
            throw JsonObject.wrong(ROOT, "the canonical form of RFC 8785", "another form of the same statement");
        }
        statement.requireText("_type", STATEMENT_TYPE);
        statement.requireText("predicateType", PREDICATE_TYPE);
        JsonObject predicate = statement.object("predicate");
        JsonObject definition = predicate.object("buildDefinition");
        definition.requireText("buildType", BUILD_TYPE);
        JsonObject details = predicate.object("runDetails");
        JsonObject internal = definition.objectOrEmpty(INTERNAL_PARAMETERS);
        List<JsonObject> byproducts = details.objects("byproducts", MAX_BYPRODUCTS);
        return new Provenance(
                payload,
                parseSubjects(statement),
                Job.parse(definition.object("externalParameters"), ResolvedDependencies.parse(definition)),
                internal.objectOrEmpty(FRAMEWORK).texts(),
                parseRun(details, RunRecord.parse(internal.objectOrEmpty(RUN))),
                KeyReference.parse(details.path() + ".byproducts", byproducts),
                parseEvidence(byproducts));
    }

    private static void writeSubjects(FolderDigest adapter, ArrayNode subjects) {
        subjects.addObject()
                .put("name", ADAPTER)
                .putObject("digest")
                .put("sha256", adapter.omsRoot().hex())
                .put("dirHash1", adapter.dirHash1().hex());
        for (FileDigest file : adapter.files()) {
            ObjectNode subject = subjects.addObject().put("name", ADAPTER + "/" + file.name());
            subject.putObject("digest").put("sha256", file.sha256().hex());
            subject.putObject("annotations").put("size", file.size());
        }
    }

    private static FolderDigest parseSubjects(JsonObject statement) throws MalformedEvidenceException {
        List<JsonObject> subjects = statement.objects("subject", FolderDigest.MAX_IN_MANIFEST + 1);
        if (subjects.isEmpty()) {
            throw statement.wrongMember("subject", "the adapter, then its files", "none");
        }
        JsonObject whole = subjects.get(0);
        whole.requireText("name", ADAPTER);
        List<FileDigest> files = new ArrayList<>();
        for (JsonObject subject : subjects.subList(1, subjects.size())) {
            String name = subject.text("name");
            if (!name.startsWith(ADAPTER + "/")) {
                throw subject.wrongMember("name", "a file below " + ADAPTER + "/", name);
            }
            files.add(ResolvedDependencies.fileDigest(
                    subject,
                    name.substring(ADAPTER.length() + 1),
                    subject.object("annotations").natural("size")));
        }
        FolderDigest adapter;
        try {
            adapter = new FolderDigest(files);
        } catch (IllegalArgumentException e) {
            throw statement.wrongMember("subject", "a model's files", String.valueOf(e.getMessage()));
        }
        // Both digests of the whole follow from the files; a statement in which they do not contradicts itself.
        whole.object("digest").requireText("sha256", adapter.omsRoot().hex());
        whole.object("digest").requireText("dirHash1", adapter.dirHash1().hex());
        return adapter;
    }

    private static Run parseRun(JsonObject details, RunRecord record) throws MalformedEvidenceException {
        JsonObject metadata = details.object("metadata");
        JsonObject builder = details.object("builder");
        List<JsonObject> dependencies = builder.has(BUILDER_DEPENDENCIES)
                ? builder.objects(BUILDER_DEPENDENCIES, MAX_BUILDER_DEPENDENCIES)
                : List.of();
        try {
            return new Run(
                    metadata.text("invocationId"),
                    instant(metadata, "startedOn"),
                    instant(metadata, "finishedOn"),
                    builder.text("id"),
                    record,
                    GuestLaunch.parse(dependencies));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(metadata.path(), "the facts of one run", String.valueOf(e.getMessage()));
        }
    }

    private static Instant instant(JsonObject metadata, String name) throws MalformedEvidenceException {
        String text = metadata.text(name);
        try {
            if (text.endsWith("Z")) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            // Falls through: the same complaint.
        }
        throw metadata.wrongMember(name, "an instant of RFC 3339 in UTC with a final Z", text);
    }

    private static List<EvidenceReference> parseEvidence(List<JsonObject> byproducts)
            throws MalformedEvidenceException {
        List<EvidenceReference> evidence = new ArrayList<>();
        for (JsonObject byproduct : byproducts) {
            String name = byproduct.optionalText("name").orElse("");
            // Byproducts that are not evidence about the machine are not ours.
            if (name.startsWith(EVIDENCE_PREFIX)) {
                evidence.add(EvidenceReference.parse(byproduct));
            }
        }
        return evidence;
    }

    /** The adapter's files. */
    public FolderDigest adapter() {
        return adapter;
    }

    /** What the job was asked to do; the machine's report binds it. */
    public Job job() {
        return job;
    }

    /** Names and versions of the software that trained, as it reports itself. */
    public SortedMap<String, String> framework() {
        return framework;
    }

    /** How training went, as the job tells it; covered by the signature and by nothing else. */
    public RunRecord runRecord() {
        return run.record();
    }

    /** The URI of what built: {@link #BUILDER}, or one that the operator of the guest gave it. */
    public String builder() {
        return run.builder();
    }

    /**
     * How the guest was launched, as the manifest states it, in the form of
     * {@link org.verifiableai.attestation.snp.launch.LaunchConfiguration#toJson()}; empty if it states nothing. That the
     * report's measurement follows from it is {@link ManifestChecks#LAUNCH}.
     */
    public Optional<String> launchConfiguration() {
        return run.launch().map(GuestLaunch::json);
    }

    Optional<GuestLaunch> launch() {
        return run.launch();
    }

    /** The URI of this run, {@code urn:uuid:...}. */
    public String invocationId() {
        return run.invocationId();
    }

    /** When the machine vouched for the job, by the guest's clock. */
    public Instant startedOn() {
        return run.startedOn();
    }

    /** When the manifest was signed, by the guest's clock. */
    public Instant finishedOn() {
        return run.finishedOn();
    }

    /** The key that signs the manifest. */
    public KeyReference key() {
        return key;
    }

    /** The evidence that travels beside the manifest, in order, without the key. */
    public List<EvidenceReference> evidence() {
        return evidence;
    }

    /** The statement's bytes. */
    public Bytes payload() {
        return payload;
    }

    /** SHA-256 of {@link #payload()}, 32 bytes: the manifest's identity, and the value of the chain's entry. */
    public Bytes manifestDigest() {
        return payload.sha256();
    }

    /** {@link FolderDigest#dirHash1()} of the adapter, 32 bytes: the model's identity, and the key of the chain's entry. */
    public Bytes modelDigest() {
        return adapter.dirHash1();
    }

    /** Equal if the statements are, byte by byte. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Provenance that && payload.equals(that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(payload);
    }

    @Override
    public String toString() {
        return "Provenance[model " + modelDigest() + ", manifest " + manifestDigest() + "]";
    }
}
