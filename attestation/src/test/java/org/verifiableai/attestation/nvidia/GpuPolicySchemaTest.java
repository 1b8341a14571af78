package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other languages check a stored policy with the schema, so the schema must say what the reader says. */
class GpuPolicySchemaTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(GpuPolicy.jsonSchema());

    @ParameterizedTest
    @MethodSource("org.verifiableai.attestation.nvidia.GpuPolicyJsonTest#policies")
    void whatIsWrittenIsOfTheSchema(GpuPolicy policy) {
        assertThat(SCHEMA.validate(policy.toJson(), InputFormat.JSON)).isEmpty();
    }

    @Test
    void theSchemaIsOneAndNamesEveryMember() {
        Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        JsonNode properties = JSON.readTree(GpuPolicy.jsonSchema()).get("properties");
        Set<String> written = new HashSet<>();
        GpuPolicyJsonTest.policies()
                .forEach(policy -> written.addAll(JSON.readTree(policy.toJson()).propertyNames()));

        assertThat(metaSchema.validate(GpuPolicy.jsonSchema(), InputFormat.JSON))
                .isEmpty();
        assertThat(properties.propertyNames())
                .containsExactlyInAnyOrderElementsOf(written)
                .containsExactlyElementsOf(
                        GpuPolicyMember.ALL.stream().map(GpuPolicyMember::name).toList());
    }

    @ParameterizedTest
    @MethodSource("org.verifiableai.attestation.nvidia.GpuPolicyJsonTest#noPolicies")
    void whatTheReaderRefusesTheSchemaRefusesToo(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isNotEmpty();
    }
}
