package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.signing.SigningKey;

class ClaimTest {

    static final SigningKey EVALUATOR = SigningKey.generate();
    private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");
    private static final Provenance PROVENANCE = Samples.provenance();

    static Evaluation.Builder evaluation(Provenance of) {
        return Evaluation.of(of)
                .evaluator("An Evaluator")
                .suite("mmlu-pro 1.2")
                .dataSet(Bytes.utf8("questions").sha256())
                .metric("accuracy", new BigDecimal("0.710"))
                .metric("loss", new BigDecimal("-1.5"))
                .evaluatedOn(AT.plusMillis(300));
    }

    static ManifestRevocation revocation(Provenance of) {
        return new ManifestRevocation(of.manifestDigest(), "the data set was poisoned", AT);
    }

    private static ClaimSigner signer() {
        return ClaimSigner.with(EVALUATOR);
    }

    @Test
    void anEvaluationIsReadAsItWasSigned() throws Exception {
        Claim.Evaluated claim = signer().sign(evaluation(PROVENANCE).build());
        assertThat(Claim.read(claim.line())).isEqualTo(claim);
        assertThat(claim.evaluation().evaluatedOn()).isEqualTo(AT);
        assertThat(claim.evaluation().metrics()).containsEntry("accuracy", new BigDecimal("0.710"));
        assertThat(Evaluation.parse(claim.statement().payload())).isEqualTo(claim.evaluation());
        assertThat(new String(claim.statement().payload().toByteArray(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"accuracy\":\"0.710\"", "\"loss\":\"-1.5\"", "2026-11-24T10:00:00Z");
    }

    @Test
    void aRevocationIsReadAsItWasSigned() throws Exception {
        Claim.Revoked claim = signer().sign(revocation(PROVENANCE));
        assertThat(Claim.read(claim.line())).isEqualTo(claim);
        assertThat(ManifestRevocation.parse(claim.statement().payload())).isEqualTo(claim.revocation());
    }

    @Test
    void eachKindOfLineIsTold() throws Exception {
        SignedManifest manifest = SignedManifest.sign(PROVENANCE.payload(), Samples.KEY);
        Bytes closing = Jcs.write(ClaimStatement.of(Claim.Closing.PREDICATE));
        ObjectNode oms = ClaimStatement.of(Claim.Oms.PREDICATE);
        ClaimStatement.writeSubject(oms, "model", ClaimStatement.digests().put("sha256", "ab".repeat(32)));

        Claim first = Claim.read(Bytes.utf8(manifest.toJson()));
        assertThat(first).isEqualTo(new Claim.Manifest(manifest, Bytes.utf8(manifest.toJson())));
        assertThat(Claim.read(SignedStatement.sign(closing, EVALUATOR).line()))
                .isEqualTo(new Claim.Closing(SignedStatement.sign(closing, EVALUATOR)));
        Claim signature =
                Claim.read(SignedStatement.sign(Jcs.write(oms), EVALUATOR).line());
        assertThat(signature)
                .isInstanceOfSatisfying(
                        Claim.Oms.class, c -> assertThat(c.root()).isEqualTo(Bytes.fromHex("ab".repeat(32))));
        assertThat(Stream.of(first, signature).map(Claim::kind)).containsExactly("manifest", "model signature");
    }

    /** Bundles of the published tool, with a key, a chain and a fraction among its numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"v1.0.0-elliptic-key", "v1.0.1-elliptic-key", "v1.1.0-elliptic-key", "v1.1.0-certificate"})
    void aModelSignatureOfAnotherToolIsTold(String name) throws Exception {
        Bytes line = VectorFiles.bytes("oms/" + name + "/model.sig");
        assertThat(Claim.read(line)).isInstanceOfSatisfying(Claim.Oms.class, claim -> {
            assertThat(claim.line()).isEqualTo(line);
            assertThat(claim.root().isZero()).isFalse();
        });
    }

    @Test
    void aModelSignatureWithShardsIsTold() throws Exception {
        ObjectNode oms = ClaimStatement.of(Claim.Oms.PREDICATE);
        ClaimStatement.writeSubject(oms, "model", ClaimStatement.digests().put("sha256", "ab".repeat(32)));
        oms.putObject("predicate").putObject("serialization").put("shard_size", 8.0);
        Bytes payload = Bytes.utf8(oms.toPrettyString());
        assertThat(Claim.read(SignedStatement.sign(payload, EVALUATOR).line())).isInstanceOf(Claim.Oms.class);
    }

    static Stream<Arguments> unknownLines() {
        Bytes sound = signer().sign(revocation(PROVENANCE)).line();
        return Stream.of(
                Arguments.of("an empty line", Bytes.EMPTY),
                Arguments.of("strict JSON", Bytes.utf8("not json")),
                Arguments.of("an object", Bytes.utf8("[]")),
                Arguments.of("mediaType", Bytes.utf8("{}")),
                Arguments.of("each name once", Bytes.utf8("{\"a\":1,\"a\":1}")),
                Arguments.of("byte order mark", Bytes.utf8("\uFEFF").concat(sound)),
                Arguments.of("UTF-8", Bytes.fromHex("c0af").concat(sound)),
                Arguments.of("that LF alone ends", sound.concat(Bytes.utf8("\r"))),
                Arguments.of("that LF alone ends", sound.concat(Bytes.utf8("\n"))),
                Arguments.of("one JSON value", sound.concat(sound)),
                Arguments.of("strict JSON", Bytes.utf8("[".repeat(100_000))),
                Arguments.of("at most " + Claim.MAX_LINE, Bytes.zeros(Claim.MAX_LINE + 1)),
                Arguments.of("one that this version knows", other(s -> s.put("predicateType", "https://a.example/v1"))),
                Arguments.of(
                        "canonical form",
                        SignedStatement.sign(
                                        Bytes.utf8(" ")
                                                .concat(revocation(PROVENANCE).payload()),
                                        EVALUATOR)
                                .line()),
                Arguments.of("_type", other(s -> s.put("_type", "https://in-toto.io/Statement/v0.1"))),
                Arguments.of("_type", other(s -> s.remove("_type"))),
                Arguments.of("1 subjects", other(s -> s.putArray("subject"))),
                Arguments.of(
                        "an array of at most 1",
                        other(s -> s.withArrayProperty("subject").addObject())),
                Arguments.of("manifest", other(s -> subject(s).put("name", "adapter"))),
                Arguments.of(
                        "64 lower-case hex",
                        other(s -> subject(s).putObject("digest").put("sha256", "00"))),
                Arguments.of("sha256", other(s -> subject(s).putObject("digest").put("sha1", "00".repeat(20)))),
                Arguments.of("reason", other(s -> predicate(s).put("reason", ""))),
                Arguments.of("reason", other(s -> predicate(s).put("reason", "a\u202Eb"))),
                Arguments.of("final Z", other(s -> predicate(s).put("revokedOn", "2026-11-24T10:00:00+01:00"))),
                Arguments.of("final Z", other(s -> predicate(s).put("revokedOn", "todayZ"))));
    }

    private static ObjectNode subject(ObjectNode statement) {
        return (ObjectNode) statement.at("/subject/0");
    }

    private static ObjectNode predicate(ObjectNode statement) {
        return (ObjectNode) statement.get("predicate");
    }

    private static Bytes other(Consumer<ObjectNode> change) {
        return changed(revocation(PROVENANCE).payload(), change);
    }

    private static Bytes changed(Bytes payload, Consumer<ObjectNode> change) {
        try {
            ObjectNode statement = (ObjectNode) new ObjectMapper().readTree(payload.toByteArray());
            change.accept(statement);
            return SignedStatement.sign(Jcs.write(statement), EVALUATOR).line();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("unknownLines")
    void aLineThatCannotBeReadIsKeptWithItsReason(String reason, Bytes line) {
        assertThat(Claim.read(line)).isInstanceOfSatisfying(Claim.Unknown.class, claim -> {
            assertThat(claim.reason()).contains(reason).doesNotContain("\n");
            assertThat(claim.line()).isEqualTo(line);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e3", "+1", "01", "1.", ".5", "NaN", "", "0x1", " 1"})
    void aMetricIsAPlainDecimal(String value) {
        Bytes line = changed(
                evaluation(PROVENANCE).build().payload(),
                s -> ((ObjectNode) s.at("/predicate/metrics")).put("accuracy", value));
        assertThat(Claim.read(line))
                .isInstanceOfSatisfying(
                        Claim.Unknown.class,
                        c -> assertThat(c.reason()).contains("a plain decimal number in a string"));
    }

    @Test
    void aMetricThatIsANumberOfJsonIsRefused() {
        Bytes line = changed(
                evaluation(PROVENANCE).build().payload(),
                s -> ((ObjectNode) s.at("/predicate/metrics")).put("accuracy", 1));
        assertThat(Claim.read(line)).isInstanceOf(Claim.Unknown.class);
    }

    @Test
    void membersThatAreNotKnownAreIgnored() {
        Bytes line = changed(
                evaluation(PROVENANCE).build().payload(), s -> predicate(s).put("note", "x"));
        assertThat(Claim.read(line)).isInstanceOf(Claim.Evaluated.class);
    }

    @Test
    void anEvaluationThatCannotBeWrittenIsNotMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.of(PROVENANCE).build())
                .withMessageContaining("needs evaluator");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation(PROVENANCE)
                        .metric("a", new BigDecimal("1e999999999"))
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        evaluation(PROVENANCE).metric("a\nb", BigDecimal.ONE).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation(PROVENANCE).metric("loss", BigDecimal.ONE));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> evaluation(PROVENANCE).evaluator("x".repeat(1001)).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> evaluation(PROVENANCE).dataSet(Bytes.zeros(20)).build());
        assertThatIllegalArgumentException().isThrownBy(() -> new ManifestRevocation(Bytes.zeros(31), "why", AT));
        assertThat(evaluation(PROVENANCE)
                        .metric("n", new BigDecimal("1E+3"))
                        .build()
                        .metrics())
                .containsEntry("n", new BigDecimal("1000"));
    }

    @Test
    void aStatementMayBeOfOneLineOnly() {
        Bytes line = signer().sign(revocation(PROVENANCE)).line();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SignedStatement.parse(line.concat(Bytes.utf8("\n"))));
    }

    private final ClaimVerifier verifier = ClaimVerifier.standard();

    private static void assertOnlyFails(Verdict<?> verdict, CheckId check, String because) {
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(check);
        assertThat(verdict.failures().get(0).detail()).contains(because);
    }

    @Test
    void aClaimByATrustedKeyAboutThisManifestIsAccepted() throws Exception {
        Set<Bytes> trusted = Set.of(SigningKey.generate().spki(), EVALUATOR.spki());
        Verdict<Evaluation> evaluation =
                verifier.verify(signer().sign(evaluation(PROVENANCE).build()), PROVENANCE, trusted);
        assertThat(evaluation.orElseThrow().facts())
                .containsEntry("claim.key", EVALUATOR.spki().sha256().hex())
                .containsEntry("claim.evaluator", "An Evaluator");
        assertThat(verifier.verify(signer().sign(revocation(PROVENANCE)), PROVENANCE, trusted)
                        .accepted())
                .isTrue();
    }

    @Test
    void aClaimAboutAnotherManifestIsRejected() {
        Bytes other = Bytes.zeros(32);
        Claim.Revoked revoked = signer().sign(new ManifestRevocation(other, "why", AT));
        assertOnlyFails(
                verifier.verify(revoked, PROVENANCE, List.of(EVALUATOR.spki())),
                ClaimChecks.SUBJECT,
                "expected the manifest " + PROVENANCE.manifestDigest());

        ModelReference here = ModelReference.to(PROVENANCE);
        for (ModelReference there : List.of(
                new ModelReference(other, here.omsRoot(), here.manifestDigest()),
                new ModelReference(here.modelDigest(), other, here.manifestDigest()),
                new ModelReference(here.modelDigest(), here.omsRoot(), other))) {
            Evaluation sound = evaluation(PROVENANCE).build();
            Evaluation moved = new Evaluation(
                    there, sound.evaluator(), sound.suite(), sound.dataSet(), sound.metrics(), sound.evaluatedOn());
            assertOnlyFails(
                    verifier.verify(signer().sign(moved), PROVENANCE, List.of(EVALUATOR.spki())),
                    ClaimChecks.SUBJECT,
                    "found");
        }
    }

    @Test
    void aClaimByAnotherKeyIsRejected() {
        assertOnlyFails(
                verifier.verify(signer().sign(revocation(PROVENANCE)), PROVENANCE, List.of(Samples.KEY.spki())),
                ClaimChecks.SIGNER,
                "expected that of a trusted key");
    }

    @Test
    void aHintAtATrustedKeyIsNotItsSignature() throws Exception {
        String trusted = SignedStatement.sign(revocation(PROVENANCE).payload(), Samples.KEY)
                .hint();
        Claim.Revoked genuine = signer().sign(revocation(PROVENANCE));
        String line = new String(genuine.line().toByteArray(), java.nio.charset.StandardCharsets.UTF_8)
                .replace(genuine.statement().hint(), trusted);
        Claim.Revoked forged = (Claim.Revoked) Claim.read(Bytes.utf8(line));
        assertOnlyFails(
                verifier.verify(forged, PROVENANCE, List.of(Samples.KEY.spki())),
                ClaimChecks.SIGNATURE,
                "over this payload, found another");
    }

    @Test
    void aSecondSignatureMakesALineUnreadable() throws Exception {
        ObjectNode bundle = (ObjectNode) new ObjectMapper()
                .readTree(signer().sign(revocation(PROVENANCE)).line().toByteArray());
        ArrayNode signatures = (ArrayNode) bundle.at("/dsseEnvelope/signatures");
        signatures.add(signatures.get(0).deepCopy());
        assertThat(Claim.read(Bytes.utf8(bundle.toString()))).isInstanceOf(Claim.Unknown.class);
    }

    @Test
    void trustedKeysHaveToBeKeys() {
        Claim.Revoked claim = signer().sign(revocation(PROVENANCE));
        assertThatIllegalArgumentException().isThrownBy(() -> verifier.verify(claim, PROVENANCE, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier.verify(claim, PROVENANCE, List.of(Bytes.zeros(10))));
    }
}
