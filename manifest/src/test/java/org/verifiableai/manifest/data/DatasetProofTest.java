package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class DatasetProofTest {

    private static final Bytes A = Bytes.fromHex("aa".repeat(32));
    private static final Bytes B = Bytes.fromHex("bb".repeat(32));

    private static final String INCLUSION =
            "{\"alg\":\"rfc9162-sha256\",\"format\":\"vai-dataset-proof/v1\",\"index\":1,"
                    + "\"leaf\":\"jsonl-raw-v1\",\"path\":\"" + A.concat(B).base64() + "\",\"records\":3}";

    static List<DatasetProof> proofs() {
        return List.of(
                new InclusionProof(new Opening.Raw(), 1, 3, List.of(A, B)),
                new InclusionProof(new Opening.Raw(), 0, 1, List.of()),
                new InclusionProof(new Opening.Salted(List.of(A)), 2, 3, List.of(B)),
                new InclusionProof(new Opening.Contributed("did:example:\u00e9"), 2, 3, List.of(B)),
                new RangeProof(new Opening.Raw(), 1, 2, 3, List.of(A)),
                new RangeProof(new Opening.Salted(List.of(A, B)), 0, 2, 2, List.of()),
                new RangeProof(new Opening.Contributed("bob"), 0, 1, 2, List.of(B)));
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void aProofSurvivesItsJson(DatasetProof proof) throws Exception {
        assertThat(DatasetProof.parse(proof.toJson())).isEqualTo(proof);
        assertThat(DatasetProof.parse(proof.toJson()).toJson()).isEqualTo(proof.toJson());
    }

    @Test
    void theJsonIsCanonical() throws Exception {
        assertThat(proofs().get(0).toJson()).isEqualTo(Bytes.utf8(INCLUSION));
        assertThat(DatasetProof.parse(Bytes.utf8(INCLUSION))).isEqualTo(proofs().get(0));
    }

    @Test
    void aProofForOneOfAMillionRecordsTakesAThousandBytes() {
        List<Bytes> path = Collections.nCopies(TreeCut.path(0, 1_000_000).size(), A);
        assertThat(new InclusionProof(new Opening.Raw(), 0, 1_000_000, path)
                        .toJson()
                        .size())
                .isLessThan(1000);
    }

    static Stream<String> noProofs() {
        return Stream.of(
                "",
                "[]",
                "{}",
                INCLUSION + " {}",
                INCLUSION.replace("proof/v1", "proof/v2"),
                INCLUSION.replace("rfc9162-sha256", "rfc9162-sha1"),
                INCLUSION.replace("jsonl-raw-v1", "jsonl-raw-v2"),
                INCLUSION.replace("jsonl-raw-v1", "salted-v1"),
                INCLUSION.replace("jsonl-raw-v1", "contributor-v1"),
                INCLUSION.replace("\"index\":1", "\"index\":3"),
                INCLUSION.replace("\"index\":1", "\"index\":-1"),
                INCLUSION.replace("\"index\":1", "\"index\":1.0"),
                INCLUSION.replace("\"index\":1", "\"index\":\"1\""),
                INCLUSION.replace("\"index\":1", "\"index\":1,\"index\":1"),
                INCLUSION.replace("\"index\":1", "\"index\":1,\"first\":1"),
                INCLUSION.replace("\"index\":1", "\"index\":1,\"more\":1"),
                INCLUSION.replace("\"index\":1", "\"index\":1,\"salts\":\"\""),
                INCLUSION.replace("\"index\":1", "\"first\":1"),
                INCLUSION.replace("\"index\":1", "\"first\":1,\"length\":0"),
                INCLUSION.replace("\"index\":1", "\"first\":1,\"length\":3"),
                INCLUSION.replace("\"index\":1", "\"first\":1,\"length\":9007199254740991"),
                INCLUSION.replace("\"records\":3", "\"records\":0"),
                INCLUSION.replace("\"records\":3", "\"records\":2"),
                INCLUSION.replace("\"records\":3", "\"records\":9007199254740992"),
                INCLUSION.replace(A.concat(B).base64(), A.base64()),
                INCLUSION.replace(A.concat(B).base64(), A.concat(B, B).base64()),
                INCLUSION.replace(A.concat(B).base64(), A.concat(B).hex()),
                INCLUSION.replace(A.concat(B).base64(), A.concat(B).slice(1, 64).base64()),
                INCLUSION.replace("vai-dataset", " vai-dataset"));
    }

    @ParameterizedTest
    @MethodSource("noProofs")
    void whatHasNotTheFormOfAProofIsRefused(String json) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> DatasetProof.parse(Bytes.utf8(json)));
    }

    @Test
    void aMebibyteIsTheMost() {
        String padded = INCLUSION + " ".repeat(1 << 20);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> DatasetProof.parse(Bytes.utf8(padded)))
                .withMessageContaining("at most 1048576 bytes");
    }

    @Test
    void theLargestProofIsReadAgain() throws Exception {
        int length = Opening.Salted.MAX_SALTS;
        long records = (1L << 53) - 1;
        long first = records / 3;
        DatasetProof proof = new RangeProof(
                new Opening.Salted(Collections.nCopies(length, A)),
                first,
                length,
                records,
                Collections.nCopies(TreeCut.outside(first, length, records), B));

        assertThat(DatasetProof.parse(proof.toJson())).isEqualTo(proof);
    }

    @Test
    void openingsAreForAsManyRecordsAsTheProof() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RangeProof(new Opening.Salted(List.of(A)), 0, 2, 2, List.of()))
                .withMessage("salts: expected 2, found 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InclusionProof(new Opening.Salted(List.of(A, B)), 0, 1, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Opening.Salted(Collections.nCopies(Opening.Salted.MAX_SALTS + 1, A)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Opening.Salted(List.of(A.slice(0, 31))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\uD800"})
    void contributorsAreText(String contributor) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Opening.Contributed(contributor));
        assertThatIllegalArgumentException().isThrownBy(() -> new Contribution(contributor, 1));
    }

    @Test
    void contributorsFitTheirLengthByte() {
        assertThat(new Contribution("a".repeat(255), 1).records()).isOne();
        assertThatIllegalArgumentException().isThrownBy(() -> new Contribution("a".repeat(256), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Contribution("\u00e9".repeat(128), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Contribution("a", 0));
    }
}
