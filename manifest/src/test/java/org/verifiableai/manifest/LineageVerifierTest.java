package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.LineageEdge.Relation;
import org.verifiableai.manifest.LineageResult.ModelVerdict;

/** A model, the one it was trained from, and the one before, each made by the software machine. */
class LineageVerifierTest {

    private static final LineageVerifier VERIFIER = LineageVerifier.of(Lab.verifier());

    @TempDir
    Path models;

    private Path first;
    private Path second;
    private Path third;

    @BeforeEach
    void makeAChain() throws Exception {
        first = train("first", Samples.baseModel());
        second = train("second", read(first));
        third = train("third", read(second));
    }

    private Path adapter(String name, String base) throws Exception {
        Path folder = Files.createDirectory(models.resolve(name));
        Lab.train(folder);
        Files.writeString(folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\":\"" + base + "\"}");
        Files.writeString(folder.resolve("README.md"), "the card of " + name);
        return folder;
    }

    private Path train(String name, BaseModel base) throws Exception {
        return sign(adapter(name, base.uri()), base, Clock.systemUTC());
    }

    private static Path sign(Path folder, BaseModel base, Clock clock) throws Exception {
        Job job = Job.on(base)
                .dataSet(Samples.dataSet())
                .hyperParameter("r", 8)
                .nonce(Samples.NONCE)
                .build();
        ManifestSigner.builder(job, Lab.MACHINE)
                .gpu(Lab.GPU)
                .framework("pytorch", "2.7.1")
                .clock(clock)
                .attest()
                .sign(folder);
        return folder;
    }

    private static BaseModel read(Path folder) throws Exception {
        return BaseModel.read("urn:model:" + folder.getFileName(), folder);
    }

    private static Bytes digest(Path folder) throws Exception {
        return new ManifestFolder(folder).manifest().provenance().modelDigest();
    }

    /** A policy under which the chain is what it should be. */
    private ProvenancePolicy named() throws Exception {
        return Lab.policy().baseModel(digest(first)).baseModel(digest(second)).build();
    }

    /** The same policy, but for any base model. */
    private static ProvenancePolicy anyBase() throws Exception {
        ObjectNode json =
                (ObjectNode) new ObjectMapper().readTree(Lab.policy().build().toJson());
        json.remove("baseModels");
        return ProvenancePolicy.parse(json.put("anyBaseModel", "a test").toString());
    }

    private ModelSource source() throws EvidenceUnavailableException {
        return ModelSource.below(List.of(models));
    }

    private Verdict<Lineage> verify(LineagePolicy policy) throws Exception {
        return VERIFIER.verify(third, source(), policy);
    }

    private static void assertOnlyFails(Verdict<?> verdict, CheckId check, String... because) {
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(check);
        assertThat(verdict.failures().get(0).detail()).contains(because);
        assertThat(verdict.accepted()).isFalse();
    }

