package org.verifiableai.manifest.oms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.VectorFiles;

/** Every recorded bundle of every version, and every made one, gives its verdict. */
class OmsVectorsTest {

    private static Bytes bytes(Path file) throws Exception {
        return Bytes.of(Files.readAllBytes(file));
    }

    private static OmsVerifier verifier(String kind) throws Exception {
        return kind.equals("elliptic-key")
                ? OmsVerifier.ofPublicKey(VectorFiles.bytes("oms/keys/signing-key-pub.pem"))
                        .build()
                : OmsVerifier.ofAuthorities(List.of(VectorFiles.bytes("oms/keys/ca-cert.pem")))
                        .build();
    }

    @Test
    void everyVersionIsJudged() throws Exception {
        int judged = 0;
        try (Stream<Path> folders = Files.list(VectorFiles.path("oms"))) {
            for (Path folder : folders.filter(f -> f.getFileName().toString().startsWith("v"))
                    .toList()) {
                String name = folder.getFileName().toString();
                String kind = name.substring(name.indexOf('-') + 1);
                // From v1.1.0 on the bundle itself says what was left out.
                OmsPolicy policy = name.startsWith("v1.1.0")
                        ? OmsPolicy.standard()
                        : OmsPolicy.builder().ignore("ignore-me").build();
                Verdict<OmsModel> verdict = verifier(kind).verify(folder, folder.resolve("model.sig"), policy);
                if (kind.equals("sigstore")) {
                    assertThat(OmsLab.failed(verdict)).as(name).containsExactly("oms.key");
                    assertThat(OmsLab.result(verdict, OmsChecks.KEY).detail()).contains("keyless");
                } else {
                    assertThat(OmsLab.failed(verdict)).as(name).isEmpty();
                    assertThat(verdict.accepted()).as(name).isTrue();
                }
                judged++;
            }
        }
        assertThat(judged).isGreaterThanOrEqualTo(8);
    }

    @Test
    void aModelOfOneFileIsJudgedAsTheFile() throws Exception {
        Path folder = VectorFiles.path("oms/v1.0.0-elliptic-key");
        Verdict<OmsModel> verdict = verifier("elliptic-key")
                .verify(folder.resolve("signme-1"), folder.resolve("model.sig"), OmsPolicy.standard());
        assertThat(verdict.orElseThrow().value().name()).isEqualTo("signme-1");
    }

    @Test
    void everyMadeBundleGivesItsVerdict() throws Exception {
        Path folder = VectorFiles.path("oms/made");
        for (JsonNode made : VectorFiles.json("oms/made/expect.json")) {
            String file = made.get("file").asText();
            Verdict<OmsModel> verdict = OmsVerifier.ofPublicKey(
                            bytes(folder.resolve(made.get("key").asText() + ".pub.pem")))
                    .build()
                    .verify(folder.resolve("model"), folder.resolve(file), OmsPolicy.standard());
            assertThat(verdict.accepted())
                    .as(file + ": " + verdict.checks())
                    .isEqualTo(made.get("expect").asText().startsWith("valid") && !file.startsWith("bad"));
            List<String> failed = switch (file) {
                case "bad-hint.sig", "warn-hint-der.sig" -> List.of("oms.key");
                case "bad-absolute.sig", "bad-dot-segment.sig", "bad-backslash.sig" -> List.of("oms.names");
                case "bad-root-mismatch.sig" -> List.of("oms.root");
                case "bad-two-signatures.sig" -> List.of("oms.format");
                case "bad-swapped-names.sig" -> List.of("oms.files");
                case "bad-ignore-everything.sig" -> List.of("oms.ignore-paths");
                case "bad-upper-hex.sig" -> List.of("oms.statement");
                default -> List.of();
            };
            assertThat(OmsLab.failed(verdict)).as(file).isEqualTo(failed);
        }
    }

    @Test
    void theOrderOfTheReferenceImplementationIsNoted() throws Exception {
        Path folder = VectorFiles.path("oms/made");
        Verdict<OmsModel> verdict = OmsVerifier.ofPublicKey(bytes(folder.resolve("p256.pub.pem")))
                .build()
                .verify(folder.resolve("model"), folder.resolve("ok-pathpart-order.sig"), OmsPolicy.standard());
        assertThat(OmsLab.result(verdict, OmsChecks.ROOT).reason()).isEqualTo("other-order");
    }

    @Test
    void aHintOverDerIsTakenWherePolicySaysSo() throws Exception {
        Path folder = VectorFiles.path("oms/made");
        Verdict<OmsModel> verdict = OmsVerifier.ofPublicKey(bytes(folder.resolve("p256.pub.pem")))
                .build()
                .verify(
                        folder.resolve("model"),
                        folder.resolve("warn-hint-der.sig"),
                        OmsPolicy.builder()
                                .withDerHint("a tool of ours writes it")
                                .build());
        assertThat(verdict.accepted()).isTrue();
        assertThat(OmsLab.result(verdict, OmsChecks.KEY).detail()).contains("a tool of ours writes it");
    }

    @Test
    void theBundlesOfTheSpecificationAreReadAsFarAsTheyGo() throws Exception {
        OmsVerifier verifier = verifier("elliptic-key");
        Path model = VectorFiles.path("oms/v1.1.0-elliptic-key");
        for (String invalid : List.of("invalid/empty", "invalid/missing-envelope")) {
            Verdict<OmsModel> verdict = verifier.verify(
                    model, VectorFiles.bytes("oms/spec/" + invalid + ".bundle.json"), OmsPolicy.standard());
            assertThat(OmsLab.failed(verdict)).as(invalid).containsExactly("oms.format");
        }
        // Its signature is another bundle's, so that nobody looks at the predicate.
        Bytes other = VectorFiles.bytes("oms/spec/invalid-payload/wrong-predicate.bundle.json");
        assertThat(OmsLab.failed(verifier.verify(model, other, OmsPolicy.standard())))
                .containsExactly("oms.signature");
        Bytes keyless = VectorFiles.bytes("oms/spec/valid/sigstore.bundle.json");
        assertThat(OmsLab.failed(verifier.verify(model, keyless, OmsPolicy.standard())))
                .containsExactly("oms.key");
    }

    @Test
    void thePayloadsOfTheReferenceImplementationAreRead() throws Exception {
        int read = 0;
        try (Stream<Path> files = Files.list(VectorFiles.path("oms/payload-fixtures"))) {
            for (Path file : files.toList()) {
                OmsStatement statement = OmsStatement.parse(OmsStatement.json(bytes(file)));
                assertThat(OmsStatement.rootOf(statement.resources()))
                        .as(file.toString())
                        .isEqualTo(statement.root());
                assertThat(statement.shardSize()).isEqualTo(file.toString().endsWith("shards") ? 8 : 0);
                read++;
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(6);
    }

    // The schemas of the specification refuse what we refuse: unknown members and a second subject.
    @Test
    void aSecondSubjectIsRefused() throws Exception {
        Bytes fixture = VectorFiles.bytes("oms/payload-fixtures/sample_model_folder");
        ObjectNode statement = OmsLab.object(fixture);
        statement.withArrayProperty("subject").add(statement.at("/subject/0").deepCopy());
        org.assertj.core.api.Assertions.assertThatExceptionOfType(
                        org.verifiableai.attestation.MalformedEvidenceException.class)
                .isThrownBy(() -> OmsStatement.parse(OmsStatement.json(Bytes.utf8(statement.toString()))))
                .withMessageContaining("statement.subject");
    }
}
