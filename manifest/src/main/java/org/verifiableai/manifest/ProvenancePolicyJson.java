package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.machine.MachinePolicy;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * The stored form of a {@link ProvenancePolicy}: the members of a {@link MachinePolicy}'s, with {@code nonce} as the name of
 * the challenge, and those of the manifest's own. What it does not know it refuses, since it may be a demand.
 */
final class ProvenancePolicyJson {

    private static final String ROOT = "policy";
    private static final int MAX_SIZE = 1 << 20;
    private static final int MAX_BLOCKS = 10_000;

    private static final String NONCE = "nonce";
    private static final String CHALLENGE = "challenge";
    private static final String WITHOUT_FRESHNESS = "withoutFreshness";
    private static final String NOT_BEFORE = "notBefore";
    private static final String BASE_MODELS = "baseModels";
    private static final String ANY_BASE_MODEL = "anyBaseModel";
    private static final String DATA_SETS = "dataSets";
    private static final String ANY_DATA_SET = "anyDataSet";
    private static final String JOB_ARCHIVES = "jobArchives";
    private static final String ANY_JOB_ARCHIVE = "anyJobArchive";
    private static final String TOKENIZERS = "tokenizers";
    private static final String CHAT_TEMPLATES = "chatTemplates";
    private static final String BUILDERS = "builders";
    private static final String HYPER_PARAMETERS = "hyperParameters";
    private static final String WITHOUT_CLOSING = "withoutClosing";
    private static final String ANY_WEIGHTS = "anyWeights";
    private static final String REQUIRE_LAUNCH = "requireLaunch";
    private static final String REVOKED_BY = "revokedBy";

    private static final String ONE_OF = "oneOf";
    private static final String MINIMUM = "minimum";
    private static final String MAXIMUM = "maximum";
    private static final String REFUSED = "refused";

    private static final Set<String> MACHINE =
            Set.of("snp", "gpu", "withoutGpu", WITHOUT_FRESHNESS, "withoutCcStatement", "legacyKeyBinding");
    private static final Set<String> OWN = Set.of(
            NONCE,
            NOT_BEFORE,
            BASE_MODELS,
            ANY_BASE_MODEL,
            DATA_SETS,
            ANY_DATA_SET,
            JOB_ARCHIVES,
            ANY_JOB_ARCHIVE,
            TOKENIZERS,
            CHAT_TEMPLATES,
            BUILDERS,
            HYPER_PARAMETERS,
            WITHOUT_CLOSING,
            ANY_WEIGHTS,
            REQUIRE_LAUNCH,
            REVOKED_BY);

    private ProvenancePolicyJson() {}

    static String write(ProvenancePolicy policy) {
        ObjectNode root = machine(policy);
        JsonNode challenge = root.remove(CHALLENGE);
        if (challenge != null) {
            root.set(NONCE, challenge);
        }
        if (!policy.blocks().isEmpty()) {
            root.remove(WITHOUT_FRESHNESS);
            ArrayNode blocks = root.putArray(NOT_BEFORE);
            for (BlockHash block : policy.blocks()) {
                blocks.addObject()
                        .put("chain", block.chain())
                        .put("number", block.number())
                        .put("hash", block.hash().hex());
            }
        }
        digests(root, BASE_MODELS, policy.baseModels());
        policy.baseModelWaiver().ifPresent(reason -> root.put(ANY_BASE_MODEL, reason));
        digests(root, DATA_SETS, policy.dataSets());
        policy.dataSetWaiver().ifPresent(reason -> root.put(ANY_DATA_SET, reason));
        digests(root, JOB_ARCHIVES, policy.jobArchives());
        policy.jobArchiveWaiver().ifPresent(reason -> root.put(ANY_JOB_ARCHIVE, reason));
        digests(root, TOKENIZERS, policy.tokenizers());
        digests(root, CHAT_TEMPLATES, policy.chatTemplates());
        if (!policy.builders().equals(Set.of(Provenance.BUILDER))) {
            texts(root, BUILDERS, policy.builders());
        }
        if (!policy.hyperParameters().isEmpty()) {
            ObjectNode demands = root.putObject(HYPER_PARAMETERS);
            policy.hyperParameters().forEach((name, demand) -> write(demand, demands.putObject(name)));
        }
        policy.closingWaiver().ifPresent(reason -> root.put(WITHOUT_CLOSING, reason));
        policy.weightsWaiver().ifPresent(reason -> root.put(ANY_WEIGHTS, reason));
        if (policy.launchRequired()) {
            root.put(REQUIRE_LAUNCH, true);
        }
        digests(root, REVOKED_BY, policy.revokers());
        return root.toPrettyString();
    }

