package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class GpuPolicyJsonTest {

    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    private static final Bytes SAMPLE =
            Bytes.fromHex("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb");

    /** Policies that together have every member. */
    static List<GpuPolicy> policies() {
        return List.of(
                GpuPolicy.builder().expectedNonce(NONCE).build(),
                GpuPolicy.builder()
                        .expectedNonce(NONCE)
                        .architectures(GpuArchitecture.HOPPER, GpuArchitecture.LS10)
                        .chainLength(4)
                        .modes(FeatureFlag.SPT, FeatureFlag.PPCIE)
                        .minimumDriver("550.90.07")
                        .minimumVbios(GpuArchitecture.HOPPER, "96.00.9F.00.01")
                        .minimumVbios(GpuArchitecture.LS10, "96.10.5E.00.03")
                        .allowedVbios("96.00.9F.00.01")
                        .allowedVbios("96.10.5E.00.03")
                        .allowedUeid("0")
                        .allowedUeid("123456789")
                        .gpus(8)
                        .switches(4)
                        .requireTopology()
                        .allowHold("h")
                        .withoutFwid("f")
                        .build(),
                GpuPolicy.builder()
                        .expectedSampleNonce(SAMPLE, "s")
                        .useReferenceValuesIfAvailable("r")
                        .useRevocationIfAvailable("o")
                        .build(),
                GpuPolicy.builder()
                        .withoutFreshness("w")
                        .withoutReferenceValues("r")
                        .withoutRevocation("o")
                        .gpus(0)
                        .switches(1)
                        .build());
    }

    /** Each has one defect. The schema refuses the same. */
    static List<String> noPolicies() {
        return List.of(
                "[]",
                "{\"nonces\":\"a\"}",
                "{\"nonce\":\"00\"}",
                "{\"nonce\":7}",
                "{\"nonce\":\"" + NONCE + "\",\"sampleNonce\":\"" + SAMPLE + "\",\"sampleNonceReason\":\"s\"}",
                "{\"nonce\":\"" + NONCE + "\",\"withoutFreshness\":\"w\"}",
                "{\"withoutFreshness\":\"w\",\"sampleNonce\":\"" + SAMPLE + "\",\"sampleNonceReason\":\"s\"}",
                "{\"sampleNonce\":\"" + SAMPLE + "\"}",
                "{\"sampleNonceReason\":\"s\"}",
                "{\"withoutFreshness\":\" \"}",
                "{\"withoutFreshness\":true}",
                "{\"withoutFreshness\":\"" + "a".repeat(201) + "\"}",
                "{\"useReferenceValuesIfAvailable\":\"r\",\"withoutReferenceValues\":\"r\"}",
                "{\"useRevocationIfAvailable\":\"r\",\"withoutRevocation\":\"r\"}",
                "{\"useReferenceValuesIfAvailable\":\"\"}",
                "{\"withoutReferenceValues\":\"\"}",
                "{\"useRevocationIfAvailable\":\"\"}",
                "{\"withoutRevocation\":\"\"}",
                "{\"allowHold\":\"\"}",
                "{\"withoutFwid\":\"\"}",
                "{\"architectures\":[]}",
                "{\"architectures\":[\"hopper\"]}",
                "{\"architectures\":[\"HOPPER\",\"HOPPER\"]}",
                "{\"architectures\":\"HOPPER\"}",
                "{\"chainLength\":1}",
                "{\"chainLength\":11}",
                "{\"chainLength\":\"5\"}",
                "{\"modes\":[]}",
                "{\"modes\":[\"ON\"]}",
                "{\"minimumDriver\":\"r550\"}",
                "{\"minimumDriver\":\"550..1\"}",
                "{\"minimumDriver\":550}",
                "{\"minimumVbios\":{}}",
                "{\"minimumVbios\":\"96.00.9F.00.01\"}",
                "{\"minimumVbios\":{\"AMPERE\":\"96.00.9F.00.01\"}}",
                "{\"minimumVbios\":{\"HOPPER\":\"96.00.9F.00\"}}",
                "{\"allowedVbios\":[]}",
                "{\"allowedVbios\":[\"96.00.9F.00.0G\"]}",
                "{\"allowedUeids\":[]}",
                "{\"allowedUeids\":[\"0x1\"]}",
                "{\"allowedUeids\":[\"01\"]}",
                "{\"allowedUeids\":[1]}",
                "{\"gpus\":-1}",
                "{\"gpus\":257}",
                "{\"gpus\":99999999999}",
                "{\"switches\":-1}",
                "{\"switches\":1.5}",
                "{\"switches\":257}",
                "{\"requireTopology\":\"true\"}",
                "{\"requireTopology\":null}");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aPolicyIsReadAsItWasWritten(GpuPolicy policy) throws Exception {
        assertThat(GpuPolicy.fromJson(policy.toJson())).isEqualTo(policy).hasSameHashCodeAs(policy);
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(policies().stream().filter(policy::equals)).hasSize(1);
    }

    @Test
    void everyMemberIsWrittenInItsOrder() {
        assertThat(policies().get(1).toJson().replaceAll("\\s", ""))
                .isEqualTo("{\"nonce\":\"" + NONCE + "\",\"allowHold\":\"h\",\"withoutFwid\":\"f\","
                        + "\"architectures\":[\"HOPPER\",\"LS10\"],\"chainLength\":4,\"modes\":[\"SPT\",\"PPCIE\"],"
                        + "\"minimumDriver\":\"550.90.07\",\"minimumVbios\":{\"HOPPER\":\"96.00.9F.00.01\","
                        + "\"LS10\":\"96.10.5E.00.03\"},\"allowedVbios\":[\"96.00.9F.00.01\",\"96.10.5E.00.03\"],"
                        + "\"allowedUeids\":[\"0\",\"123456789\"],\"gpus\":8,\"switches\":4,\"requireTopology\":true}");
        assertThat(policies().get(2).toJson().replaceAll("\\s", ""))
                .isEqualTo("{\"sampleNonce\":\"" + SAMPLE + "\",\"sampleNonceReason\":\"s\","
                        + "\"useReferenceValuesIfAvailable\":\"r\",\"useRevocationIfAvailable\":\"o\"}");
    }

    @ParameterizedTest
    @MethodSource("noPolicies")
    void whatIsNoPolicyIsRefused(String json) {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> GpuPolicy.builderFromJson(json))
                .isInstanceOfAny(MalformedEvidenceException.class, IllegalArgumentException.class)
                .withMessageStartingWith("gpu policy");
    }

    @Test
    void nothingStandsTwiceOrFollows() {
        for (String json : List.of("{\"gpus\":1,\"gpus\":2}", "{\"gpus\":1} 7", "{\"gpus\":1", "")) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> GpuPolicy.builderFromJson(json))
                    .withMessageStartingWith("gpu policy: ");
        }
    }

    @Test
    void aDefectOfADemandNamesItsMember() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.fromJson("{\"gpus\":257}"))
                .withMessageStartingWith("gpu policy gpus: ");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuPolicy.fromJson("{\"gpu\":1}"))
                .withMessage("gpu policy: expected a member of a gpu policy, found gpu");
    }

    @Test
    void aFileMayLeaveTheNonceToWhoeverUsesIt() throws Exception {
        assertThat(GpuPolicy.builderFromJson("{\"gpus\":8}")
                        .expectedNonce(NONCE)
                        .build())
                .isEqualTo(GpuPolicy.builder().gpus(8).expectedNonce(NONCE).build());
        assertThatIllegalArgumentException().isThrownBy(() -> GpuPolicy.fromJson("{\"gpus\":8}"));
    }

    @Test
    void aPolicyIsOfAMillionCharactersAtMost() throws Exception {
        String json = "{\"withoutFreshness\":\"w\"}";
        String most = json + " ".repeat(1024 * 1024 - json.length());

        assertThat(GpuPolicy.fromJson(most).freshnessWaiver()).contains("w");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuPolicy.fromJson(most + " "))
                .withMessage("gpu policy: expected at most 1048576 characters, found 1048577 characters");
    }
}