    private static CheckResult result(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aChainOfThreeModelsIsAccepted() throws Exception {
        Verdict<Lineage> verdict = verify(LineagePolicy.each(named()));

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(LineageChecks.ALL);
        assertThat(verdict.checks()).allMatch(check -> check.outcome() == Outcome.PASSED);
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("lineage.models", digest(third).hex())
                .containsEntry("lineage.count", "3")
                .containsEntry("lineage.origins", Samples.baseModel().digest().hex());
        Lineage lineage = verdict.orElseThrow().value();
        assertThat(lineage.models()).containsExactly(digest(third));
        assertThat(lineage.nodes())
                .filteredOn(LineageNode.Model.class::isInstance)
                .extracting(LineageNode::id)
                .containsExactly(
                        LineageNode.modelId(digest(third)),
                        LineageNode.modelId(digest(second)),
                        LineageNode.modelId(digest(first)));
        assertThat(lineage.nodes())
                .allMatch(node -> !(node instanceof LineageNode.Model model) || model.standing() == Standing.ACCEPTED);
        assertThat(lineage.edgesFrom(LineageNode.modelId(digest(third))))
                .extracting(LineageEdge::relation)
                .containsExactly(Relation.TRAINED_FROM, Relation.TRAINED_ON, Relation.RAN_ON, Relation.SIGNED_BY);
        assertThat(lineage.edgesFrom(LineageNode.modelId(digest(first))))
                .first()
                .isEqualTo(new LineageEdge(
                        LineageNode.modelId(digest(first)),
                        Relation.TRAINED_FROM,
                        new LineageNode.UnprovenModel(Samples.baseModel().digest()).id(),
                        Samples.baseModel().uri()));
        // One data set and one machine for all, three keys.
        assertThat(lineage.nodes()).hasSize(3 + 1 + 1 + 1 + 3);
        assertThat(lineage.nodes())
                .filteredOn(LineageNode.Machine.class::isInstance)
                .singleElement()
                .satisfies(node ->
                        assertThat(((LineageNode.Machine) node).measurement()).isEqualTo(Lab.MACHINE.measurement()));
        assertThat(verify(LineagePolicy.each(named())).orElseThrow().value()).isEqualTo(lineage);
    }

    @Test
    void theDigestOfABaseModelWithManifestIsThatOfTheModel() throws Exception {
        assertThat(read(first).digest()).isEqualTo(digest(first));
        Files.createDirectory(models.resolve("without"));
        Lab.train(models.resolve("without"));
        assertThat(read(models.resolve("without")).files().files()).hasSize(3);
    }

    @Test
    void aBaseModelThatIsMissingEndsTheChainOnlyWhereThePolicyNamesIt() throws Exception {
        Bytes missing = digest(second);
        ModelSource without = digest -> digest.equals(missing) ? Optional.empty() : source().folder(digest);

        assertOnlyFails(
                VERIFIER.verify(third, without, LineagePolicy.each(anyBase())),
                LineageChecks.BASE,
                "model " + digest(third) + ": expected a manifest of its base model " + missing);

        Verdict<Lineage> verdict = VERIFIER.verify(third, without, LineagePolicy.each(named()));
        assertThat(verdict.accepted()).isTrue();
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("lineage.count", "1")
                .containsEntry("lineage.origins", missing.hex());

        Verdict<Lineage> waived = VERIFIER.verify(
                third,
                without,
                LineagePolicy.builder()
                        .each(anyBase())
                        .withoutProvenOrigin("a private model")
                        .build());
        assertThat(waived.accepted()).isTrue();
        assertThat(result(waived, LineageChecks.BASE).detail())
                .startsWith("waived by policy: a private model")
                .contains(missing.hex());
    }

    @Test
    void aBaseModelThatItsChildsPolicyDoesNotNameFailsByBothNames() throws Exception {
        Verdict<Lineage> verdict =
                verify(LineagePolicy.each(Lab.policy().baseModel(digest(first)).build()));
        // The second model has a manifest, so that only the third model's own policy speaks against it.
        assertOnlyFails(verdict, LineageChecks.MODEL, digest(third).hex(), "manifest.base-model");
    }

    @Test
    void aModelOnTheWayThatWasChangedIsRejected() throws Exception {
        Files.writeString(second.resolve("README.md"), "another card");

        LineageResult result = VERIFIER.verifyAll(List.of(third), source(), LineagePolicy.each(named()));

        assertOnlyFails(
                result.verdict(),
                LineageChecks.MODEL,
                "model " + digest(second) + " at depth 1: expected every check to pass, found failed manifest.files");
        assertThat(result.models()).extracting(ModelVerdict::depth).containsExactly(0, 1, 2);
        assertThat(result.models())
                .extracting(model -> model.verdict().accepted())
                .containsExactly(true, false, true);
        assertThat(result.lineage().node(LineageNode.modelId(digest(second))).orElseThrow())
                .isInstanceOfSatisfying(
                        LineageNode.Model.class,
                        model -> assertThat(model.standing()).isEqualTo(Standing.REJECTED));
        JsonNode json = new ObjectMapper().readTree(result.toJson());
        assertThat(json.get("accepted").asBoolean()).isFalse();
        assertThat(json.at("/models/1/model").asText()).isEqualTo(digest(second).hex());
        assertThat(json.at("/models/1/accepted").asBoolean()).isFalse();
        assertThat(json.at("/lineage/nodes/0/standing").asText()).isEqualTo("ACCEPTED");
    }

    @Test
    void aSourceThatGivesAnotherModelIsFoundOut() throws Exception {
        Bytes asked = digest(second);
        ModelSource liar = digest -> digest.equals(asked) ? Optional.of(third) : source().folder(digest);

        Verdict<Lineage> verdict = VERIFIER.verify(third, liar, LineagePolicy.each(named()));

        assertOnlyFails(
                verdict,
                LineageChecks.IDENTITY,
                "model " + asked + ": expected its manifest, found that of " + digest(third));
        assertThat(result(verdict, LineageChecks.BASE).detail())
                .isEqualTo("could not run because lineage.identity failed");
    }

    @Test
    void aModelWithTwoManifestsIsRejected() throws Exception {
        Path again = adapter("again", "urn:model:second");
        Files.writeString(again.resolve("README.md"), "the card of third");
        sign(again, read(second), Clock.systemUTC());

        assertThat(digest(again)).isEqualTo(digest(third));
        assertOnlyFails(
                VERIFIER.verifyAll(List.of(third, again), source(), LineagePolicy.each(named()))
                        .verdict(),
                LineageChecks.IDENTITY,
                "model " + digest(third) + ": expected one manifest, found ");
        Verdict<Lineage> twice = VERIFIER.verifyAll(List.of(third, third), source(), LineagePolicy.each(named()))
                .verdict();
        assertThat(twice.accepted()).isTrue();
        assertThat(twice.orElseThrow().value().models()).containsExactly(digest(third));
    }

    @Test
    void modelsThatWereTrainedFromOneAnotherAreRejectedThoughEachManifestIsSound() throws Exception {
        Path chicken = adapter("chicken", "urn:model:egg");
        Path egg = adapter("egg", "urn:model:chicken");
        sign(chicken, read(egg), Clock.systemUTC());
        sign(egg, read(chicken), Clock.systemUTC());
        ProvenancePolicy each =
                Lab.policy().baseModel(digest(chicken)).baseModel(digest(egg)).build();
        assertThat(Lab.verifier().verify(chicken, each).accepted()).isTrue();
        assertThat(Lab.verifier().verify(egg, each).accepted()).isTrue();

        LineageResult result = VERIFIER.verifyAll(List.of(chicken), source(), LineagePolicy.each(each));

        assertOnlyFails(
                result.verdict(),
                LineageChecks.CYCLE,
                "expected no model among those it was trained from, found " + digest(chicken) + " trained from "
                        + digest(egg) + " trained from " + digest(chicken));
        assertThat(result(result.verdict(), LineageChecks.BASE).detail())
                .isEqualTo("could not run because lineage.cycle failed");
        assertThat(LineageGraph.text(result.lineage())).contains("see above");
    }

    @Test
    void aModelThatWasTrainedFromItselfIsRejected() throws Exception {
        Path self = adapter("self", "urn:model:self");
        sign(self, read(self), Clock.systemUTC());

        assertOnlyFails(
                VERIFIER.verify(self, source(), LineagePolicy.each(anyBase())),
                LineageChecks.CYCLE,
                digest(self) + " trained from " + digest(self));
    }

    @Test
    void aModelThatTwoWereTrainedFromIsVerifiedOnce() throws Exception {
        Path sister = train("sister", read(second));
        List<Bytes> asked = new ArrayList<>();
        ModelSource counting = digest -> {
            asked.add(digest);
            return source().folder(digest);
        };

        LineageResult result = VERIFIER.verifyAll(List.of(third, sister), counting, LineagePolicy.each(named()));

        assertThat(result.verdict().failures()).isEmpty();
        assertThat(result.models()).extracting(ModelVerdict::folder).containsExactly(third, sister, second, first);
        assertThat(asked)
                .containsExactly(
                        digest(second), digest(first), Samples.baseModel().digest());
        assertThat(LineageGraph.text(result.lineage())).containsOnlyOnce("see above");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VERIFIER.verifyAll(List.of(), counting, LineagePolicy.each(named())));
    }

