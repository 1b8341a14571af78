package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** What a job names beside base model and data, and what a policy demands of its parameters. */
class JobFilesTest {

    private static final Bytes TOKENIZER = Bytes.utf8("tokenizer").sha256();
    private static final Bytes OTHER = Bytes.utf8("other").sha256();

    private static Job.Builder job() {
        BaseModel base = new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(new FileDigest("tokenizer.json", 9, TOKENIZER))));
        return Job.on(base).dataSet(Samples.dataSet());
    }

    @Test
    void aTokenizerOfTheBaseModelIsTheBaseModels() {
        assertThat(job().tokenizer("tokenizer.json", TOKENIZER).build().tokenizer())
                .contains(new JobFile("tokenizer.json", TOKENIZER));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job().tokenizer("tokenizer.json", OTHER).build())
                .withMessageContaining("tokenizer: expected the base model's tokenizer.json, sha256 " + TOKENIZER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job().chatTemplate("tokenizer.json", OTHER).build())
                .withMessageContaining("chatTemplate");
        assertThat(job().tokenizer("another.json", OTHER).build().tokenizer()).isPresent();
    }

    @Test
    void aJobHasOneChallenge() {
        BlockHash block = new BlockHash("eip155:1", 1, OTHER);
        assertThat(job().block(block).build().challenge()).isEqualTo(OTHER);
        assertThat(job().nonce(Samples.NONCE).build().challenge()).isEqualTo(Samples.NONCE);
        assertThat(job().build().challenge()).isEqualTo(Bytes.EMPTY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job().block(block).nonce(Samples.NONCE).build())
                .withMessage("challenge: expected a nonce or a block, found both");
    }

    @ParameterizedTest
    @CsvSource({"eip155,1", "eip155:,1", "EIP155:1,1", "eip155:1,-1", "eip155:1,9007199254740992"})
    void aBlockIsOfAChainAndAHeight(String chain, long number) {
        assertThatIllegalArgumentException().isThrownBy(() -> new BlockHash(chain, number, OTHER));
    }

    @Test
    void aBlockHasAHash() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BlockHash("eip155:1", 1, Bytes.zeros(32)));
        assertThatIllegalArgumentException().isThrownBy(() -> new BlockHash("eip155:1", 1, Bytes.utf8("short")));
    }

    @Test
    void aFileOfAJobHasANameAndADigest() {
        assertThatIllegalArgumentException().isThrownBy(() -> job().archive("a b", OTHER));
        assertThatIllegalArgumentException().isThrownBy(() -> job().archive("a", Bytes.zeros(32)));
        assertThatIllegalArgumentException().isThrownBy(() -> job().archive("a", Bytes.utf8("short")));
    }

    @Test
    void namesOfOtherDependenciesAreNoDataSets() {
        for (String reserved : List.of("base-model", "job-archive", "tokenizer", "chat-template")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new DataSet(reserved, DataSet.JSONL, OTHER, 1));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8      |
            16     |
            4      | expected 16 or 8, found 4
            {none} | expected a value, found none
            """, nullValues = "{none}")
    void aParameterIsOneOfTheAcceptedValues(String value, String defect) {
        assertThat(HyperParameterDemand.oneOf("8", "16").defect(Optional.ofNullable(value)))
                .isEqualTo(Optional.ofNullable(defect));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.0001  |
            0.00055 |
            0.001   |
            0.0011  | expected at least 0.0001, at most 0.001, found 0.0011
            0       | expected at least 0.0001, at most 0.001, found 0
            1e-4    | expected a number, found 1e-4
            fast    | expected a number, found fast
            {none}  | expected a value, found none
            """, nullValues = "{none}")
    void aParameterIsWithinARange(String value, String defect) {
        HyperParameterDemand demand = HyperParameterDemand.between(new BigDecimal("0.0001"), new BigDecimal("0.001"));
        assertThat(demand.defect(Optional.ofNullable(value))).isEqualTo(Optional.ofNullable(defect));
    }

    @Test
    void aParameterIsThereOrIsNot() {
        assertThat(HyperParameterDemand.present().defect(Optional.of("x"))).isEmpty();
        assertThat(HyperParameterDemand.present().defect(Optional.empty())).contains("expected a value, found none");
        assertThat(HyperParameterDemand.refused().defect(Optional.empty())).isEmpty();
        assertThat(HyperParameterDemand.refused().defect(Optional.of("x"))).contains("expected none, found x");
    }

    @Test
    void demandsThatContradictThemselvesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(HyperParameterDemand::oneOf);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HyperParameterDemand.between(BigDecimal.TEN, BigDecimal.ONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HyperParameterDemand(
                        HyperParameterDemand.oneOf("1").accepted(),
                        Optional.of(BigDecimal.ONE),
                        Optional.empty(),
                        false));
    }

    @Test
    void aRecordOfARunHoldsWhatItsReaderTakes() {
        RunRecord.Builder record = RunRecord.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> record.seed(1L << 53));
        assertThatIllegalArgumentException().isThrownBy(() -> record.seed(Long.MIN_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> record.threads(0));
        assertThatIllegalArgumentException().isThrownBy(() -> record.steps(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> record.tokens(1L << 53));
        assertThatIllegalArgumentException().isThrownBy(() -> record.device(""));
        assertThatIllegalArgumentException().isThrownBy(() -> record.dtype("a\nb"));
        assertThatIllegalArgumentException().isThrownBy(() -> record.epochs(new BigDecimal("-1")));
        assertThatIllegalArgumentException().isThrownBy(() -> record.finalLoss(new BigDecimal("1e-200")));
        assertThat(record.build().seed()).isEmpty();
    }
}
