package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;

class DatasetVerifierTest {

    private static final int COUNT = 21;

    @TempDir
    Path temporary;

    private Path data;
    private DatasetDigest digest;

    @BeforeEach
    void digestAFile() throws Exception {
        data = Files.writeString(temporary.resolve("data.jsonl"), lines(0, COUNT));
        digest = DatasetDigest.read(data);
    }

    @Test
    void everyRecordIsShownToBeInTheFile() throws Exception {
        for (int index = 0; index < COUNT; index++) {
            Bytes proof = InclusionProof.read(data, Leaves.raw(), digest, index).toJson();

            Verdict<ProvenRecords> verdict = verify(proof, lines(index, index + 1));

            assertThat(verdict.failures()).isEmpty();
            assertThat(verdict.orElseThrow().value())
                    .isEqualTo(new ProvenRecords(digest.tree(), index, 1, Optional.empty()));
        }
    }

    @Test
    void everyRangeIsShownToBeInTheFileAndNoOtherIs() throws Exception {
        for (int first = 0; first < COUNT; first++) {
            for (int end = first + 1; end <= COUNT; end++) {
                Bytes proof = RangeProof.read(data, Leaves.raw(), digest, first, end - first)
                        .toJson();

                assertThat(verify(proof, lines(first, end)).orElseThrow().value())
                        .isEqualTo(new ProvenRecords(digest.tree(), first, end - first, Optional.empty()));
                String others = lines(first, end - 1) + "{\"n\":-1}\n";
                assertThat(failures(verify(proof, others))).containsExactly(DatasetChecks.INCLUSION);
            }
        }
    }

    @Test
    void aVerdictSaysWhereTheRootIsFromAndWhatWasProven() throws Exception {
        Verdict<ProvenRecords> verdict = verify(proof(3), lines(3, 4));

        CheckResult root = verdict.checks().get(0);
        assertThat(root.id()).isEqualTo(DatasetChecks.ROOT);
        assertThat(root.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(root.detail()).contains("as given by a test");
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("dataset.root", digest.tree().root().hex())
                .containsEntry("dataset.first", "3")
                .containsEntry("dataset.length", "1")
                .containsEntry("dataset.records", "21");
        assertThatIllegalArgumentException().isThrownBy(() -> DatasetVerifier.against(digest.tree(), " "));
    }

    @Test
    void whatIsNoProofIsRefusedByFormatAlone() throws Exception {
        Verdict<ProvenRecords> verdict = verify(Bytes.utf8("{}"), lines(3, 4));

        assertThat(failures(verdict)).containsExactly(DatasetChecks.FORMAT);
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.checks()).hasSize(5);
    }

    @Test
    void aProofAboutAnotherCountIsRefusedByTreeAlone() throws Exception {
        RecordTree longer =
                new RecordTree(LeafRule.JSONL_RAW, COUNT + 1, digest.tree().root());

        Verdict<ProvenRecords> verdict =
                DatasetVerifier.against(longer, "a test").verify(proof(3), in(lines(3, 4)));

        assertThat(failures(verdict)).containsExactly(DatasetChecks.TREE);
    }

    @Test
    void aProofUnderAnotherRuleIsRefusedByTreeAlone() throws Exception {
        RecordTree other = new RecordTree(LeafRule.SALTED, COUNT, digest.tree().root());

        Verdict<ProvenRecords> verdict =
                DatasetVerifier.against(other, "a test").verify(proof(3), in(lines(3, 4)));

        assertThat(failures(verdict)).containsExactly(DatasetChecks.TREE);
    }

    @Test
    void anotherNumberOfRecordsIsRefusedByRecordAlone() throws Exception {
        assertThat(failures(verify(proof(3), lines(3, 5)))).containsExactly(DatasetChecks.RECORD);
        assertThat(failures(verify(proof(3), ""))).containsExactly(DatasetChecks.RECORD);
        Bytes range = RangeProof.read(data, Leaves.raw(), digest, 2, 3).toJson();
        assertThat(failures(verify(range, lines(2, 4)))).containsExactly(DatasetChecks.RECORD);
        assertThat(failures(verify(range, lines(2, 6)))).containsExactly(DatasetChecks.RECORD);
    }

    @Test
    void anotherRecordOrPlaceIsRefusedByInclusionAlone() throws Exception {
        assertThat(failures(verify(proof(3), lines(4, 5)))).containsExactly(DatasetChecks.INCLUSION);
        InclusionProof at3 = InclusionProof.read(data, Leaves.raw(), digest, 3);
        Bytes moved = new InclusionProof(at3.opening(), 2, COUNT, at3.path()).toJson();
        assertThat(failures(verify(moved, lines(3, 4)))).containsExactly(DatasetChecks.INCLUSION);
    }

