package org.verifiableai.manifest.oms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class OmsStatementFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aStatementIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        OmsStatement read;
        try {
            read = OmsStatement.parse(OmsStatement.json(Bytes.of(input)));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        Bytes written = OmsStatement.write(
                read.name(), read.serialization(), read.shardSize(), read.ignorePaths(), read.resources());
        OmsStatement again = OmsStatement.parse(OmsStatement.json(written));
        assertThat(again.isInOrder()).isTrue();
        assertThat(again.resources()).containsExactlyInAnyOrderElementsOf(read.resources());
        assertThat(again.ignorePaths()).isEqualTo(read.ignorePaths());
        assertThat(again.root()).isEqualTo(OmsStatement.rootOf(again.resources()));
    }

    static List<byte[]> seeds() {
        Bytes digest = Bytes.zeros(32);
        List<Resource> files = List.of(Resource.ofFile("a-b", digest), Resource.ofFile("a/b", digest));
        List<Resource> parts = List.of(new Resource("a:b", 0, 8, digest), new Resource("a:b", 8, 9, digest));
        Bytes whole = OmsStatement.write("m", Serialization.FILES, 0, List.of(".git", "x/y"), files);
        Bytes sharded = OmsStatement.write("m", Serialization.SHARDS, 8, List.of(), parts);
        String reference = new String(sharded.toByteArray(), java.nio.charset.StandardCharsets.UTF_8)
                .replace("\"shard_size\":8", "\"shard_size\":8.0");
        return List.of(
                whole.toByteArray(),
                sharded.toByteArray(),
                Bytes.utf8(reference).toByteArray());
    }

    /** A search that never writes anything reads half of the code. */
    @Test
    void theSeedsAreRead() throws Exception {
        for (byte[] seed : seeds()) {
            assertThat(OmsStatement.parse(OmsStatement.json(Bytes.of(seed))).resources())
                    .hasSize(2);
        }
    }
}
