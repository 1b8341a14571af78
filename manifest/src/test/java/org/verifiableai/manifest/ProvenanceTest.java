package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;

class ProvenanceTest {

    @Test
    void whatIsWrittenIsWhatIsRead() throws Exception {
        Provenance written = Samples.provenance();
        Provenance read = Provenance.parse(written.payload());
        assertThat(read).isEqualTo(written);
        assertThat(read.adapter()).isEqualTo(Samples.adapter());
        assertThat(read.job()).isEqualTo(Samples.job().build());
        assertThat(read.job().hyperParameters())
                .containsEntry("learningRate", "0.0002")
                .containsEntry("r", "8")
                .containsEntry("packing", "false")
                .containsEntry("targetModules", "[\"q_proj\",\"v_proj\"]");
        assertThat(read.framework()).containsEntry("pytorch", "2.7.1");
        assertThat(read.startedOn()).isEqualTo(Samples.STARTED);
        assertThat(read.finishedOn()).isEqualTo(Samples.FINISHED);
        assertThat(read.key()).isEqualTo(KeyReference.to(Samples.KEY));
        assertThat(read.evidence()).hasSize(1);
        assertThat(read.modelDigest()).isEqualTo(Samples.adapter().dirHash1());
        assertThat(read.manifestDigest()).isEqualTo(read.payload().sha256());
    }

    @Test
    void theJobThatTheReportBindsIsTheExternalParametersByteForByte() {
        String statement = new String(Samples.provenance().payload().toByteArray(), StandardCharsets.UTF_8);
        String job = new String(Samples.job().build().canonical().toByteArray(), StandardCharsets.UTF_8);
        assertThat(statement).contains("\"externalParameters\":" + job);
    }

