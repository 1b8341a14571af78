package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.testkit.internal.Vectors;

/**
 * Real certificates for which no report is at hand. They are judged beside a report that nobody signed, of which only the
 * checks on certificates are looked at.
 */
class SnpCertificateVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VLEK = 1 << 2;

    @TestFactory
    Stream<DynamicTest> vlekChainsAreAsRecorded() throws IOException {
        return folders()
                .filter(f -> Files.exists(f.resolve("vlek.der")))
                .map(f -> dynamicTest(name(f), () -> {
                    JsonNode expected = expected(f);
                    String line = expected.get("product_line").asText();
                    Instant at = OffsetDateTime.parse(expected.get("verify_at").asText())
                            .toInstant();
                    Path ask = f.resolveSibling("amd-roots").resolve(line.toLowerCase(Locale.ROOT) + "-ask.pem");

                    Verdict<SnpReport> verdict =
                            verify(f.resolve("vlek.der"), at, f.resolve("asvk.pem"), f.resolve("ark.pem"));
                    Verdict<SnpReport> overAsk = verify(f.resolve("vlek.der"), at, ask, f.resolve("ark.pem"));

                    assertOutcome(
                            verdict,
                            SnpChecks.CHAIN,
                            expected.at("/expect/chain").asText());
                    assertOutcome(
                            overAsk,
                            SnpChecks.CHAIN,
                            expected.at("/expect/chain_over_ask").asText());
                    assertOutcome(verdict, SnpChecks.VALIDITY, "ok");
                    assertThat(detail(verdict, SnpChecks.SIGNING_KEY))
                            .contains(expected.get("csp_id").asText());
                }));
    }

    @TestFactory
    Stream<DynamicTest> bothEncodingsOfTheChipAreRead() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders().toList()) {
            JsonNode files = expected(folder).path("files");
            List<String> names = new ArrayList<>();
            files.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode file = files.get(name);
                if (file.has("hwid")) {
                    tests.add(dynamicTest(name, () -> {
                        Verdict<SnpReport> verdict = verify(folder.resolve(name), Instant.EPOCH);

                        assertOutcome(verdict, SnpChecks.FORMAT, "ok");
                        assertOutcome(
                                verdict, SnpChecks.CHAIN, file.get("chain").asText());
                        assertThat(detail(verdict, SnpChecks.CHIP_ID))
                                .contains(file.get("hwid").asText());
                    }));
                }
            }
        }
        return tests.stream();
    }

    private static Verdict<SnpReport> verify(Path vek, Instant at, Path... authorities) throws Exception {
        byte[] report = new byte[SnpReport.SIZE];
        report[0x000] = 2;
        report[0x034] = 1;
        report[0x048] = (byte) (vek.endsWith("vlek.der") ? VLEK : 0);
        List<Bytes> files = new ArrayList<>();
        for (Path authority : authorities) {
            files.add(bytes(authority));
        }
        SnpPolicy policy = SnpPolicy.builder()
                .withoutFreshness("no report")
                .anyMeasurement("no report")
                .withoutRevocation("no list")
                .allowVlek("some are VLEKs")
                .build();
        Verdict<SnpReport> verdict = SnpVerifier.builder()
                .clock(Clock.fixed(at, ZoneOffset.UTC))
                .build()
                .verify(SnpEvidence.of(Bytes.of(report), bytes(vek), files, List.of()), policy);
        assertThat(verdict.failures()).extracting(CheckResult::id).contains(SnpChecks.SIGNATURE);
        return verdict;
    }

    private static void assertOutcome(Verdict<?> verdict, CheckId id, String expected) {
        assertThat(verdict.checks())
                .filteredOn(c -> c.id().equals(id))
                .extracting(CheckResult::outcome)
                .as(id + " of " + verdict.toJson())
                .containsExactly(expected.equals("ok") ? Outcome.PASSED : Outcome.FAILED);
    }

    private static String detail(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow()
                .detail();
    }

    private static Stream<Path> folders() throws IOException {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded evidence is not at hand");
        try (Stream<Path> folders = Files.list(vectors.get().resolve("sev-snp"))) {
            return folders.filter(f -> Files.exists(f.resolve("expected.json"))).sorted().toList().stream();
        }
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    private static JsonNode expected(Path folder) throws IOException {
        return JSON.readTree(folder.resolve("expected.json").toFile());
    }

    private static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }
}
