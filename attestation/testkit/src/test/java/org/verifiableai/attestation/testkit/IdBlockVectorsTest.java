package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.GuestPolicy;
import org.verifiableai.attestation.snp.IdAuth;
import org.verifiableai.attestation.snp.IdBlock;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Walks every folder of ID blocks that another tool signed: each has to come to what its {@code expected.json} says. */
class IdBlockVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyBlockIsAsRecorded() throws IOException {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded id blocks are not at hand");
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(vectors.get().resolve("sev-snp"))) {
            for (Path folder : folders.sorted().toList()) {
                Path expected = folder.resolve("expected.json");
                if (Files.exists(expected)
                        && JSON.readTree(expected.toFile())
                                .path("kind")
                                .asText()
                                .equals("id-block")) {
                    tests.add(dynamicTest(
                            folder.getFileName().toString(), () -> check(folder, JSON.readTree(expected.toFile()))));
                }
            }
        }
        return tests.stream();
    }

    private static void check(Path folder, JsonNode expected) throws Exception {
        Bytes rawBlock = bytes(folder.resolve("id_block.bin"));
        Bytes rawAuth = bytes(folder.resolve("id_auth.bin"));

        IdBlock block = IdBlock.parse(rawBlock);
        IdAuth auth = IdAuth.parse(rawAuth);

        assertThat(block)
                .isEqualTo(IdBlock.of(
                        hex(expected, "launch_digest"),
                        hex(expected, "family_id"),
                        hex(expected, "image_id"),
                        expected.get("guest_svn").asLong(),
                        new GuestPolicy(Long.decode(expected.get("policy").asText()))));
        assertThat(block.encode()).isEqualTo(rawBlock);
        assertThat(auth.encode()).isEqualTo(rawAuth);
        assertThat(auth.idKeyDigest())
                .isEqualTo(hex(expected, "id_key_digest"))
                .isEqualTo(IdAuth.keyDigest(bytes(folder.resolve("id_key_pub.pem"))));
        assertThat(auth.authorKeyDigest())
                .hasValue(hex(expected, "author_key_digest"))
                .hasValue(IdAuth.keyDigest(bytes(folder.resolve("author_key_pub.pem"))));

        Verdict<IdBlock> verdict =
                auth.verify(block, Set.of(), Set.of(hex(expected, "author_key_digest")), SignatureEngine.standard());
        List<CheckId> failures = new ArrayList<>();
        addUnlessOk(failures, expected, "block_signature", IdAuth.BLOCK_SIGNATURE);
        addUnlessOk(failures, expected, "id_key_signature", IdAuth.AUTHOR_SIGNATURE);
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactlyElementsOf(failures);
    }

    private static void addUnlessOk(List<CheckId> failures, JsonNode expected, String name, CheckId id) {
        if (!expected.at("/expect/" + name).asText().equals("ok")) {
            failures.add(id);
        }
    }

    private static Bytes hex(JsonNode expected, String name) {
        return Bytes.fromHex(expected.get(name).asText());
    }

    private static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }
}