    @Test
    void aModelThatIsAskedAboutIsNotVerifiedAgainAsABase() throws Exception {
        LineageResult result = VERIFIER.verifyAll(
                List.of(third, second),
                source(),
                LineagePolicy.builder().each(named()).maxDepth(1).build());

        assertThat(result.verdict().failures()).isEmpty();
        assertThat(result.models()).extracting(ModelVerdict::depth).containsExactly(0, 0, 1);
    }

    @Test
    void aChainLongerThanThePolicyAllowsIsRejected() throws Exception {
        assertOnlyFails(
                verify(LineagePolicy.builder().each(named()).maxDepth(1).build()),
                LineageChecks.DEPTH,
                "model " + digest(first) + ": expected no model with a manifest at a depth above 1, found one at 2");
        assertThat(verify(LineagePolicy.builder().each(named()).maxDepth(2).build())
                        .accepted())
                .isTrue();
    }

    @Test
    void moreModelsThanThePolicyAllowsAreRejected() throws Exception {
        assertOnlyFails(
                verify(LineagePolicy.builder().each(named()).maxModels(2).build()),
                LineageChecks.SIZE,
                "model " + digest(first) + ": expected at most 2 models with manifests");
        assertOnlyFails(
                VERIFIER.verifyAll(
                                List.of(first, second),
                                ModelSource.none(),
                                LineagePolicy.builder()
                                        .each(named())
                                        .maxModels(1)
                                        .build())
                        .verdict(),
                LineageChecks.SIZE,
                "the model in " + second);
        assertThat(verify(LineagePolicy.builder().each(named()).maxModels(3).build())
                        .accepted())
                .isTrue();
    }

