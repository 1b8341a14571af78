package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.MalformedEvidenceException;

class TokenPolicyFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aPolicyIsRefusedOrWritesItselfAsItWasRead(byte[] input) throws MalformedEvidenceException {
        TokenPolicy policy;
        try {
            policy = TokenPolicy.fromJson(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return;
        }
        String written = policy.toJson();
        assertThat(TokenPolicy.fromJson(written)).isEqualTo(policy);
        assertThat(policy.toBuilder().build().toJson()).isEqualTo(written);
    }

    @Test
    void theSeedsArePolicies() throws Exception {
        for (byte[] seed : seeds()) {
            assertThat(TokenPolicy.fromJson(new String(seed, StandardCharsets.UTF_8))
                            .toJson())
                    .isNotEmpty();
        }
    }

    static List<byte[]> seeds() {
        return Stream.of("""
                        {"nonce":"%s","issuers":["https://nras.attestation.nvidia.com"],"gpus":8,"switches":4,
                        "hardwareModels":["GH100"],"devices":["42"],"minimumDriver":"550.90.07",
                        "maximumAgeSeconds":60,"leewaySeconds":5,
                        "nvtrustPolicies":[{"version":"1.0","authorization-rules":{"x-nv-gpu-available":true}}]}
                        """.formatted("a1".repeat(32)), """
                        {"withoutFreshness":"f","anyDeviceCount":"d","allowUnstatedOcsp":"o","madeInsideGuest":"g"}
                        """)
                .map(json -> json.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
