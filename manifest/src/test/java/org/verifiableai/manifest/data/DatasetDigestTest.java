package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;

class DatasetDigestTest {

    @TempDir
    Path temporary;

    @Test
    void filesOfTheVectorsHaveTheirDigestsCountsAndRoots() throws Exception {
        JsonNode expect = VectorFiles.json("merkle/jsonl/expect.json");
        for (Map.Entry<String, JsonNode> file : expect.get("files").properties()) {
            DatasetDigest digest = DatasetDigest.read(VectorFiles.path("merkle/jsonl/" + file.getKey()));

            JsonNode expected = file.getValue();
            assertThat(digest.sha256().hex())
                    .isEqualTo(expected.get("fileSha256").asText());
            assertThat(digest.tree().records())
                    .isEqualTo(expected.get("records").asLong());
            assertThat(digest.tree().root().hex())
                    .isEqualTo(expected.get("root").asText());
        }
        assertThat(expect.get("files").size()).isPositive();
    }

    @Test
    void recordsAreWhatStandsBetweenLineFeeds() throws Exception {
        assertThat(records("")).isZero();
        assertThat(records("\n")).isOne();
        assertThat(records("a")).isOne();
        assertThat(records("a\n")).isOne();
        assertThat(records("a\n\n")).isEqualTo(2);
        assertThat(records("\n\na")).isEqualTo(3);
    }

    @Test
    void oneFinalLineFeedMakesNoDifferenceAndAnotherDoes() throws Exception {
        assertThat(tree("a\nb\n")).isEqualTo(tree("a\nb"));
        assertThat(tree("a\nb\n\n")).isNotEqualTo(tree("a\nb\n"));
    }

    @Test
    void carriageReturnsAndInvalidUtf8AreData() throws Exception {
        assertThat(tree("a\r\nb").root()).isNotEqualTo(tree("a\nb").root());
        assertThat(tree("a\r\nb").root()).isEqualTo(node(leaf("a\r"), leaf("b")));
        Bytes raw = Bytes.of((byte) 0xFF, (byte) 0, (byte) '\r', (byte) 0x8A);
        Path file = write(raw.concat(Bytes.utf8("\n")));
        assertThat(DatasetDigest.read(file).tree().root())
                .isEqualTo(Bytes.zeros(1).concat(raw).sha256());
    }

    @Test
    void theRootOfNothingIsThatOfRfc9162() throws Exception {
        assertThat(tree("").root()).isEqualTo(Bytes.EMPTY.sha256());
    }

    @Test
    void aRecordThatLooksLikeANodeIsNoNode() throws Exception {
        // Second pre-image: the two hashes under a node, as a record.
        assertThat(tree("a\nb").root())
                .isNotEqualTo(Bytes.zeros(1).concat(leaf("a"), leaf("b")).sha256());
    }

    @Test
    void everyCountOfRecordsHasTheRootOfTheRecursiveDefinition() throws Exception {
        List<Bytes> leaves = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < 70; n++) {
            assertThat(tree(lines.toString()).root()).as("%d records", n).isEqualTo(MerkleDefinition.root(leaves));
            leaves.add(leaf("record " + n));
            lines.append("record ").append(n).append('\n');
        }
    }

    @Test
    void recordsThatCrossBuffersAreHashedAsOne() throws Exception {
        // Lengths around those at which eight bytes are looked at together, and around the buffer's.
        byte[] line = new byte[(1 << 20) + 9];
        new Random(7).nextBytes(line);
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '\n' ? 0 : line[i];
        }
        List<Bytes> leaves = new ArrayList<>();
        Bytes all = Bytes.EMPTY;
        for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, (1 << 20) - 80, (1 << 20) + 9, 3}) {
            Bytes record = Bytes.of(line, 0, length);
            leaves.add(Bytes.zeros(1).concat(record).sha256());
            all = all.concat(record, Bytes.utf8("\n"));
        }

        DatasetDigest digest = DatasetDigest.read(write(all));

        assertThat(digest.tree().root()).isEqualTo(MerkleDefinition.root(leaves));
        assertThat(digest.size()).isEqualTo(all.size());
        assertThat(digest.sha256()).isEqualTo(all.sha256());
    }

    @Test
    void saltsStandBeforeTheRecordAndDifferByIndex() throws Exception {
        SaltSecret secret = SaltSecret.of(Bytes.fromHex("11".repeat(32)));
        DatasetDigest digest = DatasetDigest.read(write(Bytes.utf8("a\na\n")), Leaves.salted(secret));

        assertThat(digest.tree().leaf()).isEqualTo(LeafRule.SALTED);
        assertThat(secret.salt(0)).isNotEqualTo(secret.salt(1));
        assertThat(digest.tree().root())
                .isEqualTo(node(
                        Bytes.zeros(1).concat(secret.salt(0), Bytes.utf8("a")).sha256(),
                        Bytes.zeros(1).concat(secret.salt(1), Bytes.utf8("a")).sha256()));
    }

    @Test
    void contributorsStandBeforeTheDigestOfTheRecord() throws Exception {
        Leaves leaves = Leaves.contributed(List.of(new Contribution("alice", 1), new Contribution("bob", 2)));
        DatasetDigest digest = DatasetDigest.read(write(Bytes.utf8("a\nb\nc\n")), leaves);

        assertThat(digest.tree().root())
                .isEqualTo(node(
                        node(
                                Bytes.utf8("\0\5alice")
                                        .concat(Bytes.utf8("a").sha256())
                                        .sha256(),
                                Bytes.utf8("\0\3bob")
                                        .concat(Bytes.utf8("b").sha256())
                                        .sha256()),
                        Bytes.utf8("\0\3bob").concat(Bytes.utf8("c").sha256()).sha256()));
    }

    @Test
    void contributionsHaveToCoverTheFileExactly() throws Exception {
        Path file = write(Bytes.utf8("a\nb\nc\n"));
        for (long records : new long[] {1, 2, 4}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(
                            () -> DatasetDigest.read(file, Leaves.contributed(List.of(new Contribution("a", records)))))
                    .withMessageContaining("expected " + records + " records");
        }
    }

    @Test
    void whatIsNoRegularFileIsRefused() throws Exception {
        Path file = write(Bytes.utf8("a\n"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), file);

        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> DatasetDigest.read(link));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> DatasetDigest.read(temporary));
    }

    private long records(String content) throws Exception {
        return tree(content).records();
    }

    private RecordTree tree(String content) throws Exception {
        return DatasetDigest.read(write(Bytes.utf8(content))).tree();
    }

    private Path write(Bytes content) throws IOException {
        return Files.write(temporary.resolve("data.jsonl"), content.toByteArray());
    }

    private static Bytes leaf(String record) {
        return Bytes.zeros(1)
                .concat(Bytes.of(record.getBytes(StandardCharsets.UTF_8)))
                .sha256();
    }

    private static Bytes node(Bytes left, Bytes right) {
        return MerkleDefinition.node(left, right);
    }
}
