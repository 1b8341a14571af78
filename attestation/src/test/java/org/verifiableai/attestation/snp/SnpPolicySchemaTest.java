package org.verifiableai.attestation.snp;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the schema says of policies, and what their reader says. */
class SnpPolicySchemaTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SnpPolicy.jsonSchema());

    @Test
    void theSchemaIsOne() {
        Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(metaSchema.validate(SnpPolicy.jsonSchema(), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void everyMemberIsInTheSchemaAndNoOther() {
        assertThat(JSON.readTree(SnpPolicy.jsonSchema()).get("properties").propertyNames())
                .containsExactlyElementsOf(
                        PolicyMember.ALL.stream().map(PolicyMember::name).toList());
    }

    @Test
    void everyMemberIsWrittenBySomePolicy() {
        assertThat(PolicyMember.ALL)
                .allSatisfy(member -> assertThat(JSON.readTree(Policies.full().toJson())
                                        .has(member.name())
                                || JSON.readTree(Policies.open().toJson()).has(member.name()))
                        .as(member.name())
                        .isTrue());
    }

    @Test
    void namesWithinMembersAreTheSame() {
        JsonNode properties = JSON.readTree(SnpPolicy.jsonSchema()).get("properties");

        assertThat(properties.at("/platform/properties").propertyNames())
                .containsExactlyElementsOf(names(PlatformInfo.Feature.values()));
        assertThat(properties.at("/requireGuestPolicy/items/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(names(GuestPolicy.Requirement.values()));
        assertThat(properties.at("/productLine/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(names(ProductLine.values()));
        assertThat(properties.at("/minimumTcb/oneOf/1/properties").propertyNames())
                .containsExactlyElementsOf(names(ProductLine.values()));
    }

    @Test
    void policiesThatAreWrittenAreValid() {
        assertThat(SCHEMA.validate(Policies.full().toJson(), InputFormat.JSON)).isEmpty();
        assertThat(SCHEMA.validate(Policies.open().toJson(), InputFormat.JSON)).isEmpty();
        assertThat(SCHEMA.validate("{}", InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"mesurements\":[]}",
                "{\"withoutFreshness\":\" \"}",
                "{\"measurements\":[]}",
                "{\"measurements\":[\"ab\"]}",
                "{\"measurements\":[{\"name\":\"b\"}]}",
                "{\"launches\":[]}",
                "{\"launches\":[{}]}",
                "{\"launches\":[\"trainer\"]}",
                "{\"launches\":{}}",
                "{\"reportData\":\"00\"}",
                "{\"revocation\":\"NEVER\"}",
                "{\"revocation\":\"OFF\"}",
                "{\"revocationReason\":\"a\"}",
                "{\"revocation\":\"REQUIRE\",\"revocationReason\":\"a\"}",
                "{\"productLine\":\"VENICE\"}",
                "{\"allowedChips\":[\"0000000000000000\"]}",
                "{\"minimumAbi\":\"1.256\"}",
                "{\"minimumAbi\":\"1\"}",
                "{\"requireGuestPolicy\":[\"SMT\"]}",
                "{\"platform\":{\"ECC\":true}}",
                "{\"platform\":{\"ECC_EN\":1}}",
                "{\"vmpls\":[4]}",
                "{\"vmpls\":[]}",
                "{\"vmpls\":[0,0]}",
                "{\"minimumGuestSvn\":4294967296}",
                "{\"minimumGuestSvn\":-1}",
                "{\"minimumTcb\":\"bl=256\"}",
                "{\"minimumTcb\":\"boot=1\"}",
                "{\"minimumTcb\":{}}",
                "{\"minimumTcb\":{\"MILAN\":\"fmc=1\"}}",
                "{\"minimumTcb\":{\"milan\":\"bl=1\"}}",
                "{\"minimumFirmware\":\"1.55\"}",
                "{\"requireLaunchMitigations\":\"0x0\"}",
                "{\"requireLaunchMitigations\":\"3f\"}",
                "{\"refuseSmt\":\"no\"}"
            })
    void whatTheSchemaRefusesTheReaderRefusesToo(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isNotEmpty();
        assertThat(isRead(json)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"vmm\" : \"qemu\" | \"vmm\":\"xen\"",
                "\"vmm\" : \"qemu\" | \"vm\":\"qemu\"",
                "\"type\" : \"KERNEL_HASHES\" | \"type\":\"ROM\"",
                "\"size\" : \"0x1000\" | \"size\":-1",
                "\"size\" : \"0x1000\" | \"size\":\"0x\"",
                "\"resetEip\" : \"0x80b004\" | \"resetEip\":1,\"svsmEntry\":1",
                "\"resetEip\" : \"0x80b004\" | \"resetEip\":true",
                "\"vcpuSig\" : \"0xb00f00\" | \"vcpuSig\":1,\"vcpuType\":\"EPYC\"",
                "\"vcpuSig\" : \"0xb00f00\" | \"vcpuType\":\"Opteron\"",
                "\"guestFeatures\" : \"0x21\" | \"guestFeatures\":\"none\"",
                "\"name\" : \"one\" | \"name\":\"\"",
                "\"kernelSha256\" | \"kernel\"",
                "\"append\" | \"cmdline\"",
                "\"sda1\" : | \"SDA1\" :"
            })
    void whatTheSchemaRefusesOfALaunchTheReaderRefusesToo(String good, String bad) {
        String json = "{\"launches\":[" + Policies.launch("one").toJson() + "]}";
        assertThat(SCHEMA.validate(json, InputFormat.JSON)).isEmpty();
        assertThat(isRead(json)).isTrue();
        assertThat(json).contains(good);

        String changed = json.replace(good, bad);

        assertThat(SCHEMA.validate(changed, InputFormat.JSON)).isNotEmpty();
        assertThat(isRead(changed)).isFalse();
    }

    @Test
    void aDemandBesideItsLooseningIsNotValid() {
        assertThat(SCHEMA.validate(
                        "{\"anyMeasurement\":\"a\",\"launches\":["
                                + Policies.launch("one").toJson() + "]}",
                        InputFormat.JSON))
                .isNotEmpty();
        assertThat(SCHEMA.validate(
                        "{\"withoutFreshness\":\"a\",\"reportData\":\"" + "00".repeat(64) + "\"}", InputFormat.JSON))
                .isNotEmpty();
        assertThat(SCHEMA.validate(
                        "{\"anyMeasurement\":\"a\",\"measurements\":[\"" + Policies.DIGEST + "\"]}", InputFormat.JSON))
                .isNotEmpty();
    }

    private static boolean isRead(String json) {
        try {
            SnpPolicy.builderFromJson(json);
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }
}
