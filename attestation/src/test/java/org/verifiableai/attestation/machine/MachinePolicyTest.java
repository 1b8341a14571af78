package org.verifiableai.attestation.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.snp.SnpPolicy;

class MachinePolicyTest {

    private static final Bytes CHALLENGE = Bytes.fromHex("1a".repeat(32));
    private static final Bytes MEASUREMENT = Bytes.fromHex("2b".repeat(48));
    private static final String SNP = "\"snp\":{\"measurements\":[\"" + MEASUREMENT + "\"]}";

    @Test
    void aPolicyIsReadAsItWasWritten() throws Exception {
        MachinePolicy policy = MachinePolicy.builder()
                .snp(SnpPolicy.builder().measurement(MEASUREMENT))
                .gpu(GpuPolicy.builder().gpus(8).switches(4))
                .challenge(CHALLENGE)
                .withoutCcStatement("old software")
                .build();

        MachinePolicy read = MachinePolicy.fromJson(policy.toJson());

        assertThat(read.toJson()).isEqualTo(policy.toJson());
        assertThat(read.snp()).isEqualTo(policy.snp());
        assertThat(read.gpu()).isEqualTo(policy.gpu()).isPresent();
        assertThat(read.gpuWaiver()).isEmpty();
        assertThat(read.challenge()).contains(CHALLENGE);
        assertThat(read.freshnessWaiver()).isEmpty();
        assertThat(read.ccStatementWaiver()).contains("old software");
    }

    @Test
    void whatIsGivenUpIsReadAsItWasWritten() throws Exception {
        MachinePolicy policy = MachinePolicy.builder()
                .snp(SnpPolicy.builder().measurement(MEASUREMENT))
                .withoutGpu("a job for the processor")
                .withoutFreshness("an old machine")
                .build();

        MachinePolicy read = MachinePolicy.fromJson(policy.toJson());

        assertThat(read.toJson()).isEqualTo(policy.toJson());
        assertThat(read.gpu()).isEmpty();
        assertThat(read.gpuWaiver()).contains("a job for the processor");
        assertThat(read.challenge()).isEmpty();
        assertThat(read.freshnessWaiver()).contains("an old machine");
        assertThat(read.ccStatementWaiver()).isEmpty();
    }

    @Test
    void aNamedChallengeAndTheLegacyFormAreReadAsTheyWereWritten() throws Exception {
        MachinePolicy named =
                complete().challenge(CHALLENGE, "block 7 of eip155:1").build();
        MachinePolicy legacy = MachinePolicy.builder()
                .snp(SnpPolicy.builder().measurement(MEASUREMENT))
                .withoutGpu("a job for the processor")
                .withoutFreshness("an old machine")
                .legacyKeyBinding("old tools")
                .build();

        assertThat(MachinePolicy.fromJson(named.toJson()).challengeName()).contains("block 7 of eip155:1");
        assertThat(MachinePolicy.fromJson(legacy.toJson()).legacyKeyBinding()).contains("old tools");
        assertThat(named.toBuilder().build().toJson()).isEqualTo(named.toJson());
        assertThat(legacy.toBuilder().build().toJson()).isEqualTo(legacy.toJson());
    }

    @Test
    void aNameWithoutChallengeAndALegacyFormWithOneContradictThemselves() {
        refusedPolicy("{" + SNP + ",\"withoutGpu\":\"g\",\"withoutFreshness\":\"f\",\"challengeName\":\"n\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete().legacyKeyBinding("why").build())
                .withMessageContaining("either challenge or legacyKeyBinding, which binds none, and not both");
    }

    private static void refusedPolicy(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MachinePolicy.fromJson(json))
                .withMessage("machine policy needs challenge, since it has a name");
    }

    /** What the verifier derives is in neither form, so that a stored policy does not say that freshness was given up. */
    @Test
    void whatTheVerifierDerivesIsNotWritten() {
        MachinePolicy policy = MachinePolicy.builder()
                .snp(SnpPolicy.builder()
                        .measurement(MEASUREMENT)
                        .expectedReportData(Bytes.zeros(64))
                        .build())
                .gpu(GpuPolicy.builder().expectedNonce(CHALLENGE).build())
                .challenge(CHALLENGE)
                .build();

        assertThat(policy.toJson()).doesNotContain("reportData", "\"nonce\"", "withoutFreshness", "derived");
    }

