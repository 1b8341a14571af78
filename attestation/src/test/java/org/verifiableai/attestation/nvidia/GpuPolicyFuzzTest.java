package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.MalformedEvidenceException;

class GpuPolicyFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aPolicyIsRefusedOrWritesItselfAsItWasRead(byte[] input) throws MalformedEvidenceException {
        GpuPolicy policy;
        try {
            policy = GpuPolicy.fromJson(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return;
        }
        String written = policy.toJson();
        assertThat(GpuPolicy.fromJson(written)).isEqualTo(policy);
        assertThat(policy.toBuilder().build().toJson()).isEqualTo(written);
    }

    @Test
    void theSeedsArePolicies() throws Exception {
        for (byte[] seed : seeds()) {
            assertThat(GpuPolicy.fromJson(new String(seed, StandardCharsets.UTF_8))
                            .toJson())
                    .isNotEmpty();
        }
    }

    static List<byte[]> seeds() {
        return Stream.of("""
                        {"nonce":"%s","architectures":["HOPPER"],"chainLength":4,"minimumDriver":"550.90.07",
                        "minimumVbios":{"HOPPER":"96.00.9F.00.01"},"gpus":8,"switches":4,"requireTopology":true,
                        "modes":["SPT"],"allowedUeids":["42"],"allowHold":"h"}
                        """.formatted("a1".repeat(32)), """
                        {"sampleNonce":"931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb",
                        "sampleNonceReason":"s","useReferenceValuesIfAvailable":"r","useRevocationIfAvailable":"o",
                        "withoutFwid":"f","allowedVbios":["96.00.9F.00.01"]}
                        """, """
                        {"withoutFreshness":"f","withoutReferenceValues":"r","withoutRevocation":"o"}
                        """)
                .map(json -> json.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
