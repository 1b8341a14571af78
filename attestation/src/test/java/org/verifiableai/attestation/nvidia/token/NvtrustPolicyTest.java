package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.StrictJson;
import org.verifiableai.attestation.nvidia.DeviceKind;

class NvtrustPolicyTest {

    private static final StrictJson JSON = StrictJson.of("claims", 10_000);

    @Test
    void everyDifferenceIsNamed() throws Exception {
        NvtrustPolicy policy = policy("""
                {"version":"4.0","authorization-rules":{"type":"JWT","overall-claims":{"x-nvidia-ver":"3.0"},
                "detached-claims":{"measres":"success","chain":{"status":"valid","inner":{"a":1}},"gone":null}}}
                """);

        assertThat(policy.overall(claims("{\"x-nvidia-ver\":\"2.0\"}")))
                .containsExactly(new NvtrustPolicy.Difference("overall", "x-nvidia-ver", "\"3.0\"", "\"2.0\""));
        assertThat(policy.detached(
                        "GPU-3", claims("{\"measres\":\"fail\",\"chain\":{\"status\":\"valid\",\"inner\":{\"a\":2}}}")))
                .containsExactly(
                        new NvtrustPolicy.Difference("GPU-3", "measres", "\"success\"", "\"fail\""),
                        new NvtrustPolicy.Difference("GPU-3", "chain/inner/a", "1", "2"),
                        new NvtrustPolicy.Difference("GPU-3", "gone", "null", "nothing"));
        assertThat(policy.detached(
                        "GPU-3",
                        claims(
                                "{\"measres\":\"success\",\"chain\":{\"status\":\"valid\",\"inner\":{\"a\":true,\"b\":0}},"
                                        + "\"gone\":null,\"more\":1}")))
                .isEmpty();
        assertThat(new NvtrustPolicy.Difference("GPU-3", "measres", "\"success\"", "\"fail\""))
                .hasToString("GPU-3 measres must be \"success\", found \"fail\"");
    }

    @Test
    void anObjectIsEqualToNothingElse() throws Exception {
        NvtrustPolicy policy = policy(
                "{\"version\":\"4.0\",\"authorization-rules\":{\"type\":\"JWT\",\"detached-claims\":{\"chain\":{}}}}");

        assertThat(policy.detached("GPU-0", claims("{\"chain\":{\"any\":1}}"))).isEmpty();
        assertThat(policy.detached("GPU-0", claims("{\"chain\":null}"))).hasSize(1);
        assertThat(policy.detached("GPU-0", claims("{\"chain\":[]}"))).hasSize(1);
    }

    @Test
    void aFileWithoutRulesAcceptsEverything() throws Exception {
        NvtrustPolicy policy = policy("{\"version\":\"3.0\",\"authorization-rules\":{\"type\":\"JWT\"}}");

        assertThat(policy.demandsNothing()).isTrue();
        assertThat(policy.kind()).isEmpty();
        assertThat(policy.differences(bundle(false))).isEmpty();
    }

    @Test
    void theTypeHasToBeThatOfBundles() throws Exception {
        assertThat(policy("{\"version\":\"3.0\",\"authorization-rules\":{}}").differences(bundle(false)))
                .containsExactly(new NvtrustPolicy.Difference("document", "type", "nothing", "JWT"));
        assertThat(policy("{\"version\":\"3.0\",\"authorization-rules\":{\"type\":\"CWT\"}}")
                        .differences(bundle(false)))
                .containsExactly(new NvtrustPolicy.Difference("document", "type", "CWT", "JWT"));
    }

    @Test
    void aPolicyOfVersion1IsForOneTokenByItself() throws Exception {
        NvtrustPolicy first = policy("{\"version\":\"1.0\",\"authorization-rules\":{\"x-nv-gpu-available\":true}}");
        NvtrustPolicy second = policy("{\"version\":\"2.0\",\"authorization-rules\":{\"type\":\"JWT\"}}");

        assertThat(first.kind()).contains(DeviceKind.GPU);
        assertThat(first.differences(bundle(true))).isEmpty();
        assertThat(first.differences(bundle(false)))
                .contains(new NvtrustPolicy.Difference("document", "form", "one token by itself", "a bundle"));
        assertThat(second.differences(bundle(true)))
                .containsExactly(new NvtrustPolicy.Difference("document", "form", "a bundle", "one token by itself"));
    }

    @Test
    void theKindFollowsFromTheClaims() throws Exception {
        assertThat(policy(detached("x-nvidia-gpu-arch-check")).kind()).contains(DeviceKind.GPU);
        assertThat(policy(detached("x-nvidia-switch-arch-check")).kind()).contains(DeviceKind.SWITCH);
        assertThat(policy(detached("measres")).kind()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"version\":\"3.0\"}",
                "{\"authorization-rules\":{}}",
                "{\"version\":\"5.0\",\"authorization-rules\":{}}",
                "{\"version\":3.0,\"authorization-rules\":{}}",
                "{\"version\":\"3.0\",\"authorization-rules\":[]}",
                "{\"version\":\"3.0\",\"authorization-rules\":null}",
                "{\"version\":\"3.0\",\"authorization-rules\":{\"type\":1}}",
                "{\"version\":\"3.0\",\"authorization-rules\":{\"overall-claims\":null}}",
                "{\"version\":\"3.0\",\"authorization-rules\":{\"detached-claims\":[]}}",
                "{\"version\":\"3.0\",\"authorization-rules\":{\"detached-claim\":{}}}",
                "{\"version\":\"1.0\",\"authorization-rules\":{\"overall-claims\":{},\"x-nv-gpu-available\":true}}",
                "{\"version\":\"3.0\",\"version\":\"3.0\",\"authorization-rules\":{}}"
            })
    void whatIsNoPolicyIsRefused(String json) {
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> policy(json));
    }

    @Test
    void policiesAreRecognisedByTheirRules() {
        assertThat(NvtrustPolicy.recognises(Bytes.utf8("{\"authorization-rules\":null}")))
                .isTrue();
        for (String other : List.of("{\"version\":\"3.0\"}", "[]", "", "{")) {
            assertThat(NvtrustPolicy.recognises(Bytes.utf8(other))).isFalse();
        }
    }

    @Test
    void policiesAreEqualWhereTheirFilesAre() throws Exception {
        NvtrustPolicy policy = policy(detached("measres"));

        assertThat(policy)
                .isEqualTo(policy(detached("measres").replace(":", " : ")))
                .hasSameHashCodeAs(policy(detached("measres").replace(":", " : ")))
                .isNotEqualTo(policy(detached("other")));
        assertThat(policy.toString()).contains("measres");
        assertThat(policy.version()).isEqualTo("3.0");
    }

    private static String detached(String claim) {
        return "{\"version\":\"3.0\",\"authorization-rules\":{\"type\":\"JWT\",\"detached-claims\":{\"" + claim
                + "\":true}}}";
    }

    private static TokenBundle bundle(boolean single) throws MalformedEvidenceException {
        Jws token = Jws.parse(Tokens.compact("{\"alg\":\"none\"}", "{\"x-nv-gpu-available\":true}", Bytes.EMPTY));
        return new TokenBundle(null, token, OverallClaims.read(token.claims()), List.of(), single);
    }

    private static NvtrustPolicy policy(String json) throws MalformedEvidenceException {
        return NvtrustPolicy.parse(Bytes.utf8(json));
    }

    private static JsonObject claims(String json) throws MalformedEvidenceException {
        return JSON.readObject(json);
    }
}