    @Test
    void missingDecisionsAreNamedAllAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MachinePolicy.builder().build())
                .withMessage("machine policy needs either gpu or withoutGpu, and not both; either challenge or"
                        + " withoutFreshness, and not both; snp");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete().withoutGpu("why").build())
                .withMessage("machine policy needs either gpu or withoutGpu, and not both");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete().withoutFreshness("why").build())
                .withMessage("machine policy needs either challenge or withoutFreshness, and not both");
    }

    @Test
    void anEmptyChallengeIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete().challenge(Bytes.EMPTY))
                .withMessage("challenge must be of at least 1 byte, found 0");
        assertThat(complete().challenge(Bytes.zeros(1)).build().challenge()).contains(Bytes.zeros(1));
    }

    @Test
    void aReasonSaysSomething() {
        for (String reason : new String[] {"", " ", "a".repeat(201)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> complete().withoutGpu(reason));
            assertThatIllegalArgumentException().isThrownBy(() -> complete().withoutFreshness(reason));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> complete().withoutCcStatement(reason))
                    .withMessage("reason must be of 1 to 200 characters, found " + reason.length());
        }
        assertThat(complete().withoutCcStatement("a".repeat(200)).build().ccStatementWaiver())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                           | expected an object, found START_ARRAY
            {"chalenge":"00"}                            | expected a member that is known, found chalenge
            {"snp":[]}                                   | expected snp as an object, found START_ARRAY
            {"gpu":"8"}                                  | expected gpu as an object, found VALUE_STRING
            {"withoutGpu":true}                          | expected withoutGpu as a text, found VALUE_TRUE
            {"challenge":1}                              | expected challenge as a text, found VALUE_NUMBER_INT
            {"challenge":"0"}                            | expected challenge as hex digits, two a byte, found 0
            {"snp":{"reportData":"00"}}                  | expected snp without what the verifier derives, found reportData
            {"snp":{"withoutFreshness":"w"}}             | expected snp without what the verifier derives, found withoutFreshness
            {"gpu":{"nonce":"00"}}                       | expected gpu without what the verifier derives, found nonce
            {"gpu":{"sampleNonce":"00"}}                 | expected gpu without what the verifier derives, found sampleNonce
            {"gpu":{"sampleNonceReason":"w"}}            | expected gpu without what the verifier derives, found sampleNonceReason
            {"gpu":{"withoutFreshness":"w"}}             | expected gpu without what the verifier derives, found withoutFreshness
            {"challenge":"00","challenge":"01"}          | Duplicate field 'challenge'
            {"challenge":"00"                            | expected JSON, found
            """)
    void whatIsNotUnderstoodIsRefused(String json, String message) {
        refused(json, message);
    }

    @Test
    void nothingFollowsAPolicy() {
        refused(
                "{" + SNP + ",\"withoutGpu\":\"g\",\"withoutFreshness\":\"f\"} {}",
                "machine policy: expected the end of the document, found more");
    }

    @Test
    void aPolicyIsOfAMillionCharactersAtMost() throws Exception {
        String json = "{" + SNP + ",\"withoutGpu\":\"g\",\"withoutFreshness\":\"f\"}";
        String most = json + " ".repeat(1024 * 1024 - json.length());

        assertThat(MachinePolicy.fromJson(most).gpuWaiver()).contains("g");
        refused(most + " ", "machine policy: expected at most 1048576 characters, found 1048577 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"withoutGpu\":\"g\",\"withoutFreshness\":\"f\"}",
                "{\"snp\":{},\"withoutGpu\":\"g\",\"withoutFreshness\":\"f\"}"
            })
    void anIncompletePolicyIsNoPolicy(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> MachinePolicy.fromJson(json));
    }

    private static void refused(String json, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> MachinePolicy.fromJson(json))
                .withMessageStartingWith("machine policy: ")
                .withMessageContaining(message);
    }

    private static MachinePolicy.Builder complete() {
        return MachinePolicy.builder()
                .snp(SnpPolicy.builder().measurement(MEASUREMENT))
                .gpu(GpuPolicy.builder().gpus(1))
                .challenge(CHALLENGE);
    }
}
