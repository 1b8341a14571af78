package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;

class GpuPolicyJsonTest {

    private static final Bytes NONCE = GpuPolicies.NONCE;
    private static final String SAMPLE = GpuPolicies.SAMPLE_NONCE.hex();

    /** For each member a call that changes nothing else. */
    private static final Map<String, UnaryOperator<GpuPolicy.Builder>> CHANGES = changes();

    private static Map<String, UnaryOperator<GpuPolicy.Builder>> changes() {
        Map<String, UnaryOperator<GpuPolicy.Builder>> changes = new LinkedHashMap<>();
        changes.put("nonce", p -> p.expectedNonce(NONCE.sha256()));
        changes.put("sampleNonce", p -> p.expectedSampleNonce(GpuPolicies.SAMPLE_NONCE, "r"));
        changes.put("sampleNonceReason", p -> p.expectedSampleNonce(GpuPolicies.SAMPLE_NONCE, "another"));
        changes.put("withoutFreshness", p -> p.withoutFreshness("r"));
        changes.put("useReferenceValuesIfAvailable", p -> p.useReferenceValuesIfAvailable("r"));
        changes.put("withoutReferenceValues", p -> p.withoutReferenceValues("r"));
        changes.put("useRevocationIfAvailable", p -> p.useRevocationIfAvailable("r"));
        changes.put("withoutRevocation", p -> p.withoutRevocation("r"));
        changes.put("allowHold", p -> p.allowHold("r"));
        changes.put("withoutFwid", p -> p.withoutFwid("r"));
        changes.put("architectures", p -> p.architectures(GpuArchitecture.HOPPER));
        changes.put("chainLength", p -> p.chainLength(4));
        changes.put("modes", p -> p.modes(FeatureFlag.MPT));
        changes.put("minimumDriver", p -> p.minimumDriver("550"));
        changes.put("minimumVbios", p -> p.minimumVbios(GpuArchitecture.HOPPER, "96.00.9F.00.01"));
        changes.put("allowedVbios", p -> p.allowedVbios("96.00.9F.00.01"));
        changes.put("allowedUeids", p -> p.allowedUeid("7"));
        changes.put("gpus", p -> p.gpus(1));
        changes.put("switches", p -> p.switches(1));
        changes.put("requireTopology", GpuPolicy.Builder::requireTopology);
        return changes;
    }

