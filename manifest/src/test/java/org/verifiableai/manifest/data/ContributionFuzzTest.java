package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class ContributionFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void runsAreRefusedOrFitTheirLeaves(byte[] input) {
        List<Contribution> runs;
        try {
            runs = Contribution.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        for (Contribution run : runs) {
            assertThat(Contribution.entryPrefix(run.contributor()).unsigned(0))
                    .isEqualTo(Contribution.entryPrefix(run.contributor()).size() - 1);
        }
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        "{\"contributions\":[{\"contributor\":\"alice\",\"records\":4}]}",
                        "{\"contributions\":[{\"contributor\":\"a\",\"records\":1},{\"contributor\":\"\u00e9\",\"records\":2}]}")
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }
}
