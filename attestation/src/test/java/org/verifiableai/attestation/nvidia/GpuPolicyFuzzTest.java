package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(GpuPolicy.fromJson(written).toJson()).isEqualTo(written);
        assertThat(policy.toBuilder().build().toJson()).isEqualTo(written);
        assertThat(GpuPolicy.fromJson(written).digest()).isEqualTo(policy.digest());
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        GpuPolicies.full().toJson(),
                        GpuPolicies.open().toJson(),
                        GpuPolicies.sample().toJson(),
                        """
                        {"nonce":"%s","architectures":["BLACKWELL"],"chainLength":4,"modes":["MPT"],
                        "minimumDriver":"550.9","minimumVbios":{"BLACKWELL":"97.00.1a.00.01"},
                        "allowedUeids":["0"],"gpus":0,"switches":18,"requireTopology":false}
                        """.formatted("1a".repeat(32)))
                .map(json -> json.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