    static Stream<GpuPolicy> policies() {
        return Stream.concat(
                Stream.of(base().build(), GpuPolicies.full(), GpuPolicies.open(), GpuPolicies.sample()),
                CHANGES.values().stream().map(change -> change.apply(base()).build()));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void jsonKeepsEveryDemand(GpuPolicy policy) throws Exception {
        assertSameDemands(GpuPolicy.fromJson(policy.toJson()), policy);
        assertSameDemands(GpuPolicy.builderFromJson(policy.toJson()).build(), policy);
        assertThat(GpuPolicy.fromJson(policy.toJson()).toJson()).isEqualTo(policy.toJson());
        assertThat(GpuPolicy.fromJson(policy.toJson())).isEqualTo(policy).hasSameHashCodeAs(policy);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aBuilderThatGoesOnKeepsEveryDemand(GpuPolicy policy) {
        assertSameDemands(policy.toBuilder().build(), policy);
    }

    @Test
    void noDemandIsLeftOutOfTheseTests() {
        assertThat(CHANGES.keySet())
                .containsExactlyElementsOf(
                        GpuPolicyMember.ALL.stream().map(GpuPolicyMember::name).toList());
        assertThat(GpuPolicies.full().demands())
                .hasNoNullFieldsOrPropertiesExcept(
                        "sampleNonceReason", "withoutFreshness", "withoutReferenceValues", "withoutRevocation");
    }

    @Test
    void everyMemberIsWrittenWhereItIsDemandedAndNowhereElse() {
        CHANGES.forEach((name, change) -> {
            assertThat(change.apply(base()).build().toJson()).contains("\"" + name + "\" : ");
            if (!name.equals("nonce")) {
                assertThat(base().build().toJson()).doesNotContain("\"" + name + "\"");
            }
        });
    }

    @Test
    void everyMemberChangesTheDigest() {
        assertThat(policies().map(GpuPolicy::digest)).doesNotHaveDuplicates();
        assertThat(policies()).doesNotHaveDuplicates();
    }

    @Test
    void aDigestIsThatOfTheTextWithoutWhiteSpace() {
        assertThat(GpuPolicies.open().digest())
                .isEqualTo(Bytes.utf8(
                                "{\"withoutFreshness\":\"r5\",\"withoutReferenceValues\":\"r6\",\"withoutRevocation\":\"r7\"}")
                        .sha256());
        assertThat(GpuPolicies.full().digest())
                .isEqualTo(Bytes.utf8("{\"nonce\":\"" + NONCE + "\"," + """
                        "useReferenceValuesIfAvailable":"r1","useRevocationIfAvailable":"r2","allowHold":"r3",\
                        "withoutFwid":"r4","architectures":["HOPPER","LS10"],"chainLength":6,"modes":["SPT","PPCIE"],\
                        "minimumDriver":"580.95.05",\
                        "minimumVbios":{"HOPPER":"96.00.9F.00.01","LS10":"96.10.55.00.01"},\
                        "allowedVbios":["96.00.9F.00.01","96.10.55.00.01"],"allowedUeids":["497","498"],\
                        "gpus":1,"switches":1,"requireTopology":true}""").sha256());
    }

    @Test
    void theTextIsTheSameOnEveryMachine() {
        assertThat(GpuPolicies.open().toJson()).isEqualTo("""
                        {
                          "withoutFreshness" : "r5",
                          "withoutReferenceValues" : "r6",
                          "withoutRevocation" : "r7"
                        }""");
    }

    @Test
    void equalPoliciesHaveEqualDigestsInWhateverOrderTheyWereMade() {
        GpuPolicy one = base().allowedUeid("2")
                .allowedUeid("10")
                .allowedVbios("96.00.9f.00.01")
                .allowedVbios("96.00.5E.00.01")
                .modes(Set.of(FeatureFlag.SPT, FeatureFlag.PPCIE))
                .build();
        GpuPolicy other = base().modes(FeatureFlag.PPCIE, FeatureFlag.SPT)
                .allowedVbios("96.00.5e.00.01")
                .allowedVbios("96.00.9F.00.01")
                .allowedUeid("10")
                .allowedUeid("2")
                .build();

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.digest()).isEqualTo(other.digest());
        assertThat(one.toJson()).isEqualTo(other.toJson());
    }

    @Test
    void aBuilderThatGoesOnChangesNoPolicyThatItMade() {
        GpuPolicy.Builder builder = GpuPolicies.full().toBuilder();
        GpuPolicy policy = builder.build();
        String before = policy.toJson();

        CHANGES.values().forEach(change -> assertThat(change.apply(builder)).isSameAs(builder));

        assertThat(policy.toJson()).isEqualTo(before);
        assertThat(Bytes.utf8(GpuPolicyJson.compact(policy.demands())).sha256()).isEqualTo(policy.digest());
        assertThat(policy.architectures()).isUnmodifiable();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aNonceThatIsChosenLaterChangesNothingElse(GpuPolicy policy) {
        Bytes nonce = Bytes.utf8("chosen later").sha256();

        GpuPolicy fresh = policy.withExpectedNonce(nonce);

        assertThat(fresh.expectedNonce()).contains(nonce);
        assertThat(fresh.freshnessWaiver()).isEmpty();
        assertThat(fresh.sampleNonceReason()).isEmpty();
        assertThat(fresh.demands())
                .usingRecursiveComparison()
                .ignoringFields("nonce", "sampleNonceReason", "withoutFreshness")
                .isEqualTo(policy.demands());
    }

    @Test
    void aNonceThatIsChosenLaterIsHeldToTheRulesOfAnyOther() {
        assertThatIllegalArgumentException().isThrownBy(() -> GpuPolicies.open().withExpectedNonce(Bytes.zeros(31)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicies.open().withExpectedNonce(GpuPolicies.SAMPLE_NONCE));
    }

    @Test
    void ofALooseningAndItsDemandTheLaterCounts() {
        GpuPolicy.Builder builder = base().withoutReferenceValues("a").withoutRevocation("b");
        assertThat(builder.build().referenceValues()).isEqualTo(ReferenceValues.OFF);
        assertThat(builder.build().referenceValuesReason()).contains("a");
        assertThat(builder.build().revocation()).isEqualTo(Revocation.OFF);
        assertThat(builder.build().revocationReason()).contains("b");

        builder.useReferenceValuesIfAvailable("c").useRevocationIfAvailable("d");
        assertThat(builder.build().referenceValues()).isEqualTo(ReferenceValues.USE_IF_AVAILABLE);
        assertThat(builder.build().referenceValuesReason()).contains("c");
        assertThat(builder.build().revocation()).isEqualTo(Revocation.USE_IF_AVAILABLE);
        assertThat(builder.build().revocationReason()).contains("d");

        builder.withoutReferenceValues("e").withoutRevocation("f");
        assertThat(builder.build().referenceValuesReason()).contains("e");
        assertThat(builder.build().revocationReason()).contains("f");

        builder.requireReferenceValues().requireRevocation();
        assertThat(builder.build()).isEqualTo(base().build());
        assertThat(builder.build().referenceValues()).isEqualTo(ReferenceValues.REQUIRE);
        assertThat(builder.build().revocation()).isEqualTo(Revocation.REQUIRE);
    }

    @Test
    void switchesWillDoWhereThePolicySpeaksOfThem() {
        assertThat(base().build().architectures()).doesNotContain(GpuArchitecture.LS10);
        assertThat(base().switches(0).build().architectures()).doesNotContain(GpuArchitecture.LS10);
        assertThat(base().switches(1).build().architectures()).contains(GpuArchitecture.LS10);
        assertThat(base().requireTopology().build().architectures()).contains(GpuArchitecture.LS10);
        assertThat(base().architectures(GpuArchitecture.HOPPER).build().architectures())
                .containsExactly(GpuArchitecture.HOPPER);
    }

    static Stream<GpuPolicy.Builder> neverMet() {
        return Stream.of(
                base().requireTopology().switches(0),
                base().requireTopology().gpus(0),
                base().gpus(0).switches(0),
                base().architectures(GpuArchitecture.HOPPER).switches(1),
                base().architectures(GpuArchitecture.HOPPER).requireTopology(),
                base().architectures(GpuArchitecture.LS10).gpus(1),
                base().architectures(GpuArchitecture.LS10).requireTopology(),
                base().allowedUeid("1").gpus(2),
                base().allowedUeid("1").gpus(1).switches(1));
    }

    @ParameterizedTest
    @MethodSource("neverMet")
    void demandsThatNoMachineMeetsAreRefused(GpuPolicy.Builder builder) {
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageStartingWith("gpu policy needs ");
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.builder()
                        .gpus(0)
                        .switches(0)
                        .requireTopology()
                        .build())
                .withMessageContaining("expectedNonce or withoutFreshness")
                .withMessageContaining("switches above 0 beside requireTopology")
                .withMessageContaining("gpus above 0 beside requireTopology")
                .withMessageContaining("gpus or switches above 0");
    }

    @Test
    void demandsThatCannotBeMeantAreRefused() {
        GpuPolicy.Builder builder = GpuPolicy.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.architectures(Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.modes(Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.gpus(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.gpus(257));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.switches(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.switches(257));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumDriver("580.x"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumDriver(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.minimumVbios(GpuArchitecture.HOPPER, "96.00.9F.00"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedVbios("9600.9F.00.01"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedUeid("007"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedUeid("a1"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedUeid("-1"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.expectedSampleNonce(NONCE, "r"));
        for (String reason : List.of("", " ", "r".repeat(201))) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.allowHold(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutFwid(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutFreshness(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutReferenceValues(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.useReferenceValuesIfAvailable(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutRevocation(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.useRevocationIfAvailable(reason));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.expectedSampleNonce(GpuPolicies.SAMPLE_NONCE, reason));
        }
    }

    @Test
    void aPolicyThatIsNotFinishedIsABuilder() throws Exception {
        String json = "{\"gpus\":8,\"minimumDriver\":\"580\"}";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.fromJson(json))
                .withMessageContaining("expectedNonce or withoutFreshness");
        assertThat(GpuPolicy.builderFromJson(json).expectedNonce(NONCE).build())
                .isEqualTo(base().gpus(8).minimumDriver("580").build());
    }

    @Test
    void aTopologyThatIsNotRequiredIsNoDemand() throws Exception {
        assertThat(GpuPolicy.fromJson("{\"nonce\":\"" + NONCE + "\",\"requireTopology\":false}"))
                .isEqualTo(base().build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonces", "Nonce", "revocation", "referenceValues", "minimumDrivers", "", "$schema"})
    void unknownMembersAreRefusedByName(String name) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuPolicy.builderFromJson("{\"" + name + "\":\"a\"}"))
                .withMessage("gpu policy: expected a member of a gpu policy, found " + name);
    }

    static Stream<String> names() {
        return CHANGES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aMemberTwiceIsRefusedByName(String name) {
        String member = compactMember(name);

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuPolicy.builderFromJson("{" + member + "," + member + "}"))
                .withMessageContaining(name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingButItsKindOfValueWillDoForAMember(String name) {
        List<String> values =
                List.of("null", "1.5", "true", "\"\"", "\"zz\"", "[]", "[1]", "[[]]", "{}", "99999999999");
        for (String value : values) {
            if ((name.equals("requireTopology") && value.equals("true"))
                    || (value.equals("\"zz\"") && name.matches("(sampleNonceReason|without.*|use.*|allowHold)"))) {
                continue;
            }
            assertThat(refusal("{\"" + name + "\":" + value + "}"))
                    .as(value)
                    .contains(name.equals("sampleNonceReason") && value.equals("\"\"") ? "sampleNonce" : name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "architectures | [\"hopper\"]",
                "architectures | [\"AMPERE\"]",
                "architectures | [\"HOPPER\",\"HOPPER\"]",
                "modes | [\"CC\"]",
                "modes | [\"SPT\",\"SPT\"]",
                "allowedVbios | [\"96.00.9F.00.01\",\"96.00.9F.00.01\"]",
                "allowedVbios | [\"96.00\"]",
                "allowedUeids | [\"1\",\"1\"]",
                "allowedUeids | [\"0x1\"]",
                "minimumVbios | {\"HOPPER\":\"1\"}",
                "minimumVbios | {\"hopper\":\"96.00.9F.00.01\"}",
                "minimumVbios | {\"HOPPER\":1}",
                "chainLength | 1",
                "chainLength | 11",
                "gpus | -1",
                "gpus | 257",
                "switches | 257",
                "nonce | \"a1\"",
                "minimumDriver | \"580-1\"",
                "allowHold | \" \""
            })
    void valuesThatCannotBeMeantAreRefusedByTheNameOfTheirMember(String name, String value) {
        assertThat(refusal("{\"" + name + "\":" + value + "}")).contains(name);
    }

    @Test
    void anArchitectureTwiceIsRefusedByName() {
        assertThat(refusal("{\"minimumVbios\":{\"HOPPER\":\"96.00.9F.00.01\",\"HOPPER\":\"96.00.00.00.00\"}}"))
                .contains("HOPPER");
    }

    @ParameterizedTest
    @CsvSource({
        "nonce, sampleNonce",
        "nonce, withoutFreshness",
        "sampleNonce, withoutFreshness",
        "useReferenceValuesIfAvailable, withoutReferenceValues",
        "useRevocationIfAvailable, withoutRevocation"
    })
    void aDemandBesideItsLooseningIsAContradiction(String one, String other) {
        String reason = one.startsWith("sample") || other.startsWith("sample") ? ",\"sampleNonceReason\":\"r\"" : "";
        String sound = "{" + compactMember(one) + "," + compactMember(other) + reason + "}";
        String turned = "{" + compactMember(other) + reason + "," + compactMember(one) + "}";

        for (String json : List.of(sound, turned)) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> GpuPolicy.builderFromJson(json))
                    .withMessageContaining("either " + one + " or " + other + ", found both");
        }
    }

    @Test
    void aSampleNonceAndItsReasonStandTogether() throws Exception {
        for (String json : List.of("{\"sampleNonce\":\"" + SAMPLE + "\"}", "{\"sampleNonceReason\":\"r\"}")) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> GpuPolicy.builderFromJson(json))
                    .withMessageContaining("sampleNonce and sampleNonceReason together");
        }
        assertThat(GpuPolicy.fromJson("{\"sampleNonceReason\":\"r8\",\"sampleNonce\":\"" + SAMPLE + "\"}"))
                .isEqualTo(GpuPolicies.sample());
        assertThat(refusal("{\"sampleNonceReason\":\"r\",\"sampleNonce\":\"" + NONCE + "\"}"))
                .contains("sample nonce");
        assertThat(refusal("{\"nonce\":\"" + SAMPLE + "\"}")).contains("public sample");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "null",
                "7",
                "\"gpus\"",
                "{",
                "{} {}",
                "{}7",
                "{\"gpus\":1",
                "{\"gpus\"}",
                "{gpus:1}"
            })
    void textsThatAreNoObjectAreRefused(String json) {
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> GpuPolicy.builderFromJson(json));
    }

    @Test
    void aTextWithoutEndIsRefusedUnread() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuPolicy.fromJson("{" + " ".repeat(1 << 20) + "}"))
                .withMessageContaining("at most 1048576 characters");
    }

    private static GpuPolicy.Builder base() {
        return GpuPolicy.builder().expectedNonce(NONCE);
    }

    private static void assertSameDemands(GpuPolicy policy, GpuPolicy expected) {
        assertThat(policy).usingRecursiveComparison().ignoringFields("digest").isEqualTo(expected);
        assertThat(policy.digest()).isEqualTo(expected.digest());
    }

    /** One member with a value that it may have. */
    private static String compactMember(String name) {
        GpuPolicy policy =
                Objects.requireNonNull(CHANGES.get(name)).apply(base()).build();
        String json = GpuPolicyJson.compact(policy.demands());
        String nonce = "\"nonce\":\"" + NONCE + "\",";
        return switch (name) {
            // The two about a sample are written together.
            case "sampleNonce" -> "\"sampleNonce\":\"" + SAMPLE + "\"";
            case "sampleNonceReason" -> "\"sampleNonceReason\":\"r\"";
            default -> json.substring(1, json.length() - 1).replace(nonce, "");
        };
    }

    private static String refusal(String json) {
        try {
            GpuPolicy.builderFromJson(json);
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        return "";
    }
}
