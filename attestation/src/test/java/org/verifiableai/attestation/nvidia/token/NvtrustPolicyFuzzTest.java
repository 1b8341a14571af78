package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class NvtrustPolicyFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aPolicyIsRefusedOrWritesItselfAsItWasRead(byte[] input) throws MalformedEvidenceException {
        NvtrustPolicy policy;
        try {
            policy = NvtrustPolicy.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(NvtrustPolicy.recognises(Bytes.of(input))).isTrue();
        assertThat(NvtrustPolicy.parse(Bytes.utf8(policy.toJson()))).isEqualTo(policy);
        TokenBundle bundle = AttestationToken.parse(Bytes.utf8(Tokens.bundle(Tokens.DEVICE)))
                .bundles()
                .get(0);
        assertThat(policy.differences(bundle))
                .allSatisfy(difference -> assertThat(difference.claim()).isNotNull());
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        "{\"version\":\"1.0\",\"authorization-rules\":{\"x-nv-gpu-available\":true,\"a\":{\"b\":1.0}}}",
                        """
                        {"version":"4.0","authorization-rules":{"type":"JWT","overall-claims":{"x-nvidia-ver":"3.0"},
                        "detached-claims":{"measres":"success","x-nvidia-gpu-driver-rim-cert-chain":
                        {"x-nvidia-cert-status":"valid"},"secboot":1,"list":[1,null,1e400]}}}
                        """)
                .map(document -> Bytes.utf8(document).toByteArray())
                .toList();
    }
}
