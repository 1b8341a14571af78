package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

class StatementTest {

    private static final String HEX = "0123456789abcdef".repeat(8);

    private static final String STATEMENT =
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"urn:p\","
                    + "\"predicate\":{\"rate\":0.5},\"more\":1,\"subject\":[{\"name\":\"n\",\"digest\":{\"sha256\":\""
                    + HEX.substring(0, 64) + "\"}}]}";

    private static final String PROVENANCE = "{\"buildDefinition\":{\"buildType\":\"urn:t\","
            + "\"externalParameters\":{\"a\":1}},\"runDetails\":{\"builder\":{\"id\":\"urn:b\"}}}";

    private static ObjectNode changed(String json, Consumer<ObjectNode> change) {
        try {
            ObjectNode node = (ObjectNode) new ObjectMapper().readTree(json);
            change.accept(node);
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Statement statement(Consumer<ObjectNode> change) throws MalformedEvidenceException {
        return Statement.parse(Bytes.utf8(changed(STATEMENT, change).toString()), 1 << 20);
    }

    private static SlsaProvenance provenance(Consumer<ObjectNode> change) throws MalformedEvidenceException {
        return SlsaProvenance.parse(JsonObject.of("predicate", changed(PROVENANCE, change)));
    }

    private static ResourceDescriptor resource(Consumer<ObjectNode> change) throws MalformedEvidenceException {
        return ResourceDescriptor.parse(JsonObject.of("resource", changed("{}", change)));
    }

    private static void assertRefused(Consumer<ObjectNode> change, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> statement(change))
                .withMessageContaining(message);
    }

    private static void assertNoProvenance(Consumer<ObjectNode> change, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> provenance(change))
                .withMessageContaining(message);
    }