    static ProvenancePolicy read(String json) {
        try {
            JsonObject root = JsonObject.of(ROOT, StrictJson.parse(ROOT, Bytes.utf8(json), MAX_SIZE));
            Set<String> known = new TreeSet<>(OWN);
            known.addAll(MACHINE);
            root.requireOnly(known);
            requireNoNull(root);
            return read(root);
        } catch (MalformedEvidenceException e) {
            // A policy is the caller's own word, so a bad one is the caller's mistake.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Null counts as absent elsewhere. Here it may be a demand that somebody's template left empty. */
    static void requireNoNull(JsonObject root) throws MalformedEvidenceException {
        for (Map.Entry<String, JsonNode> member : root.node().properties()) {
            if (member.getValue().isNull()) {
                throw root.wrongMember(member.getKey(), "a value or no such member", "null");
            }
            if (member.getValue().isObject()) {
                requireNoNull(root.object(member.getKey()));
            }
        }
    }

    private static ProvenancePolicy read(JsonObject root) throws MalformedEvidenceException {
        ProvenancePolicy.Builder builder = ProvenancePolicy.builder();
        builder.machine(machine(root));
        if (root.has(NOT_BEFORE)) {
            builder.clearFreshness();
            for (JsonObject block : root.objects(NOT_BEFORE, MAX_BLOCKS)) {
                block.requireOnly(Set.of("chain", "number", "hash"));
                builder.notBefore(new BlockHash(block.text("chain"), block.natural("number"), block.hex("hash")));
            }
        }
        digests(root, BASE_MODELS, builder::baseModel);
        text(root, ANY_BASE_MODEL, builder::anyBaseModel);
        digests(root, DATA_SETS, builder::dataSet);
        text(root, ANY_DATA_SET, builder::anyDataSet);
        digests(root, JOB_ARCHIVES, builder::jobArchive);
        text(root, ANY_JOB_ARCHIVE, builder::anyJobArchive);
        digests(root, TOKENIZERS, builder::tokenizer);
        digests(root, CHAT_TEMPLATES, builder::chatTemplate);
        texts(root, BUILDERS).forEach(builder::builderId);
        if (root.has(HYPER_PARAMETERS)) {
            JsonObject demands = root.object(HYPER_PARAMETERS);
            for (Iterator<String> names = demands.node().fieldNames(); names.hasNext(); ) {
                String name = names.next();
                builder.hyperParameter(name, demand(demands.object(name)));
            }
        }
        text(root, WITHOUT_CLOSING, builder::withoutClosing);
        text(root, ANY_WEIGHTS, builder::anyWeights);
        if (flag(root, REQUIRE_LAUNCH)) {
            builder.requireLaunch();
        }
        digests(root, REVOKED_BY, builder::revokedBy);
        return builder.build();
    }

    private static ObjectNode machine(ProvenancePolicy policy) {
        try {
            String json = policy.machine().toJson();
            return (ObjectNode) StrictJson.parse("machine policy", Bytes.utf8(json), MAX_SIZE);
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("a machine policy wrote what cannot be read", e);
        }
    }

    /** The part of a stored policy that is about the machine. A policy on blocks says nothing else of freshness. */
    private static MachinePolicy machine(JsonObject root) throws MalformedEvidenceException {
        ObjectNode machine = JsonNodeFactory.instance.objectNode();
        for (String member : MACHINE) {
            if (root.node().has(member)) {
                machine.set(member, root.node().get(member));
            }
        }
        if (root.has(NONCE)) {
            machine.set(CHALLENGE, root.member(NONCE));
        } else if (root.has(NOT_BEFORE) && !root.has(WITHOUT_FRESHNESS)) {
            machine.put(WITHOUT_FRESHNESS, ProvenancePolicy.BLOCKS);
        }
        return MachinePolicy.fromJson(machine.toString());
    }

    private static void write(HyperParameterDemand demand, ObjectNode into) {
        if (!demand.accepted().isEmpty()) {
            texts(into, ONE_OF, demand.accepted());
        }
        demand.minimum().ifPresent(low -> into.put(MINIMUM, low.toPlainString()));
        demand.maximum().ifPresent(high -> into.put(MAXIMUM, high.toPlainString()));
        if (demand.absent()) {
            into.put(REFUSED, true);
        }
    }

    private static HyperParameterDemand demand(JsonObject from) throws MalformedEvidenceException {
        from.requireOnly(Set.of(ONE_OF, MINIMUM, MAXIMUM, REFUSED));
        return new HyperParameterDemand(
                new TreeSet<>(texts(from, ONE_OF)), number(from, MINIMUM), number(from, MAXIMUM), flag(from, REFUSED));
    }

    private static Optional<BigDecimal> number(JsonObject from, String name) throws MalformedEvidenceException {
        if (!from.has(name)) {
            return Optional.empty();
        }
        String text = from.text(name);
        if (!text.matches("-?[0-9]{1,100}(\\.[0-9]{1,100})?")) {
            throw from.wrongMember(name, "a decimal number as text", text);
        }
        return Optional.of(new BigDecimal(text));
    }

    private static boolean flag(JsonObject from, String name) throws MalformedEvidenceException {
        if (!from.has(name)) {
            return false;
        }
        if (!from.member(name).isBoolean()) {
            throw from.wrongMember(name, "true or false", "another value");
        }
        return from.member(name).booleanValue();
    }

    private static void text(JsonObject from, String name, Consumer<String> to) throws MalformedEvidenceException {
        if (from.has(name)) {
            to.accept(from.text(name));
        }
    }

    private static void digests(JsonObject from, String name, Consumer<Bytes> to) throws MalformedEvidenceException {
        for (String text : texts(from, name)) {
            to.accept(Bytes.fromHex(text));
        }
    }

    private static List<String> texts(JsonObject from, String name) throws MalformedEvidenceException {
        if (!from.has(name)) {
            return List.of();
        }
        JsonNode array = from.member(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw from.wrongMember(name, "an array of texts", "another value");
            }
            texts.add(element.textValue());
        }
        if (!array.isArray() || texts.isEmpty()) {
            throw from.wrongMember(name, "an array of at least 1 text", "another value");
        }
        return texts;
    }

    private static void digests(ObjectNode into, String name, Set<Bytes> digests) {
        if (!digests.isEmpty()) {
            texts(into, name, digests.stream().map(Bytes::hex).toList());
        }
    }

    private static void texts(ObjectNode into, String name, Collection<String> texts) {
        ArrayNode array = into.putArray(name);
        new TreeSet<>(texts).forEach(array::add);
    }
}
