package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.LeafRule;
import org.verifiableai.manifest.data.RecordTree;

class DataSetTreeTest {

    private static final Bytes ROOT = Bytes.fromHex("ab".repeat(32));
    private static final String MERKLE =
            "{\"alg\":\"rfc9162-sha256\",\"leaf\":\"jsonl-raw-v1\",\"root\":\"" + ROOT + "\"}";

    @TempDir
    Path temporary;

    @Test
    void theTreeIsReadWithTheFileAndStandsInTheManifest() throws Exception {
        Path file = Files.writeString(temporary.resolve("data"), "a\nb\n");
        DataSet set = DataSet.readJsonl("more", file);
        Job job = Samples.job().dataSet(set).build();

        Provenance written = Provenance.of(
                Samples.adapter(),
                job,
                new TreeMap<>(),
                new Provenance.Run("urn:uuid:1", Samples.STARTED, Samples.FINISHED),
                KeyReference.to(Samples.KEY),
                List.of());

        assertThat(set.tree().orElseThrow().records()).isEqualTo(2);
        assertThat(Provenance.parse(written.payload()).job().dataSets()).containsExactly(Samples.dataSet(), set);
    }

    @Test
    void aManifestWithoutATreeIsStillRead() throws Exception {
        assertThat(Provenance.parse(Samples.statement(statement -> {})).job().dataSets())
                .allMatch(set -> set.tree().isEmpty());
    }

    @Test
    void aStatedTreeIsRead() throws Exception {
        assertThat(read(merkle -> {})).contains(new RecordTree(LeafRule.JSONL_RAW, 12, ROOT));
        assertThat(read(merkle -> merkle.put("leaf", "salted-v1"))).contains(new RecordTree(LeafRule.SALTED, 12, ROOT));
    }

    @Test
    void aTreeOfAnotherConstructionIsNoTree() throws Exception {
        assertThat(read(merkle -> merkle.put("alg", "other"))).isEmpty();
        assertThat(read(merkle -> merkle.put("leaf", "parquet-v1"))).isEmpty();
    }

    @Test
    void aTreeThatSaysNothingIsRefused() {
        for (String member : new String[] {"alg", "leaf", "root"}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> read(merkle -> merkle.remove(member)))
                    .withMessageContaining("merkle." + member);
        }
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(merkle -> merkle.put("root", "AB".repeat(32))));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(merkle -> merkle.put("root", "ab")));
    }

    @Test
    void theTreeHasAsManyRecordsAsTheDataSet() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataSet(
                        "a",
                        DataSet.JSONL,
                        Bytes.zeros(32),
                        2,
                        Optional.of(new RecordTree(LeafRule.JSONL_RAW, 3, ROOT))))
                .withMessage("tree of a: expected 2 records, found 3");
    }

    @Test
    void theRootOfNoRecordsIsKnown() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordTree(LeafRule.JSONL_RAW, 0, ROOT));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordTree(LeafRule.JSONL_RAW, -1, ROOT));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordTree(LeafRule.JSONL_RAW, 1L << 53, ROOT));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordTree(LeafRule.JSONL_RAW, 1, ROOT.slice(0, 31)));
    }

    private static Optional<RecordTree> read(Consumer<ObjectNode> change) throws Exception {
        Bytes statement = Samples.statement(s -> {
            ObjectNode annotations = (ObjectNode) s.at("/predicate/buildDefinition/resolvedDependencies/1/annotations");
            try {
                ObjectNode merkle = (ObjectNode) new ObjectMapper().readTree(MERKLE);
                change.accept(merkle);
                annotations.set("merkle", merkle);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return Provenance.parse(statement).job().dataSets().get(0).tree();
    }
}