    @Test
    void aModelThatBeganBeforeItsBaseWasSignedIsRejected() throws Exception {
        Clock late = Clock.fixed(Instant.now().plus(Duration.ofHours(1)), ZoneOffset.UTC);
        Path base = sign(adapter("late", Samples.baseModel().uri()), Samples.baseModel(), late);
        third = train("early", read(base));

        assertOnlyFails(
                verify(LineagePolicy.each(anyNamed(base))),
                LineageChecks.TIME,
                "model " + digest(third),
                "base model " + digest(base));
        assertThat(verify(LineagePolicy.builder()
                                .each(anyNamed(base))
                                .clockSkew(Duration.ofHours(2))
                                .build())
                        .accepted())
                .isTrue();
        Verdict<Lineage> waived = verify(LineagePolicy.builder()
                .each(anyNamed(base))
                .withoutTimeOrder("clocks are not trusted")
                .build());
        assertThat(waived.accepted()).isTrue();
        assertThat(result(waived, LineageChecks.TIME).detail()).isEqualTo("waived by policy: clocks are not trusted");
    }

    private static ProvenancePolicy anyNamed(Path base) throws Exception {
        return Lab.policy().baseModel(digest(base)).build();
    }

    @Test
    void aModelWithoutManifestIsRejectedAndTheRestCouldNotRun() throws Exception {
        Files.delete(third.resolve(ManifestFolder.CLAIMS));

        LineageResult result = VERIFIER.verifyAll(List.of(third), source(), LineagePolicy.each(named()));

        assertOnlyFails(result.verdict(), LineageChecks.MODEL, "the model in " + third, "manifest.format");
        assertThat(result.verdict().checks()).extracting(CheckResult::id).containsExactlyElementsOf(LineageChecks.ALL);
        assertThat(result(result.verdict(), LineageChecks.TIME).detail())
                .isEqualTo("could not run because lineage.model failed");
        assertThat(result.models())
                .singleElement()
                .satisfies(model -> assertThat(model.modelDigest()).isEmpty());
        assertThat(result.lineage().nodes()).isEmpty();
        assertThat(LineageGraph.text(result.lineage())).isEmpty();
    }

    @Test
    void aFolderOfABaseModelWithoutManifestIsRejected() throws Exception {
        Path empty = Files.createDirectory(models.resolve("empty"));
        Bytes asked = digest(second);
        Verdict<Lineage> verdict = VERIFIER.verify(
                third,
                digest -> digest.equals(asked) ? Optional.of(empty) : Optional.empty(),
                LineagePolicy.each(named()));

        assertOnlyFails(verdict, LineageChecks.MODEL, "model " + asked + " at depth 1", "manifest.format");
        assertThatExceptionOfType(EvidenceUnavailableException.class)
                .isThrownBy(() -> VERIFIER.verify(
                        third, digest -> Optional.of(models.resolve("none")), LineagePolicy.each(named())));
    }

    @Test
    void eachModelIsJudgedUnderThePolicyForItsDigestElseItsDepth() throws Exception {
        ProvenancePolicy strict = Lab.policy().build();
        LineagePolicy policy = LineagePolicy.builder()
                .each(strict)
                .atDepth(1, named())
                .model(digest(third), named())
                .build();

        assertThat(verify(policy).failures()).isEmpty();
        assertOnlyFails(
                verify(LineagePolicy.builder().each(named()).atDepth(1, strict).build()),
                LineageChecks.MODEL,
                digest(second).hex(),
                "manifest.base-model");
        assertOnlyFails(
                verify(LineagePolicy.builder()
                        .each(named())
                        .atDepth(1, named())
                        .model(digest(second), strict)
                        .build()),
                LineageChecks.MODEL,
                digest(second).hex());
    }

