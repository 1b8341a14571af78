package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;

class GpuPolicyTest {

    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));

    @Test
    void anEmptyPolicyNamesEveryDecisionThatIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.builder().build())
                .withMessageContaining("expectedNonce or withoutFreshness");
    }

    @Test
    void ofANonceAndNoFreshnessTheLaterCounts() {
        GpuPolicy fresh =
                GpuPolicy.builder().withoutFreshness("why").expectedNonce(NONCE).build();
        GpuPolicy stale =
                GpuPolicy.builder().expectedNonce(NONCE).withoutFreshness("why").build();

        assertThat(fresh.expectedNonce()).contains(NONCE);
        assertThat(fresh.freshnessWaiver()).isEmpty();
        assertThat(stale.expectedNonce()).isEmpty();
        assertThat(stale.freshnessWaiver()).contains("why");
    }

    @Test
    void defaultsAreClosed() {
        GpuPolicy policy = waived().expectedNonce(NONCE).build();

        assertThat(policy.expectedNonce()).contains(NONCE);
        assertThat(policy.freshnessWaiver()).isEmpty();
        assertThat(policy.fwidWaiver()).isEmpty();
        assertThat(policy.architectures()).containsExactlyInAnyOrder(GpuArchitecture.HOPPER, GpuArchitecture.BLACKWELL);
        assertThat(policy.chainLength()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4cff7f5380ead8fad8ec2c531c110aca4302a88f603792801a8ca29ee151af2e",
                "931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb"
            })
    void noncesOfPublicSamplesAreRefused(String nonce) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.builder().expectedNonce(Bytes.fromHex(nonce)))
                .withMessageContaining(nonce);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 48})
    void noncesOfAnyOtherSizeAreRefused(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.builder().expectedNonce(Bytes.zeros(size)))
                .withMessageContaining("32 bytes");
    }

    @Test
    void aReasonSaysSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.builder().withoutFreshness(" "))
                .withMessageContaining("reason");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 11})
    void chainLengthsOutOfRangeAreRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuPolicy.builder().chainLength(length))
                .withMessageContaining("2 to 10");
    }

    @Test
    void aNonceThatIsDerivedLaterChangesNothingElse() {
        Bytes nonce = Bytes.utf8("derived").sha256();
        GpuPolicy base = waived().withoutFreshness("derived later")
                .withoutFwid("old firmware")
                .architectures(GpuArchitecture.HOPPER)
                .chainLength(4)
                .build();
        assertThat(base.withExpectedNonce(nonce))
                .isEqualTo(waived().expectedNonce(nonce)
                        .withoutFwid("old firmware")
                        .architectures(GpuArchitecture.HOPPER)
                        .chainLength(4)
                        .build());
    }

    private static GpuPolicy.Builder waived() {
        return GpuPolicy.builder().withoutReferenceValues("why").withoutRevocation("why");
    }
}
