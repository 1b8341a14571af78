package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other languages check a stored policy with the schema, so the schema must say what the reader says. */
class TokenPolicySchemaTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(TokenPolicy.jsonSchema());

    @Test
    void whatIsWrittenIsOfTheSchema() throws Exception {
        for (TokenPolicy policy : new TokenPolicy[] {TokenPolicyTest.full(), TokenPolicyTest.open()}) {
            assertThat(SCHEMA.validate(policy.toJson(), InputFormat.JSON)).isEmpty();
        }
    }

    @Test
    void theSchemaIsOneAndNamesEveryMember() throws Exception {
        Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        JsonNode properties = JSON.readTree(TokenPolicy.jsonSchema()).get("properties");
        JsonNode full = JSON.readTree(TokenPolicyTest.full().toJson());
        JsonNode open = JSON.readTree(TokenPolicyTest.open().toJson());

        assertThat(metaSchema.validate(TokenPolicy.jsonSchema(), InputFormat.JSON))
                .isEmpty();
        assertThat(properties.propertyNames())
                .containsAll(full.propertyNames())
                .containsAll(open.propertyNames())
                .allSatisfy(name ->
                        assertThat(full.has(name) || open.has(name)).as(name).isTrue());
    }

    @ParameterizedTest
    @MethodSource("org.verifiableai.attestation.nvidia.token.TokenPolicyTest#noPolicies")
    void whatTheReaderRefusesTheSchemaRefusesToo(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void aDemandBesideItsLooseningIsAContradiction() {
        assertThat(SCHEMA.validate(
                        "{\"nonce\":\"" + "1a".repeat(32) + "\",\"withoutFreshness\":\"a\"}", InputFormat.JSON))
                .isNotEmpty();
    }
}
