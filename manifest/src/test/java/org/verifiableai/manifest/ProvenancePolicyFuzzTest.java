package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;

class ProvenancePolicyFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aPolicyIsRefusedOrSurvivesBeingStored(byte[] input) {
        ProvenancePolicy policy;
        try {
            policy = ProvenancePolicy.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return; // the caller's own word: a policy comes from no stranger
        }
        String stored = policy.toJson();
        assertThat(ProvenancePolicy.parse(stored).toJson()).isEqualTo(stored);
    }

    static List<byte[]> seeds() {
        return List.of(
                Bytes.utf8(Lab.policy().build().toJson()).toByteArray(),
                Bytes.utf8(ProvenancePolicy.builder()
                                .snp(Lab.snpPolicy())
                                .withoutGpu("cpu")
                                .withoutFreshness("an old model")
                                .anyBaseModel("all are fine")
                                .anyDataSet("all are fine")
                                .build()
                                .toJson())
                        .toByteArray());
    }
}
