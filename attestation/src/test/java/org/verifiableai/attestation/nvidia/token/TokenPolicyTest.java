package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class TokenPolicyTest {

    private static final Bytes NONCE = Bytes.fromHex("1a".repeat(32));

    @Test
    void aPolicyIsClosedUntilItSaysWhatItOpens() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicy.builder().build())
                .withMessage("token policy needs expectedNonce or withoutFreshness; gpus, switches or anyDeviceCount");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicy.builder()
                        .expectedNonce(NONCE)
                        .gpus(0)
                        .switches(0)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TokenPolicy.builder().expectedNonce(NONCE).gpus(0).build())
                .withMessage("token policy needs a device, in place of none");

        TokenPolicy policy = TokenPolicy.builder().expectedNonce(NONCE).gpus(1).build();

        assertThat(policy.issuers()).containsExactly(TokenPolicy.NRAS);
        assertThat(policy.gpus()).hasValue(1);
        assertThat(policy.switches()).hasValue(0);
        assertThat(policy.leeway()).isEqualTo(TokenPolicy.DEFAULT_LEEWAY);
        assertThat(policy.maximumAge()).isEmpty();
        assertThat(policy.insideGuestWaiver()).isEmpty();
        assertThat(policy.warningWaiver()).isEmpty();
        assertThat(policy.unstatedOcspWaiver()).isEmpty();
        assertThat(policy.freshnessWaiver()).isEmpty();
        assertThat(policy.deviceCountWaiver()).isEmpty();
    }

    @Test
    void ofTwoCallsForOneDemandTheLaterCounts() {
        TokenPolicy policy = TokenPolicy.builder()
                .withoutFreshness("no")
                .expectedNonce(NONCE)
                .gpus(1)
                .anyDeviceCount("any")
                .build();

        assertThat(policy.freshnessWaiver()).isEmpty();
        assertThat(policy.expectedNonce()).contains(NONCE);
        assertThat(policy.gpus()).isEmpty();
        assertThat(policy.switches()).isEmpty();
        assertThat(policy.toBuilder().switches(2).build().gpus()).hasValue(0);
        assertThat(policy.toBuilder().withoutFreshness("now").build().expectedNonce())
                .isEmpty();
    }

    @Test
    void whatWasSaidIsNotWaivedAfterwards() {
        TokenPolicy said = TokenPolicy.builder()
                .expectedNonce(NONCE)
                .gpus(1)
                .orWithoutFreshness("a")
                .orAnyDeviceCount("b")
                .build();
        TokenPolicy unsaid = TokenPolicy.builder()
                .orWithoutFreshness("a")
                .orAnyDeviceCount("b")
                .build();

        assertThat(said)
                .isEqualTo(TokenPolicy.builder().expectedNonce(NONCE).gpus(1).build());
        assertThat(unsaid.freshnessWaiver()).contains("a");
        assertThat(unsaid.deviceCountWaiver()).contains("b");
    }

    @Test
    void demandsThatMakeNoSenseAreRefused() {
        TokenPolicy.Builder builder = TokenPolicy.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.expectedNonce(Bytes.zeros(31)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutFreshness(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutFreshness("a".repeat(257)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.issuers(Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.issuers(Set.of("")));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.gpus(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.switches(4097));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.device("0x1"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumDriver("r550"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maximumAge(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maximumAge(Duration.ofMillis(1500)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maximumAge(Duration.ofDays(1001)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.leeway(Duration.ofSeconds(301)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.leeway(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.madeInsideGuest(""));
    }

    @Test
    void policiesSurviveBeingWritten() throws Exception {
        for (TokenPolicy policy : new TokenPolicy[] {full(), open()}) {
            assertThat(TokenPolicy.fromJson(policy.toJson())).isEqualTo(policy).hasSameHashCodeAs(policy);
            assertThat(TokenPolicy.fromJson(policy.toJson()).toJson()).isEqualTo(policy.toJson());
            assertThat(policy.toBuilder().build()).isEqualTo(policy);
            assertThat(policy.toString()).startsWith("TokenPolicy[{");
        }
        assertThat(full()).isNotEqualTo(open());
        assertThat(full().digest().size()).isEqualTo(32);
    }

    static List<String> noPolicies() {
        return List.of(
                "[]",
                "{\"nonces\":\"\"}",
                "{\"nonce\":\"00\"}",
                "{\"nonce\":7}",
                "{\"withoutFreshness\":\" \"}",
                "{\"withoutFreshness\":true}",
                "{\"issuers\":[]}",
                "{\"issuers\":[\"a\",\"a\"]}",
                "{\"issuers\":\"a\"}",
                "{\"issuers\":[1]}",
                "{\"gpus\":-1}",
                "{\"gpus\":\"8\"}",
                "{\"gpus\":4097}",
                "{\"switches\":1.5}",
                "{\"anyDeviceCount\":\"\"}",
                "{\"gpus\":1,\"anyDeviceCount\":\"a\"}",
                "{\"switches\":1,\"anyDeviceCount\":\"a\"}",
                "{\"hardwareModels\":[]}",
                "{\"hardwareModels\":[\" \"]}",
                "{\"devices\":[\"ff\"]}",
                "{\"minimumDriver\":\"\"}",
                "{\"minimumDriver\":\"1..2\"}",
                "{\"maximumAgeSeconds\":0}",
                "{\"maximumAgeSeconds\":86400001}",
                "{\"leewaySeconds\":301}",
                "{\"leewaySeconds\":-1}",
                "{\"nvtrustPolicies\":[]}",
                "{\"nvtrustPolicies\":[{}]}",
                "{\"nvtrustPolicies\":[{\"version\":\"7.0\",\"authorization-rules\":{}}]}",
                "{\"nvtrustPolicies\":[7]}",
                "{\"allowWarnings\":\"\"}",
                "{\"allowUnstatedOcsp\":\"\"}",
                "{\"madeInsideGuest\":true}");
    }

    @ParameterizedTest
    @MethodSource("noPolicies")
    void whatIsNoPolicyIsRefused(String json) {
        assertThat(isRead(json)).isFalse();
    }

    @Test
    void aDemandBesideItsLooseningIsAContradictionInAFile() {
        String json = "{\"nonce\":\"" + NONCE + "\",\"withoutFreshness\":\"a\"}";

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> TokenPolicy.builderFromJson(json))
                .withMessageContaining("either nonce or withoutFreshness");
    }

    @Test
    void aDefectOfADemandNamesItsMember() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicy.fromJson("{\"gpus\":5000}"))
                .withMessageStartingWith("token policy gpus: ");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> TokenPolicy.fromJson("{\"gpu\":1}"))
                .withMessageContaining("found gpu");
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(compare("550.90.07", "550.90.7")).isZero();
        assertThat(compare("550.90", "550.90.0")).isZero();
        assertThat(compare("550.100", "550.90")).isPositive();
        assertThat(compare("535.104.05", "550")).isNegative();
        assertThat(DottedVersion.of("1.2.3.4.5.6.7.8.9")).isEmpty();
        assertThat(DottedVersion.of("1234567890")).isEmpty();
        assertThat(DottedVersion.of("")).isEmpty();
    }

    static TokenPolicy full() throws MalformedEvidenceException {
        return TokenPolicy.builder()
                .expectedNonce(NONCE)
                .issuers(Set.of(TokenPolicy.NRAS, "a trust centre"))
                .gpus(8)
                .switches(4)
                .hardwareModel("GH100")
                .device("12345")
                .minimumDriver("550.90.07")
                .maximumAge(Duration.ofMinutes(5))
                .leeway(Duration.ZERO)
                .nvtrustPolicy(NvtrustPolicy.parse(
                        Bytes.utf8("{\"version\":\"3.0\",\"authorization-rules\":{\"type\":\"JWT\"}}")))
                .allowWarnings("holds are lifted soon")
                .allowUnstatedOcsp("nvtrust never says so")
                .madeInsideGuest("the guest is known")
                .build();
    }

    static TokenPolicy open() {
        return TokenPolicy.builder()
                .withoutFreshness("an archive")
                .anyDeviceCount("a sample")
                .build();
    }

    private static boolean isRead(String json) {
        try {
            TokenPolicy.builderFromJson(json);
            return true;
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return false;
        }
    }

    private static int compare(String a, String b) {
        return DottedVersion.of(a).orElseThrow().compareTo(DottedVersion.of(b).orElseThrow());
    }
}
