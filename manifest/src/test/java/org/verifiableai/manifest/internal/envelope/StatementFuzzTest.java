package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class StatementFuzzTest {

    private static final Bytes DIGEST = Bytes.utf8("file").sha256();

    @MethodSource("seeds")
    @FuzzTest
    void aStatementIsRefusedOrHasSubjectsWithDigests(byte[] input) {
        try {
            Statement statement = Statement.parse(Bytes.of(input), 1 << 16);
            assertThat(statement.subjects()).isNotEmpty().allSatisfy(subject -> {
                assertThat(subject.digest().isEmpty()).isFalse();
                subject.digest().values().keySet().forEach(subject.digest()::get);
                subject.digest().matches(Map.of("sha256", DIGEST));
            });
            if (statement.predicateType().equals(SlsaProvenance.TYPE)) {
                assertThat(SlsaProvenance.parse(statement.predicate()).buildType())
                        .isNotEmpty();
            }
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        String subject = "{\"name\":\"f\",\"digest\":{\"sha256\":\"" + DIGEST.hex() + "\",\"gitBlob\":\""
                + "ab".repeat(20) + "\",\"other\":\"x\"}}";
        String resource =
                "{\"uri\":\"urn:x\",\"content\":\"e30=\",\"mediaType\":\"a/b\",\"downloadLocation\":\"urn:y\","
                        + "\"annotations\":{\"k\":0.5}}";
        return Stream.of(
                        "{\"x\":[1.5]}",
                        "{\"buildDefinition\":{\"buildType\":\"urn:t\",\"externalParameters\":{\"a\":1},"
                                + "\"internalParameters\":{},\"resolvedDependencies\":[" + resource + "]},"
                                + "\"runDetails\":{\"builder\":{\"id\":\"urn:b\",\"version\":{\"v\":\"1\"},"
                                + "\"builderDependencies\":[]},\"metadata\":{\"invocationId\":\"urn:i\","
                                + "\"startedOn\":\"2026-11-24T08:00:00Z\",\"finishedOn\":\"2026-11-24T08:00:00Z\"},"
                                + "\"byproducts\":[" + resource + "]}}")
                .map(predicate -> "{\"_type\":\"" + Statement.TYPE + "\",\"predicateType\":\"" + SlsaProvenance.TYPE
                        + "\",\"subject\":[" + subject + "],\"predicate\":" + predicate + "}")
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }

    /** A search whose seeds are all refused reads half of the code. */
    @Test
    void theLastSeedIsProvenance() throws Exception {
        Statement statement = Statement.parse(Bytes.of(seeds().get(1)), 1 << 16);
        assertThat(SlsaProvenance.parse(statement.predicate()).resolvedDependencies())
                .hasSize(1);
    }
}
