package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.MalformedEvidenceException;

class SnpPolicyFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aPolicyIsRefusedOrWritesItselfAsItWasRead(byte[] input) throws MalformedEvidenceException {
        SnpPolicy policy;
        try {
            policy = SnpPolicy.fromJson(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            return;
        }
        String written = policy.toJson();
        assertThat(SnpPolicy.fromJson(written).toJson()).isEqualTo(written);
        assertThat(policy.toBuilder().build().toJson()).isEqualTo(written);
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        """
                        {"reportData":"%s","measurements":["%s"],"revocation":"OFF","revocationReason":"r",
                        "productLine":"TURIN","hostData":"%s","vmpls":[0,3],"refuseSmt":true,"minimumAbi":"1.55",
                        "minimumGuestSvn":7,"minimumTcb":"fmc=1,bl=2,tee=3,snp=4,ucode=5"}
                        """.formatted("1a".repeat(64), "2b".repeat(48), "3c".repeat(32)),
                        """
                        {"withoutFreshness":"f","anyMeasurement":"m","revocation":"USE_IF_AVAILABLE",
                        "revocationReason":"r","allowDebug":"d","allowMigrationAgent":"a","allowVlek":"v",
                        "allowMaskedChipId":"c","trustedIdKeys":["%s"],"trustedAuthorKeys":["%s"],
                        "minimumCommittedTcb":"bl=1","minimumLaunchTcb":"snp=2"}
                        """.formatted("4d".repeat(48), "5e".repeat(48)),
                        Policies.full().toJson())
                .map(json -> json.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
