package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * What the configuration files of a model may say: nothing that has a loader fetch or import code, and nothing about the
 * base model that contradicts the manifest.
 */
final class ModelConfig {

    /** The adapter's own configuration, in PEFT's form. */
    static final String ADAPTER = "adapter_config.json";

    /** Members by which Hugging Face's libraries find code to import: in the folder, in another repository, by name. */
    private static final Set<String> CODE = Set.of("auto_map", "auto_mapping", "custom_pipelines", "trust_remote_code");

    /** Members that may name a repository of compiled kernels, which is then fetched and loaded. */
    private static final Set<String> KERNELS = Set.of("attn_implementation", "_attn_implementation");

    /** More are not named, nor do more make a file worse. */
    private static final int MAX_DEFECTS = 20;

    private static final String MEGATRON = "megatron_core";

    private final JsonObject config;
    private final List<String> defects = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private ModelConfig(JsonObject config) {
        this.config = config;
    }

    /**
     * Reads any configuration.
     *
     * @param name of the file, for messages
     */
    static ModelConfig read(String name, Bytes content) throws MalformedEvidenceException {
        ModelConfig read = new ModelConfig(JsonObject.of(name, StrictJson.parseIJson(name, content, content.size())));
        read.requireNoCode(new Way(null, "", name), read.config.node());
        return read;
    }

    /** Reads the configuration of an adapter. */
    static ModelConfig readAdapter(String name, Bytes content, BaseModelName base) throws MalformedEvidenceException {
        ModelConfig read = read(name, content);
        read.requireBase(base);
        // PEFT imports the module of this name; what it writes itself is the name of the real one.
        read.config
                .optionalText(MEGATRON)
                .filter(module -> !module.isEmpty() && !module.equals("megatron.core"))
                .ifPresent(module -> read.defects.add(
                        name + "." + MEGATRON + ": expected megatron.core, which a loader imports, found " + module));
        return read;
    }

    List<String> defects() {
        return defects;
    }

    List<String> notes() {
        return notes;
    }

    private void requireBase(BaseModelName base) throws MalformedEvidenceException {
        String field = config.path() + ".base_model_name_or_path";
        String name = config.optionalText("base_model_name_or_path").orElse("");
        if (name.length() > BaseModelName.MAX_LENGTH) {
            defects.add(
                    field + ": expected at most " + BaseModelName.MAX_LENGTH + " characters, found " + name.length());
            return;
        }
        base.defect(name).ifPresent(defect -> defects.add(field + ": " + defect));
        if (!base.compares(name)) {
            notes.add(field + (name.isBlank() ? " names none" : " is not compared: " + name));
        }
        base.revisionDefect(config.optionalText("revision").orElse(""))
                .ifPresent(defect -> defects.add(config.path() + ".revision: " + defect));
    }

    // Depth is bounded by the parser, so this recursion is too. The way is put together where there is something to
    // say:
    // names may be as long as the file, and elements as many.
    private void requireNoCode(Way way, JsonNode node) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                requireNoCode(new Way(way, "[", i + "]"), node.get(i));
            }
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            Way here = new Way(way, ".", name);
            if (CODE.contains(name) && !isNothing(value)) {
                defect(here, "none, since it has a loader run code", value.toString());
            }
            if (KERNELS.contains(name) && value.isTextual() && value.textValue().contains("/")) {
                defect(here, "no repository of code", value.textValue());
            }
            requireNoCode(here, value);
        }
    }

    private void defect(Way way, String expected, String found) {
        if (defects.size() < MAX_DEFECTS) {
            defects.add(String.valueOf(
                    JsonObject.wrong(way.toString(), expected, found).getMessage()));
        }
    }

    /** How to come to a value from the root. */
    private record Way(@Nullable Way above, String mark, String last) {

        @Override
        public String toString() {
            return (above == null ? "" : above.toString()) + mark + last;
        }
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isBoolean() && !value.booleanValue())
                || (value.isTextual() && value.textValue().isEmpty());
    }
}