    @Test
    void membersThatNobodyKnowsAreKeptAndIgnored() throws Exception {
        Bytes statement = Samples.statement(s -> {
            s.put("extra", 1);
            definition(s).put("vendor_field", "x");
            definition(s).withObjectProperty("internalParameters").put("seed", 3);
            ((ArrayNode) definition(s).get("resolvedDependencies")).addObject().put("uri", "git+https://x");
            ((ArrayNode) details(s).get("byproducts")).addObject().put("uri", "https://log");
        });
        Provenance provenance = Provenance.parse(statement);
        assertThat(provenance.payload()).isEqualTo(statement);
        assertThat(provenance.manifestDigest())
                .isNotEqualTo(Samples.provenance().manifestDigest());
        assertThat(provenance.job()).isEqualTo(Samples.job().build());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("_type", s -> s.put("_type", "https://in-toto.io/Statement/v0.1")),
                defect("predicateType", s -> s.put("predicateType", "https://slsa.dev/provenance/v0.2")),
                defect("buildType", s -> definition(s).put("buildType", "https://verifiableai.org/lora-finetune/v2")),
                defect(
                        "builder: expected an absolute URI",
                        s -> details(s).withObjectProperty("builder").put("id", "laptop")),
                defect("no members but", s -> external(s).put("extra", 1)),
                defect("no members but", s -> external(s).put("extra", (String) null)),
                defect(
                        "no members but",
                        s -> external(s).withObjectProperty("baseModel").put("extra", 1)),
                defect(
                        "no members but",
                        s -> ((ObjectNode) external(s).get("datasets").get(0)).put("extra", 1)),
                defect("another job", s -> external(s).putNull("nonce")),
                defect(
                        "baseModel.uri",
                        s -> external(s).withObjectProperty("baseModel").put("uri", "urn:other")),
                defect(
                        "baseModel.digest",
                        s -> external(s)
                                .withObjectProperty("baseModel")
                                .withObjectProperty("digest")
                                .put("dirHash1", Bytes.zeros(32).hex())),
                defect(
                        "datasets[0].digest",
                        s -> ((ObjectNode) external(s).get("datasets").get(0))
                                .withObjectProperty("digest")
                                .put("sha256", Bytes.zeros(32).hex())),
                defect("one entry with the name train", s -> dependency(s, 1).put("name", "other")),
                defect(
                        "one entry with the name base-model",
                        s -> ((ArrayNode) definition(s).get("resolvedDependencies"))
                                .add(dependency(s, 0).deepCopy())),
                defect("1 to 1000, found 0", s -> external(s).putArray("datasets")),
                defect(
                        "hyper-parameter",
                        s -> external(s).withObjectProperty("hyperParameters").putObject("nested")),
                defect(
                        "hyper-parameter name",
                        s -> external(s).withObjectProperty("hyperParameters").put("a b", 1)),
                defect("16 to 64 bytes", s -> external(s).put("nonce", "00")),
                defect(
                        "lower-case hex",
                        s -> external(s).put("nonce", Samples.NONCE.hex().toUpperCase(java.util.Locale.ROOT))),
                defect(
                        "digest.sha256",
                        s -> dependency(s, 0)
                                .withObjectProperty("digest")
                                .put("sha256", Bytes.zeros(32).hex())),
                defect(
                        "digest.dirHash1",
                        s -> subject(s, 0)
                                .withObjectProperty("digest")
                                .put("dirHash1", Bytes.zeros(32).hex())),
                defect(
                        "digest.sha256",
                        s -> subject(s, 0)
                                .withObjectProperty("digest")
                                .put("sha256", Bytes.zeros(32).hex())),
                defect("subject", s -> s.putArray("subject")),
                defect("subject[0].name", s -> subject(s, 0).put("name", "model")),
                defect("a file below adapter/", s -> subject(s, 1).put("name", "x")),
                defect("relative path", s -> subject(s, 1).put("name", "adapter/../x")),
                defect(
                        "64 lower-case hex digits",
                        s -> subject(s, 1).withObjectProperty("digest").put("sha256", "00")),
                defect(
                        "each name once",
                        s -> ((ArrayNode) s.get("subject")).add(subject(s, 1).deepCopy())),
                defect(
                        "final Z",
                        s -> details(s).withObjectProperty("metadata").put("startedOn", "2026-11-24T08:00:00+00:00")),
                defect("final Z", s -> details(s).withObjectProperty("metadata").put("startedOn", "todayZ")),
                defect(
                        "no instant before",
                        s -> details(s).withObjectProperty("metadata").put("finishedOn", "2026-11-24T07:00:00Z")),
                defect(
                        "invocationId",
                        s -> details(s).withObjectProperty("metadata").put("invocationId", "7")),
                defect(
                        "one key-binding, found none",
                        s -> ((ArrayNode) details(s).get("byproducts")).remove(1)),
                defect(
                        "one key-binding, found more",
                        s -> ((ArrayNode) details(s).get("byproducts"))
                                .add(details(s).get("byproducts").get(1).deepCopy())));
    }

    private static Arguments defect(String message, Consumer<ObjectNode> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aStatementWithADefectIsRefused(String message, Consumer<ObjectNode> change) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Provenance.parse(Samples.statement(change)))
                .withMessageContaining(message);
    }

    @Test
    void anotherFormOfTheSameStatementIsRefused() {
        Bytes payload = Samples.provenance().payload();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Provenance.parse(payload.concat(Bytes.utf8("\n"))))
                .withMessageContaining("canonical form");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny",
                "pkg:huggingface/org/tiny",
                "pkg:huggingface/org/tiny@main",
                "pkg:huggingface/org/tiny@0123456789ABCDEF0123456789abcdef01234567",
                "not a uri"
            })
    void aBaseModelHasANameThatDoesNotMove(String uri) {
        FolderDigest files = Samples.baseModel().files();
        assertThatIllegalArgumentException().isThrownBy(() -> new BaseModel(uri, files));
    }

    @Test
    void whatPeopleAreShownIsPlain() {
        FolderDigest files = Samples.baseModel().files();
        assertThatIllegalArgumentException().isThrownBy(() -> new BaseModel("urn:x:\u202etxt", files));
        for (String name : new String[] {"", "\u202etrain", "a b", "/a", Job.BASE_MODEL}) {
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> new DataSet(name, DataSet.JSONL, Bytes.zeros(32), 0));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSet("a", "text", Bytes.zeros(32), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSet("a", DataSet.JSONL, Bytes.zeros(31), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSet("a", DataSet.JSONL, Bytes.zeros(32), -1));
    }

    @Test
    void fractionsTravelAsTheShortestDecimalText() {
        Job job = Samples.job()
                .hyperParameter("a", new BigDecimal("0.10"))
                .hyperParameter("b", new BigDecimal("1E+2"))
                .hyperParameter("c", BigDecimal.valueOf(0.0))
                .build();
        assertThat(job.hyperParameters())
                .containsEntry("a", "0.1")
                .containsEntry("b", "100")
                .containsEntry("c", "0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.job().hyperParameter("d", new BigDecimal("1E-999999")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.job().hyperParameter("d", 1L << 53).build());
    }

    @Test
    void aJobRefusesWhatItCannotHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Job.on(Samples.baseModel()).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.job().dataSet(Samples.dataSet()).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.job().nonce(Bytes.zeros(15)).build());
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.job().hyperParameter("r", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Samples.job().hyperParameter("x", List.of("\ud800")).build());
    }

    @Test
    void everyUpstreamStatementIsReadWithoutOtherExceptions() throws Exception {
        for (JsonNode vector : VectorFiles.json("in-toto/upstream-strings.json")) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(
                            () -> Provenance.parse(Bytes.utf8(vector.get("json").asText())));
        }
    }

    private static ObjectNode definition(ObjectNode statement) {
        return statement.withObjectProperty("predicate").withObjectProperty("buildDefinition");
    }

    private static ObjectNode details(ObjectNode statement) {
        return statement.withObjectProperty("predicate").withObjectProperty("runDetails");
    }

    private static ObjectNode external(ObjectNode statement) {
        return definition(statement).withObjectProperty("externalParameters");
    }

    private static ObjectNode dependency(ObjectNode statement, int index) {
        return (ObjectNode) definition(statement).get("resolvedDependencies").get(index);
    }

    private static ObjectNode subject(ObjectNode statement, int index) {
        return (ObjectNode) statement.get("subject").get(index);
    }
}
