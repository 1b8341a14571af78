package org.verifiableai.attestation.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** The documents of this package: a machine's policy, and what a guest states of its GPUs. */
class MachinePolicyFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aPolicyIsRefusedOrWritesItselfAsItWasRead(byte[] input) throws MalformedEvidenceException {
        try {
            assertThat(CcStatement.read(Bytes.of(input)).size()).isLessThan(input.length);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
        MachinePolicy policy;
        try {
            policy = MachinePolicy.fromJson(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return;
        }
        String written = policy.toJson();
        assertThat(MachinePolicy.fromJson(written).toJson()).isEqualTo(written);
    }

    @Test
    void theSeedsAreDocuments() throws Exception {
        List<byte[]> seeds = seeds();

        assertThat(MachinePolicy.fromJson(new String(seeds.get(0), StandardCharsets.UTF_8))
                        .gpu())
                .isPresent();
        assertThat(MachinePolicy.fromJson(new String(seeds.get(1), StandardCharsets.UTF_8))
                        .gpu())
                .isEmpty();
        assertThat(CcStatement.read(Bytes.of(seeds.get(2)))).hasSize(3);
    }

    static List<byte[]> seeds() {
        return Stream.of("""
                        {"snp":{"measurements":["%s"],"revocation":"OFF","revocationReason":"r","refuseSmt":true},
                        "gpu":{"gpus":8,"switches":4,"requireTopology":true,"withoutFwid":"f"},
                        "challenge":"%s","withoutCcStatement":"c"}
                        """.formatted("2b".repeat(48), "1a".repeat(32)), """
                        {"snp":{"anyMeasurement":"m","revocation":"OFF","revocationReason":"r"},
                        "withoutGpu":"g","withoutFreshness":"f"}
                        """, """
                        [{"arch":"HOPPER","cc_mode":"on"},{"cc_mode":"ppcie","a":[{"cc_mode":1}]},{}]
                        """)
                .map(json -> json.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
