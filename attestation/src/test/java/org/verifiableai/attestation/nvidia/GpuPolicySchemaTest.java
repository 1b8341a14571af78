package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.MalformedEvidenceException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the schema says of policies, and what their reader says. */
class GpuPolicySchemaTest {

    private static final String NONCE = GpuPolicies.NONCE.hex();
    private static final String SAMPLE = GpuPolicies.SAMPLE_NONCE.hex();

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(GpuPolicy.jsonSchema());
    private static final JsonNode TREE = new JsonMapper().readTree(GpuPolicy.jsonSchema());

    @Test
    void theSchemaIsOne() {
        Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(metaSchema.validate(GpuPolicy.jsonSchema(), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void everyMemberIsInTheSchemaAndNoOther() {
        assertThat(TREE.get("properties").propertyNames())
                .containsExactlyElementsOf(
                        GpuPolicyMember.ALL.stream().map(GpuPolicyMember::name).toList());
    }

    @Test
    void namesWithinMembersAreTheSame() {
        JsonNode properties = TREE.get("properties");

        assertThat(properties.at("/architectures/items/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(names(GpuArchitecture.values()));
        assertThat(properties.at("/modes/items/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(names(FeatureFlag.values()));
        assertThat(properties.at("/minimumVbios/properties").propertyNames())
                .containsExactlyElementsOf(names(GpuArchitecture.values()));
        assertThat(properties.at("/chainLength/default").asInt()).isEqualTo(GpuPolicy.DEFAULT_CHAIN_LENGTH);
        assertThat(properties.at("/chainLength/maximum").asInt()).isEqualTo(GpuPolicy.MAX_CHAIN_LENGTH);
    }

    static List<String> written() {
        return GpuPolicyJsonTest.policies().map(GpuPolicy::toJson).toList();
    }

    @ParameterizedTest
    @MethodSource("written")
    void policiesThatAreWrittenAreValid(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"gpus\":8}",
                "{\"gpus\":0,\"switches\":256}",
                "{\"chainLength\":2}",
                "{\"chainLength\":10}",
                "{\"requireTopology\":false}",
                "{\"allowedUeids\":[\"0\",\"486378951643215\"]}",
                "{\"minimumDriver\":\"550\"}",
                "{\"minimumVbios\":{\"BLACKWELL\":\"97.00.1a.00.01\"}}"
            })
    void partsOfPoliciesAreValidAndRead(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isEmpty();
        assertThat(isRead(json)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{\"nonces\":\"\"}",
                "{\"nonce\":\"a1\"}",
                "{\"nonce\":1}",
                "{\"nonce\":null}",
                "{\"sampleNonce\":\"00\",\"sampleNonceReason\":\"r\"}",
                "{\"sampleNonceReason\":\"r\"}",
                "{\"withoutFreshness\":\"\"}",
                "{\"withoutFreshness\":\" \"}",
                "{\"withoutFreshness\":true}",
                "{\"useReferenceValuesIfAvailable\":\"\"}",
                "{\"withoutReferenceValues\":\" \"}",
                "{\"useRevocationIfAvailable\":1}",
                "{\"withoutRevocation\":false}",
                "{\"allowHold\":true}",
                "{\"withoutFwid\":\" \"}",
                "{\"architectures\":[]}",
                "{\"architectures\":\"HOPPER\"}",
                "{\"architectures\":[\"hopper\"]}",
                "{\"architectures\":[\"HOPPER\",\"HOPPER\"]}",
                "{\"chainLength\":1}",
                "{\"chainLength\":11}",
                "{\"chainLength\":\"5\"}",
                "{\"modes\":[]}",
                "{\"modes\":[\"CC\"]}",
                "{\"modes\":[\"SPT\",\"SPT\"]}",
                "{\"minimumDriver\":580}",
                "{\"minimumDriver\":\"\"}",
                "{\"minimumDriver\":\"580.\"}",
                "{\"minimumDriver\":\"580.95.05-rc1\"}",
                "{\"minimumDriver\":\"123456789\"}",
                "{\"minimumDriver\":\"1.2.3.4.5.6.7.8.9\"}",
                "{\"minimumVbios\":{}}",
                "{\"minimumVbios\":\"96.00.9F.00.01\"}",
                "{\"minimumVbios\":{\"hopper\":\"96.00.9F.00.01\"}}",
                "{\"minimumVbios\":{\"HOPPER\":\"96.00.9F.00\"}}",
                "{\"allowedVbios\":[]}",
                "{\"allowedVbios\":[\"96.00.9F.00.0G\"]}",
                "{\"allowedVbios\":[\"96.00.9F.00.01\",\"96.00.9F.00.01\"]}",
                "{\"allowedUeids\":[]}",
                "{\"allowedUeids\":[1]}",
                "{\"allowedUeids\":[\"01\"]}",
                "{\"allowedUeids\":[\"-1\"]}",
                "{\"allowedUeids\":[\"1\",\"1\"]}",
                "{\"gpus\":-1}",
                "{\"gpus\":257}",
                "{\"gpus\":1.5}",
                "{\"gpus\":99999999999}",
                "{\"switches\":257}",
                "{\"switches\":\"4\"}",
                "{\"requireTopology\":\"yes\"}",
                "{\"requireTopology\":1}"
            })
    void whatTheSchemaRefusesTheReaderRefusesToo(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isNotEmpty();
        assertThat(isRead(json)).isFalse();
    }

    static List<String> contradictions() {
        return List.of(
                "{\"nonce\":\"" + NONCE + "\",\"withoutFreshness\":\"r\"}",
                "{\"nonce\":\"" + NONCE + "\",\"sampleNonce\":\"" + SAMPLE + "\",\"sampleNonceReason\":\"r\"}",
                "{\"withoutFreshness\":\"r\",\"sampleNonce\":\"" + SAMPLE + "\",\"sampleNonceReason\":\"r\"}",
                "{\"sampleNonce\":\"" + SAMPLE + "\"}",
                "{\"useReferenceValuesIfAvailable\":\"r\",\"withoutReferenceValues\":\"r\"}",
                "{\"useRevocationIfAvailable\":\"r\",\"withoutRevocation\":\"r\"}",
                "{\"allowHold\":\"" + "r".repeat(201) + "\"}",
                "{\"allowedUeids\":[\"" + "9".repeat(64) + "\"]}");
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void contradictionsAreRefusedByBoth(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isNotEmpty();
        assertThat(isRead(json)).isFalse();
    }

    private static boolean isRead(String json) {
        try {
            GpuPolicy.builderFromJson(json);
            return true;
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }
}