    @Test
    void modelsAreFoundBelowDirectoriesByWhatTheirManifestsState() throws Exception {
        Path deep = Files.createDirectories(models.resolve("a/b/c"));
        Files.move(first, deep.resolve("moved"));
        Files.createDirectories(second.resolve("inside"));
        Files.move(third, second.resolve("inside/third"));
        Bytes hidden = digest(second.resolve("inside/third"));
        Files.writeString(Files.createDirectory(models.resolve("broken")).resolve(ManifestFolder.CLAIMS), "{");
        Files.createSymbolicLink(models.resolve("link"), second.resolve("inside"));

        ModelSource source = source();

        assertThat(source.folder(digest(deep.resolve("moved")))).contains(deep.resolve("moved"));
        assertThat(source.folder(digest(second))).contains(second);
        assertThat(source.folder(hidden)).isEmpty();
        assertThat(source.folder(Bytes.zeros(32))).isEmpty();
        assertThat(ModelSource.below(List.of(second)).folder(digest(second))).contains(second);
        assertThatExceptionOfType(EvidenceUnavailableException.class)
                .isThrownBy(() -> ModelSource.below(List.of(models.resolve("none"))));
    }

    @Test
    void ofTwoFoldersThatStateOneModelTheFirstByPathIsTaken() throws Exception {
        Path copy = Files.createDirectory(models.resolve("earlier"));
        Files.copy(first.resolve(ManifestFolder.CLAIMS), copy.resolve(ManifestFolder.CLAIMS));

        assertThat(source().folder(digest(first))).contains(copy);
        // It has none of the model's files, which verification finds out.
        assertThat(verify(LineagePolicy.each(named())).failures())
                .extracting(CheckResult::id)
                .containsExactly(LineageChecks.MODEL);
    }

    @Test
    void whatManifestsStateIsReadWithoutVouchingForIt() throws Exception {
        Files.writeString(second.resolve("README.md"), "another card");

        Lineage lineage = Lineage.read(third, source());

        assertThat(lineage.nodes())
                .filteredOn(LineageNode.Model.class::isInstance)
                .extracting(node -> ((LineageNode.Model) node).standing())
                .containsExactly(Standing.NOT_VERIFIED, Standing.NOT_VERIFIED, Standing.NOT_VERIFIED);
        assertThat(LineageGraph.text(lineage)).contains("(second), not verified", "origin not proven");
        assertThat(Lineage.read(third, ModelSource.none()).nodes())
                .filteredOn(LineageNode.UnprovenModel.class::isInstance)
                .containsExactly(new LineageNode.UnprovenModel(digest(second)));
        Files.delete(third.resolve(ManifestFolder.CLAIMS));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Lineage.read(third, ModelSource.none()));
    }

    @Test
    void aPolicyIsWhatItsJsonSays() throws Exception {
        LineagePolicy policy = LineagePolicy.builder()
                .each(named())
                .atDepth(0, Lab.policy().build())
                .model(digest(first), anyBase())
                .withoutProvenOrigin("because")
                .withoutTimeOrder("also because")
                .clockSkew(Duration.ofSeconds(7))
                .maxDepth(3)
                .maxModels(4)
                .build();

        assertThat(LineagePolicy.parse(policy.toJson())).isEqualTo(policy).hasToString(policy.toJson());
        assertThat(LineagePolicy.parse(policy.toJson()).policy(digest(first), 5).baseModels())
                .isEmpty();
        assertThat(LineagePolicy.parse("{\"each\":" + named().toJson() + "}")).isEqualTo(LineagePolicy.each(named()));
        String each = "{\"each\":" + named().toJson();
        for (String json : List.of(
                "",
                "{}",
                "[]",
                each + ",\"maxdepth\":3}",
                each + ",\"maxDepth\":1001}",
                each + ",\"maxDepth\":4294967296}",
                each + ",\"maxModels\":0}",
                each + ",\"clockSkewSeconds\":-1}",
                each + ",\"clockSkewSeconds\":99999999999}",
                each + ",\"depths\":{\"00\":{}}}",
                each + ",\"depths\":{\"-1\":{}}}",
                each + ",\"models\":{\"AB\":{}}}",
                each + ",\"withoutProvenOrigin\":\" \"}",
                "{\"each\":{}}")) {
            assertThatIllegalArgumentException().as(json).isThrownBy(() -> LineagePolicy.parse(json));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineagePolicy.builder().build())
                .withMessage("lineage policy needs each");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineagePolicy.builder().model(Bytes.zeros(31), named()));
    }
}