    private static void assertNoResource(Consumer<ObjectNode> change, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> resource(change))
                .withMessageContaining(message);
    }

    @Test
    void aStatementIsReadAndUnknownMembersAreIgnored() throws Exception {
        Statement statement = statement(node -> {});
        assertThat(statement.predicateType()).isEqualTo("urn:p");
        assertThat(statement.predicate().node().get("rate").doubleValue()).isEqualTo(0.5);
        assertThat(statement.subjects()).singleElement().satisfies(subject -> {
            assertThat(subject.name()).isEqualTo("n");
            assertThat(subject.digest().get("sha256")).contains(Bytes.fromHex(HEX.substring(0, 64)));
        });
    }

    @Test
    void eachRuleOfStatementsIsHeld() {
        assertRefused(node -> node.put("_type", "https://in-toto.io/Statement/v0.1"), "statement._type");
        assertRefused(node -> node.remove("_type"), "statement._type");
        assertRefused(node -> node.remove("subject"), "statement.subject: expected at least one subject");
        assertRefused(node -> node.putArray("subject"), "statement.subject: expected at least one subject");
        assertRefused(
                node -> ((ObjectNode) node.get("subject").get(0))
                        .put("uri", "urn:x")
                        .remove("digest"),
                "statement.subject[0].digest: expected at least one digest");
        assertRefused(node -> node.putArray("subject").addObject().put("name", "n"), "statement.subject[0]");
        assertRefused(node -> node.put("predicateType", ""), "statement.predicateType");
        assertRefused(node -> node.put("predicateType", "p".repeat(1025)), "statement.predicateType");
        assertRefused(node -> node.putNull("predicateType"), "statement.predicateType");
        assertRefused(node -> node.put("predicate", "text"), "statement.predicate");
        assertRefused(node -> node.remove("predicate"), "statement.predicate");
    }

    @Test
    void lengthsUpToTheLimitsAreTaken() throws Exception {
        assertThat(statement(node -> node.put("predicateType", "p".repeat(1024)))
                        .predicateType())
                .hasSize(1024);
        assertThat(resource(node -> node.put("uri", "u".repeat(4096)).put("name", "n".repeat(1024)))
                        .uri())
                .hasSize(4096);
        assertThat(resource(node -> node.putObject("digest").put("a".repeat(64), "v".repeat(1024)))
                        .digest()
                        .values())
                .containsEntry("a".repeat(64), "v".repeat(1024));
    }

    @Test
    void aResourceHasAPlaceADigestOrContent() throws Exception {
        assertThat(resource(node -> node.put("uri", "urn:x")).uri()).isEqualTo("urn:x");
        assertThat(resource(node -> node.put("content", "e30=")).content()).contains(Bytes.utf8("{}"));
        assertThat(resource(node -> node.putObject("digest").put("alg1", "abc"))
                        .digest()
                        .values())
                .containsEntry("alg1", "abc");
        ResourceDescriptor whole = resource(node -> node.put("uri", "urn:x")
                .put("downloadLocation", "urn:d")
                .put("mediaType", "m/t")
                .putObject("annotations")
                .put("k", 1));
        assertThat(whole.downloadLocation()).isEqualTo("urn:d");
        assertThat(whole.mediaType()).isEqualTo("m/t");
        assertThat(whole.annotations().natural("k")).isEqualTo(1);
        for (Consumer<ObjectNode> nothing : List.<Consumer<ObjectNode>>of(
                node -> node.put("name", "n").put("mediaType", "m").put("downloadLocation", "urn:d"),
                node -> node.put("uri", "").put("content", "").putObject("digest"),
                node -> node.putNull("uri").putNull("digest").putNull("content"))) {
            assertNoResource(nothing, "resource: expected a uri, a digest or content");
        }
    }

    @Test
    void eachRuleOfResourcesIsHeld() {
        assertNoResource(node -> node.put("uri", "u".repeat(4097)), "resource.uri");
        assertNoResource(node -> node.put("uri", "u").put("name", "n".repeat(1025)), "resource.name");
        assertNoResource(node -> node.put("uri", 1), "resource.uri");
        assertNoResource(node -> node.put("content", "e30"), "resource.content");
        assertNoResource(node -> node.put("content", "AAAA".repeat(5463)), "resource.content");
        assertNoResource(node -> node.put("uri", "u").putArray("annotations"), "resource.annotations");
        assertNoResource(node -> node.put("digest", HEX), "resource.digest");
        assertNoResource(node -> node.putObject("digest").put("sha256", 1), "resource.digest.sha256");
        assertNoResource(node -> node.putObject("digest").put("other", ""), "resource.digest.other");
        assertNoResource(node -> node.putObject("digest").put("other", "v".repeat(1025)), "resource.digest.other");
        assertNoResource(node -> node.putObject("digest").put("", "v"), "resource.digest");
        assertNoResource(node -> node.putObject("digest").put("a".repeat(65), "v"), "resource.digest");
        assertNoResource(
                node -> {
                    ObjectNode digest = node.putObject("digest");
                    for (int i = 0; i < 33; i++) {
                        digest.put("a" + i, "v");
                    }
                },
                "resource.digest: expected at most 32 algorithms");
    }

    @ParameterizedTest
    @CsvSource({
        "sha1, 40",
        "sha256, 64",
        "sha384, 96",
        "sha512, 128",
        "gitCommit, 40",
        "gitCommit, 64",
        "gitTree, 40",
        "gitBlob, 64",
        "gitTag, 40",
        "dirHash1, 64",
        "md5, 32",
        "sha512_256, 64",
        "sha3_384, 96"
    })
    void digestsOfKnownAlgorithmsAreLowerCaseHexOfTheirLength(String algorithm, int length) throws Exception {
        String value = HEX.substring(0, length);
        assertThat(resource(node -> node.putObject("digest").put(algorithm, value))
                        .digest()
                        .get(algorithm))
                .contains(Bytes.fromHex(value));
        for (String wrong : new String[] {
            value.toUpperCase(Locale.ROOT),
            value.substring(2),
            value.substring(1),
            value + "00",
            "z" + value.substring(1)
        }) {
            assertNoResource(node -> node.putObject("digest").put(algorithm, wrong), "resource.digest." + algorithm);
        }
    }

    @Test
    void digestsMatchWhereOneIsInBothAndAllThatAreAgree() {
        Bytes one = Bytes.utf8("1").sha256();
        Bytes two = Bytes.utf8("2").sha256();
        DigestSet set = new DigestSet(new TreeMap<>(
                Map.of("sha256", one.hex(), "dirHash1", two.hex(), "md5", "00".repeat(16), "custom", one.hex())));
        assertThat(set.matches(Map.of("sha256", one))).isTrue();
        assertThat(set.matches(Map.of("sha256", one, "dirHash1", two))).isTrue();
        assertThat(set.matches(Map.of("sha256", one, "sha512", two))).isTrue();
        assertThat(set.matches(Map.of("sha256", two))).isFalse();
        assertThat(set.matches(Map.of("sha256", one, "dirHash1", one))).isFalse();
        assertThat(set.matches(Map.of("sha512", one))).isFalse();
        assertThat(set.matches(Map.of("custom", one))).isFalse();
        assertThat(set.matches(Map.of())).isFalse();
    }

    @Test
    void provenanceOfAnyBuildTypeIsRead() throws Exception {
        SlsaProvenance provenance = provenance(node -> {
            ObjectNode details = (ObjectNode) node.get("runDetails");
            details.putObject("metadata")
                    .put("invocationId", "urn:i")
                    .put("startedOn", "2026-11-24T09:00:00+01:00")
                    .put("finishedOn", "2026-11-24T08:05:00Z");
            details.putArray("byproducts").addObject().put("uri", "urn:x");
            ((ObjectNode) details.get("builder")).putObject("version").put("part", "1");
            ((ObjectNode) details.get("builder"))
                    .putArray("builderDependencies")
                    .addObject()
                    .put("uri", "urn:y");
            ((ObjectNode) node.get("buildDefinition"))
                    .putArray("resolvedDependencies")
                    .addObject()
                    .put("uri", "urn:z");
        });
        assertThat(provenance.buildType()).isEqualTo("urn:t");
        assertThat(provenance.builderId()).isEqualTo("urn:b");
        assertThat(provenance.builderVersion()).containsEntry("part", "1");
        assertThat(provenance.externalParameters().natural("a")).isEqualTo(1);
        assertThat(provenance.internalParameters().node()).isEmpty();
        assertThat(provenance.invocationId()).isEqualTo("urn:i");
        assertThat(provenance.startedOn()).hasToString("Optional[2026-11-24T08:00:00Z]");
        assertThat(provenance.finishedOn()).hasToString("Optional[2026-11-24T08:05:00Z]");
        assertThat(provenance.byproducts()).extracting(ResourceDescriptor::uri).containsExactly("urn:x");
        assertThat(provenance.builderDependencies())
                .extracting(ResourceDescriptor::uri)
                .containsExactly("urn:y");
        assertThat(provenance.resolvedDependencies())
                .extracting(ResourceDescriptor::uri)
                .containsExactly("urn:z");
    }

    @Test
    void eachRuleOfProvenanceIsHeld() {
        assertNoProvenance(node -> node.remove("buildDefinition"), "predicate.buildDefinition");
        assertNoProvenance(node -> node.remove("runDetails"), "predicate.runDetails");
        assertNoProvenance(
                node -> ((ObjectNode) node.get("runDetails")).remove("builder"), "predicate.runDetails.builder");
        assertNoProvenance(
                node -> ((ObjectNode) node.get("runDetails").get("builder")).put("id", ""),
                "predicate.runDetails.builder.id");
        assertNoProvenance(
                node -> ((ObjectNode) node.get("buildDefinition")).put("buildType", ""),
                "predicate.buildDefinition.buildType");
        assertNoProvenance(
                node -> ((ObjectNode) node.get("buildDefinition")).putObject("externalParameters"),
                "predicate.buildDefinition.externalParameters");
        assertNoProvenance(
                node -> ((ObjectNode) node.get("buildDefinition"))
                        .putArray("resolvedDependencies")
                        .addObject(),
                "predicate.buildDefinition.resolvedDependencies[0]");
        assertNoProvenance(
                node -> ((ObjectNode) node.get("runDetails"))
                        .putObject("metadata")
                        .put("startedOn", "yesterday"),
                "predicate.runDetails.metadata.startedOn");
    }
}
