package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class DatasetProofFuzzTest {

    private static final RecordTree TREE = new RecordTree(LeafRule.JSONL_RAW, 3, Bytes.fromHex("ab".repeat(32)));

    @MethodSource("seeds")
    @FuzzTest
    void aProofIsRefusedOrSurvivesBeingWrittenAndProvesNothingByItself(byte[] input)
            throws MalformedEvidenceException, IOException {
        DatasetProof proof;
        try {
            proof = DatasetProof.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(DatasetProof.parse(proof.toJson())).isEqualTo(proof);
        assertThat(DatasetVerifier.against(TREE, "nobody")
                        .verify(Bytes.of(input), new ByteArrayInputStream(new byte[] {'a'}))
                        .accepted())
                .isFalse();
    }

    static List<byte[]> seeds() {
        return DatasetProofTest.proofs().stream()
                .map(proof -> proof.toJson().toByteArray())
                .toList();
    }
}