    @Test
    void aNodeOfTheTreeIsNoRecord() throws Exception {
        // The two hashes below the first node, shown as a record at its level.
        InclusionProof real = InclusionProof.read(data, Leaves.raw(), digest, 0);
        Bytes leaf = Bytes.zeros(1).concat(Bytes.utf8(lines(0, 1).trim())).sha256();
        Bytes record = leaf.concat(real.path().get(0));
        RecordTree shorter =
                new RecordTree(LeafRule.JSONL_RAW, 11, digest.tree().root());
        Bytes proof = new InclusionProof(
                        real.opening(),
                        0,
                        11,
                        real.path().subList(1, real.path().size()))
                .toJson();

        Verdict<ProvenRecords> verdict = DatasetVerifier.against(shorter, "a test")
                .verify(proof, new ByteArrayInputStream(record.toByteArray()));

        assertThat(failures(verdict)).containsExactly(DatasetChecks.INCLUSION);
    }

    @Test
    void recordsAreReadNoFurtherThanNeeded() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return '\n';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                Arrays.fill(into, from, from + length, (byte) '\n');
                return length;
            }
        };

        assertThat(failures(verify(proof(3), endless))).containsExactly(DatasetChecks.RECORD);
    }

    @Test
    void recordsThatCannotBeReadAreNoRejection() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        Bytes proof = proof(3);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> verify(proof, broken));
    }

    @Test
    void saltedRecordsAreShownWithTheirSaltsOnly() throws Exception {
        Leaves leaves = Leaves.salted(SaltSecret.of(Bytes.fromHex("77".repeat(32))));
        digest = DatasetDigest.read(data, leaves);
        InclusionProof proof = InclusionProof.read(data, leaves, digest, 5);
        RangeProof range = RangeProof.read(data, leaves, digest, 5, 9);

        assertThat(verify(proof.toJson(), lines(5, 6)).accepted()).isTrue();
        assertThat(verify(range.toJson(), lines(5, 14)).accepted()).isTrue();
        Bytes otherSalt =
                new InclusionProof(new Opening.Salted(List.of(Bytes.zeros(32))), 5, COUNT, proof.path()).toJson();
        assertThat(failures(verify(otherSalt, lines(5, 6)))).containsExactly(DatasetChecks.INCLUSION);
        assertThat(failures(verify(range.toJson(), lines(5, 15)))).containsExactly(DatasetChecks.RECORD);
    }

    @Test
    void aContributorShowsAllOfHisRecordsWithOneProof() throws Exception {
        Leaves leaves = Leaves.contributed(List.of(
                new Contribution("alice", 4),
                new Contribution("bob", 6),
                new Contribution("bob", 1),
                new Contribution("carol", 10)));
        digest = DatasetDigest.read(data, leaves);
        RangeProof bobs = RangeProof.read(data, leaves, digest, 4, 7);

        assertThat(verify(bobs.toJson(), lines(4, 11)).orElseThrow().value().contributor())
                .contains("bob");
        Bytes stolen = new RangeProof(new Opening.Contributed("mallory"), 4, 7, COUNT, bobs.path()).toJson();
        assertThat(failures(verify(stolen, lines(4, 11)))).containsExactly(DatasetChecks.INCLUSION);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangeProof.read(data, leaves, digest, 3, 2))
                .withMessageContaining("alice", "bob");
    }

    private Verdict<ProvenRecords> verify(Bytes proof, String records) throws IOException {
        return verify(proof, in(records));
    }

    private Verdict<ProvenRecords> verify(Bytes proof, InputStream records) throws IOException {
        return DatasetVerifier.against(digest.tree(), "a test").verify(proof, records);
    }

    private Bytes proof(long index) throws Exception {
        return InclusionProof.read(data, Leaves.raw(), digest, index).toJson();
    }

    private static List<CheckId> failures(Verdict<?> verdict) {
        return verdict.failures().stream().map(CheckResult::id).toList();
    }

    private static InputStream in(String records) {
        return new ByteArrayInputStream(Bytes.utf8(records).toByteArray());
    }

    private static String lines(int first, int end) {
        return IntStream.range(first, end).mapToObj(n -> "{\"n\":" + n + "}\n").collect(Collectors.joining());
    }
}
