package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;

class InclusionProofTest {

    @TempDir
    Path temporary;

    @Test
    void everyProofOfTheVectorsLeadsToItsRoot() throws Exception {
        int proofs = 0;
        for (JsonNode tree : VectorFiles.json("merkle/rfc6962.json")) {
            List<Bytes> leaves = leaves(tree);
            MerkleStack stack = new MerkleStack();
            leaves.forEach(leaf -> stack.push(leaf.toByteArray()));
            assertThat(stack.takeRoot().hex()).isEqualTo(tree.get("root").asText());
            for (JsonNode proof : tree.get("proofs")) {
                int index = proof.get("index").asInt();
                List<Bytes> path = hashes(proof.get("path"));
                assertThat(MerkleDefinition.path(index, leaves)).isEqualTo(path);
                InclusionProof read = new InclusionProof(new Opening.Raw(), index, leaves.size(), path);
                assertThat(read.root(leaves.get(index)).hex())
                        .isEqualTo(tree.get("root").asText());
                proofs++;
            }
        }
        assertThat(proofs).isGreaterThan(10);
    }

    @Test
    void proofsMadeFromFilesAreThoseOfTheVectors() throws Exception {
        for (JsonNode tree : VectorFiles.json("merkle/rfc6962.json")) {
            if (tree.get("leavesHex").isEmpty()) {
                continue;
            }
            Bytes file = Bytes.EMPTY;
            for (JsonNode leaf : tree.get("leavesHex")) {
                file = file.concat(Bytes.fromHex(leaf.asText()), Bytes.utf8("\n"));
            }
            Path data = Files.write(temporary.resolve("data"), file.toByteArray());
            DatasetDigest digest = DatasetDigest.read(data);
            for (JsonNode proof : tree.get("proofs")) {
                int index = proof.get("index").asInt();
                assertThat(InclusionProof.read(data, Leaves.raw(), digest, index)
                                .path())
                        .isEqualTo(hashes(proof.get("path")));
            }
        }
    }

    @Test
    void everyPlaceOfEveryCountLeadsToTheRootAndNoOtherPlaceDoes() {
        List<Bytes> leaves = new ArrayList<>();
        for (int n = 1; n <= 34; n++) {
            leaves.add(Bytes.utf8("leaf " + n).sha256());
            Bytes root = MerkleDefinition.root(leaves);
            for (int index = 0; index < n; index++) {
                List<Bytes> path = MerkleDefinition.path(index, leaves);
                assertThat(new InclusionProof(new Opening.Raw(), index, n, path).root(leaves.get(index)))
                        .as("%d of %d", index, n)
                        .isEqualTo(root);
                for (int other = 0; other < n; other++) {
                    if (other != index && TreeCut.path(other, n).size() == path.size()) {
                        assertThat(new InclusionProof(new Opening.Raw(), other, n, path).root(leaves.get(index)))
                                .isNotEqualTo(root);
                    }
                }
            }
        }
    }

    @Test
    void aPathOfAnotherLengthIsRefused() {
        List<Bytes> path = List.of(Bytes.zeros(32), Bytes.zeros(32), Bytes.zeros(32));
        assertThat(new InclusionProof(new Opening.Raw(), 0, 5, path).path()).hasSize(3);
        assertThat(new InclusionProof(new Opening.Raw(), 4, 5, path.subList(0, 1)).path())
                .hasSize(1);

        refused(0, 5, path.subList(0, 2), "path: expected 3 hashes, found 2");
        refused(4, 5, path, "path: expected 1 hashes, found 3");
        refused(0, 1, path, "path: expected 0 hashes, found 3");
        refused(0, 2, List.of(Bytes.zeros(31)), "path: expected 32 bytes each, found 31 bytes");
    }

    @Test
    void aPlaceOutsideOfTheTreeIsRefused() {
        refused(5, 5, List.of(), "place: expected records within 0 to 5, found 1 from 5 on");
        refused(-1, 5, List.of(), "place: expected records within 0 to 5, found 1 from -1 on");
        refused(0, 0, List.of(), "records: expected 1 to 2^53-1, found 0");
        refused(0, 1L << 53, List.of(), "records: expected 1 to 2^53-1, found 9007199254740992");
    }

    @Test
    void theLargestTreesNeedFiftyThreeHashes() {
        long max = (1L << 53) - 1;
        assertThat(TreeCut.path(0, max)).hasSize(53);
        assertThat(TreeCut.path(max - 1, max)).hasSize(52);
        assertThat(TreeCut.outside(max / 3, max / 3, max)).isLessThanOrEqualTo(2 * 53);
    }

    @Test
    void aProofOfAFileThatChangedSinceIsNotMade() throws Exception {
        Path data = Files.writeString(temporary.resolve("data"), "a\nb\nc\n");
        DatasetDigest digest = DatasetDigest.read(data);
        Files.writeString(data, "a\nb\nd\n");

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> InclusionProof.read(data, Leaves.raw(), digest, 0))
                .withMessageContaining("sha256");
    }

    @Test
    void aProofUnderAnotherSecretOrRuleIsNotMade() throws Exception {
        Path data = Files.writeString(temporary.resolve("data"), "a\nb\nc\n");
        DatasetDigest digest = DatasetDigest.read(data, Leaves.salted(SaltSecret.generate()));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> InclusionProof.read(data, Leaves.salted(SaltSecret.generate()), digest, 0))
                .withMessageContaining("leaves with the root");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InclusionProof.read(data, Leaves.raw(), digest, 0))
                .withMessage("leaves: expected salted-v1, found jsonl-raw-v1");
        assertThatIllegalArgumentException().isThrownBy(() -> InclusionProof.read(data, Leaves.raw(), digest, 3));
    }

    private static void refused(long index, long records, List<Bytes> path, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InclusionProof(new Opening.Raw(), index, records, path))
                .withMessage(message);
    }

    private static List<Bytes> leaves(JsonNode tree) {
        List<Bytes> leaves = new ArrayList<>();
        for (JsonNode leaf : tree.get("leavesHex")) {
            leaves.add(Bytes.zeros(1).concat(Bytes.fromHex(leaf.asText())).sha256());
        }
        return leaves;
    }

    private static List<Bytes> hashes(JsonNode array) {
        List<Bytes> hashes = new ArrayList<>();
        array.forEach(hash -> hashes.add(Bytes.fromHex(hash.asText())));
        return hashes;
    }
}
