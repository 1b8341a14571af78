package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Recorded evidence of real processors, judged on the command line. */
class SnpRecordedEvidenceTest {

    private static final List<String> OPTIONS =
            List.of("--any-measurement", "x", "--without-freshness", "x", "--revocation", "off");

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> everyCaseGetsTheRecordedVerdict() throws IOException {
        return cases("vcek.der")
                .map(folder -> dynamicTest(name(folder), () -> {
                    JsonNode expected = expected(folder);
                    Run run = verify(folder, "--json");

                    List<String> failures = new ArrayList<>();
                    addIf(failures, failed(expected, "chain"), "snp.chain");
                    addIf(failures, failed(expected, "signature"), "snp.signature");
                    addIf(failures, failed(expected, "tcb_vs_cert"), "snp.tcb.certificate");
                    addIf(failures, failed(expected, "chip_id_vs_hwid"), "snp.chip-id");
                    addIf(failures, expected.at("/policy/debug_allowed").asBoolean(), "snp.guest-policy.debug");
                    addIf(
                            failures,
                            expected.at("/policy/migrate_ma_allowed").asBoolean(),
                            "snp.guest-policy.migration-agent");
                    addIf(failures, expected.get("vmpl").asInt() != 0, "snp.vmpl");
                    assertThat(run.failures()).containsExactlyInAnyOrderElementsOf(failures);
                    assertThat(run.json().get("accepted").asBoolean()).isEqualTo(failures.isEmpty());
                    assertThat(run.code()).isEqualTo(failures.isEmpty() ? 0 : 1);
                    assertThat(run.err()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyReportIsShown() throws IOException {
        return cases("report.bin")
                .map(folder -> dynamicTest(name(folder), () -> {
                    JsonNode expected = expected(folder);
                    Run text = Run.vai("snp", "show", folder.resolve("report.bin"));
                    Run json = Run.vai("snp", "show", "--report", folder.resolve("report.bin"), "--json");

                    assertThat(text.code()).isZero();
                    assertThat(text.out()).contains(expected.get("measurement").asText());
                    assertThat(json.code()).isZero();
                    assertThat(json.json().get("measurement")).isEqualTo(expected.get("measurement"));
                    assertThat(json.json().get("chipId")).isEqualTo(expected.get("chip_id"));
                    assertThat(json.json().get("version").asText())
                            .isEqualTo(expected.get("report_version").asText());
                }));
    }

    @Test
    void debuggingIsRefusedUnlessAllowed() throws Exception {
        Path folder = folder("milan-v2-gcp-debug");

        assertThat(verify(folder, "--json").failures()).containsExactly("snp.guest-policy.debug");
        assertThat(verify(folder, "--json", "--allow-debug", "a test").code()).isZero();
    }

    @Test
    void aCertificateOfAnotherChipIsRefused() throws Exception {
        assertThat(verify(folder("neg-wrong-chip-vcek"), "--json").failures()).contains("snp.signature");
    }

    @Test
    void textNamesEveryCheckAndTheOutcome() throws Exception {
        Run accepted = verify(folder("milan-v3-azure"));
        Run rejected = verify(folder("milan-v2-gcp-debug"));

        assertThat(accepted.out()).contains("pass  snp.signature").endsWith("ACCEPTED" + System.lineSeparator());
        assertThat(rejected.out()).contains("FAIL  snp.guest-policy.debug").contains("REJECTED");
    }

    @Test
    void theGivenInstantIsWhatValidityIsJudgedAt() throws Exception {
        Path folder = folder("milan-v3-azure");
        List<Object> words = words(folder, "--json");
        words.set(words.indexOf("--at") + 1, "2050-01-01T00:00:00Z");

        Run run = Run.vai(words.toArray());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).contains("snp.validity");
    }

    @Test
    void revocationIsRequiredUnlessSaid() throws Exception {
        Path folder = folder("genoa-v3-azure");
        Path list = folder.resolveSibling("crl-genoa").resolve("crl.der");

        assertThat(verify(folder, "--json", "--revocation", "require").failures())
                .containsExactly("snp.revocation");
        assertThat(verify(folder, "--json", "--revocation", "if-available").code())
                .isZero();
        List<Object> words = words(folder, "--json", "--revocation", "require", "--crl", list);
        words.set(words.indexOf("--at") + 1, "2025-06-01T00:00:00Z");
        assertThat(Run.vai(words.toArray()).failures()).isEmpty();
    }

    @Test
    void demandsOfTheCommandLineAreChecked() throws Exception {
        Path folder = folder("milan-v3-azure");
        JsonNode expected = expected(folder);

        List<String> failures = Run.vai(
                        "snp",
                        "verify",
                        "--report",
                        folder.resolve("report.bin"),
                        "--vek",
                        folder.resolve("vcek.der"),
                        "--ca",
                        folder.resolve("ask.pem"),
                        folder.resolve("ark.pem"),
                        "--measurement",
                        "ab".repeat(48),
                        "--report-data",
                        "cd".repeat(64),
                        "--host-data",
                        "ef".repeat(32),
                        "--product",
                        "turin",
                        "--vmpl",
                        "1",
                        "2",
                        "--min-tcb",
                        "bl=255",
                        "--revocation",
                        "off",
                        "--at",
                        expected.get("verify_at").asText(),
                        "--json")
                .failures();

        assertThat(failures)
                .containsExactlyInAnyOrder(
                        "snp.product",
                        "snp.measurement",
                        "snp.report-data",
                        "snp.host-data",
                        "snp.vmpl",
                        "snp.tcb.minimum");
    }

    @Test
    void aPolicyFileCountsAndTheCommandLineCountsOverIt() throws Exception {
        Path folder = folder("milan-v3-azure");
        JsonNode expected = expected(folder);
        Path policy = temporary.resolve("policy.json");
        // Not finished: report data come with each request.
        Files.writeString(
                policy,
                "{\"measurements\":[\"" + expected.get("measurement").asText()
                        + "\"],\"vmpls\":[3],\"revocation\":\"OFF\",\"revocationReason\":\"a test\"}");
        Object[] evidence = {
            "snp",
            "verify",
            "--report",
            folder.resolve("report.bin"),
            "--vek",
            folder.resolve("vcek.der"),
            "--ca",
            folder.resolve("ask.pem"),
            "--at",
            expected.get("verify_at").asText(),
            "--json",
            "--policy",
            policy
        };
        String reportData = expected.get("report_data").asText();

        assertThat(Run.vai(with(evidence, "--report-data", reportData)).failures())
                .containsExactly("snp.vmpl");
        assertThat(Run.vai(with(evidence, "--report-data", reportData, "--vmpl", "0"))
                        .code())
                .isZero();
        assertThat(Run.vai(with(evidence, "--report-data", reportData, "--vmpl", "0", "--measurement", "ab".repeat(48)))
                        .failures())
                .containsExactly("snp.measurement");
        assertThat(Run.vai(evidence).code()).isEqualTo(2);
    }

    private static Object[] with(Object[] words, Object... more) {
        List<Object> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    private static Run verify(Path folder, Object... more) throws IOException {
        return Run.vai(words(folder, more).toArray());
    }

    /** The words of a command; an option in {@code more} replaces the one that would stand there anyway. */
    private static List<Object> words(Path folder, Object... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of(
                "snp",
                "verify",
                "--report",
                folder.resolve("report.bin"),
                "--vek",
                folder.resolve("vcek.der"),
                "--ca",
                folder.resolve("ask.pem"),
                "--ca",
                folder.resolve("ark.pem"),
                "--at",
                expected(folder).get("verify_at").asText()));
        for (int i = 0; i < OPTIONS.size(); i += 2) {
            if (!Arrays.asList(more).contains(OPTIONS.get(i))) {
                words.addAll(OPTIONS.subList(i, i + 2));
            }
        }
        words.addAll(Arrays.asList(more));
        return words;
    }

    private static boolean failed(JsonNode expected, String name) {
        return expected.at("/expect/" + name).asText().toLowerCase(Locale.ROOT).equals("fail");
    }

    private static void addIf(List<String> failures, boolean fails, String id) {
        if (fails) {
            failures.add(id);
        }
    }

    private static Stream<Path> cases(String file) throws IOException {
        try (Stream<Path> folders = Files.list(directory()).sorted()) {
            List<Path> cases = folders.filter(
                            f -> Files.exists(f.resolve("report.bin")) && Files.exists(f.resolve(file)))
                    .toList();
            assertThat(cases).as("folders with a report").isNotEmpty();
            return cases.stream();
        }
    }

    private static Path folder(String name) {
        return directory().resolve(name);
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    private static Path directory() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded evidence is not at hand");
        return vectors.get().resolve("sev-snp");
    }

    private static JsonNode expected(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    }
}
