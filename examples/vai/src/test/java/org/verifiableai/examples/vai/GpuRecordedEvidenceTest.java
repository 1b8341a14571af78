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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Recorded evidence of real GPUs and switches, judged on the command line. */
class GpuRecordedEvidenceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AT = "2025-08-21T12:00:00Z";
    private static final List<String> WITHOUT_COLLATERAL =
            List.of("--rims", "off", "--revocation", "off", "--offline", "--json");

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> everyReportGetsTheRecordedVerdict() throws IOException {
        return folders("attestation_report.hex")
                .map(folder -> dynamicTest(name(folder), () -> {
                    JsonNode expected = expected(folder);
                    Run run = verify(
                            WITHOUT_COLLATERAL,
                            "--report",
                            folder.resolve("attestation_report.hex"),
                            "--chain",
                            folder.resolve("cert_chain.pem"),
                            "--nonce",
                            expected.get("request_nonce").asText(),
                            "--at",
                            AT);

                    List<String> failures = new ArrayList<>();
                    addIf(failures, !expected.get("chain_valid").asBoolean(), "gpu.chain");
                    addIf(failures, !expected.get("signature_valid").asBoolean(), "gpu.signature");
                    addIf(
                            failures,
                            expected.get("fwid_match").isBoolean()
                                    && !expected.get("fwid_match").asBoolean(),
                            "gpu.fwid");
                    assertThat(run.failures()).containsExactlyInAnyOrderElementsOf(failures);
                    assertThat(run.code()).isEqualTo(failures.isEmpty() ? 0 : 1);
                    assertThat(devices(run)).hasSize(1);
                    assertDevice(devices(run).get(0), expected);
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyEvidenceDocumentGetsTheRecordedVerdict() throws IOException {
        return documents()
                .map(document -> dynamicTest(document.name(), () -> {
                    String nonce =
                            document.expected().get(0).get("request_nonce").asText();
                    Run run = verify(WITHOUT_COLLATERAL, "--evidence", document.file(), "--nonce", nonce, "--at", AT);

                    assertThat(run.failures()).isEmpty();
                    assertThat(run.code()).isZero();
                    assertThat(devices(run)).hasSameSizeAs(document.expected());
                    for (int i = 0; i < document.expected().size(); i++) {
                        assertDevice(devices(run).get(i), document.expected().get(i));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyComparisonWithReferenceValuesIsReproduced() throws IOException {
        return folders("attestation_report.hex")
                .filter(folder -> expected(folder).has("measurement_comparison"))
                .map(folder -> dynamicTest(name(folder), () -> {
                    JsonNode expected = expected(folder).get("measurement_comparison");
                    Run run = verify(
                            List.of("--revocation", "off", "--offline", "--json"),
                            arguments(folder, "--at", AT).toArray());

                    JsonNode found = devices(run).get(0).get("measurements");
                    int skipped =
                            expected.get("skipped_because_nvdec0_disabled").size();
                    assertThat(ints(found.get("skipped")))
                            .isEqualTo(ints(expected.get("skipped_because_nvdec0_disabled")));
                    assertThat(found.get("mismatched")).hasSameSizeAs(expected.get("mismatches"));
                    assertThat(found.get("matched").size())
                            .isEqualTo(expected.get("active_golden_entries").asInt()
                                    - skipped
                                    - expected.get("mismatches").size());
                    assertThat(outcome(run, "gpu.measurements"))
                            .isEqualTo(expected.get("measres").asText().equals("success") ? "PASSED" : "FAILED");
                }));
    }

    @TestFactory
    Stream<DynamicTest> aRequestWhoseNonceIsNotThatOfItsReportsIsRejected() throws IOException {
        return folders("nras_request.json")
                .filter(folder -> !nonceOfRequest(expected(folder)).equals(nonceOfReport(expected(folder))))
                .map(folder -> dynamicTest(name(folder), () -> {
                    Run run = verify(
                            WITHOUT_COLLATERAL,
                            "--evidence",
                            folder.resolve("nras_request.json"),
                            "--nonce",
                            nonceOfRequest(expected(folder)));

                    assertThat(run.code()).isEqualTo(1);
                    assertThat(run.json().get("error").asText())
                            .contains(nonceOfReport(expected(folder)))
                            .contains(nonceOfRequest(expected(folder)));
                }));
    }

    @Test
    void anH100IsAcceptedWithAllThatNvidiaSaysOfIt() throws Exception {
        Path folder = folder("hopper-h100-full-offline");
        // The answers on the device were recorded on one day and those on the reference values on another.
        JsonNode ocsp = expected(folder).get("ocsp");
        for (String at : List.of("verify_device_chain_at", "verify_rim_chain_at")) {
            List<Object> arguments = arguments(folder, "--at", ocsp.get(at).asText(), "--ocsp");
            try (Stream<Path> answers = Files.list(folder.resolve("ocsp"))) {
                answers.sorted().forEach(arguments::add);
            }
            Run run = verify(List.of("--revocation", "require", "--offline", "--json"), arguments.toArray());

            String other = at.equals("verify_device_chain_at") ? "gpu.rim." : "gpu.revocation";
            assertThat(run.failures())
                    .isNotEmpty()
                    .allSatisfy(id -> assertThat(id).startsWith(other));
        }
    }

    @Test
    void ofTwoRecordedDevicesOneVerdictIsMade() throws Exception {
        Path first = folder("hopper-h100-full-offline");
        Path second = folder("blackwell-gb100-575");
        Run run = verify(
                WITHOUT_COLLATERAL,
                "--report",
                first.resolve("attestation_report.hex"),
                "--chain",
                first.resolve("cert_chain.pem"),
                "--report",
                second.resolve("attestation_report.hex"),
                "--chain",
                second.resolve("cert_chain.pem"),
                "--without-freshness",
                "samples",
                "--at",
                AT);

        assertThat(run.code()).isZero();
        assertThat(devices(run)).hasSize(2);
    }

    @Test
    void aProtectedPcieSystemIsAcceptedWithItsTopology() throws Exception {
        Path folder = folder("ppcie-hgx-8gpu-4switch");
        String nonce = expected(folder).at("/gpu/evidence/0/request_nonce").asText();
        Object[] whole = {
            "--evidence",
            folder.resolve("gpu_evidence.json"),
            "--evidence",
            folder.resolve("switch_evidence.json"),
            "--nonce",
            nonce,
            "--at",
            AT,
            "--gpus",
            "8",
            "--switches",
            "4",
            "--topology"
        };
        Run run = verify(WITHOUT_COLLATERAL, whole);

        assertThat(run.failures()).isEmpty();
        assertThat(outcome(run, "gpu.topology")).isEqualTo("PASSED");
        assertThat(devices(run)).hasSize(12);
    }

    @Test
    void aSystemWithoutItsSwitchesIsRefusedWhereTheTopologyIsDemanded() throws Exception {
        Path folder = folder("ppcie-hgx-8gpu-4switch");
        String nonce = expected(folder).at("/gpu/evidence/0/request_nonce").asText();
        Run run = verify(
                WITHOUT_COLLATERAL,
                "--evidence",
                folder.resolve("gpu_evidence.json"),
                "--nonce",
                nonce,
                "--at",
                AT,
                "--topology");

        assertThat(run.failures()).containsExactly("gpu.topology");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void anotherNonceIsRefused() throws Exception {
        Path folder = folder("hopper-580-trailing-byte");
        Run run = verify(
                WITHOUT_COLLATERAL,
                "--report",
                folder.resolve("attestation_report.hex"),
                "--chain",
                folder.resolve("cert_chain.pem"),
                "--nonce",
                "ab".repeat(32),
                "--at",
                AT);

        assertThat(run.failures()).containsExactly("gpu.nonce");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void peopleReadOneLineForEachDevice() throws Exception {
        Path folder = folder("hopper-h100-full-offline");
        Run run = verify(
                List.of("--revocation", "off", "--offline"),
                arguments(folder, "--at", AT).toArray());

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("GPU-0  HOPPER  driver 550.90.07  vbios 96.00.9F.00.01")
                .contains("32 matched, 0 mismatched, 1 skipped")
                .contains("ACCEPTED")
                .contains("the nonce is that of NVIDIA's samples");
    }

    @Test
    void withoutReferenceValuesTheVerdictSaysWhichAreMissing() throws Exception {
        Path folder = folder("hopper-h100-full-offline");
        Run run = verify(
                List.of("--revocation", "off", "--offline", "--json"),
                "--report",
                folder.resolve("attestation_report.hex"),
                "--chain",
                folder.resolve("cert_chain.pem"),
                "--without-freshness",
                "a sample",
                "--at",
                AT);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failures()).contains("gpu.rim.driver.present", "gpu.rim.vbios.present");
        assertThat(detail(run, "gpu.rim.driver.present")).contains("NV_GPU_DRIVER_GH100_550.90.07");
        assertThat(detail(run, "gpu.rim.vbios.present")).contains("NV_GPU_VBIOS_1010_0200_882_96009F0001");
    }

    @Test
    void whatIsNoEvidenceIsRejected() throws Exception {
        Path garbage = Files.writeString(temporary.resolve("garbage.json"), "{\"a\":1}");
        Run run = verify(WITHOUT_COLLATERAL, "--evidence", garbage, "--without-freshness", "x");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json().get("accepted").asBoolean()).isFalse();
    }

    @Test
    void wrongUsageIsToldApart() throws Exception {
        Path folder = folder("hopper-h100-full-offline");
        Path report = folder.resolve("attestation_report.hex");
        Path chain = folder.resolve("cert_chain.pem");

        assertThat(verify(WITHOUT_COLLATERAL, "--report", report, "--nonce", "ab".repeat(32))
                        .code())
                .isEqualTo(2);
        assertThat(verify(WITHOUT_COLLATERAL, "--nonce", "ab".repeat(32)).code())
                .isEqualTo(2);
        assertThat(verify(WITHOUT_COLLATERAL, "--report", report, "--chain", chain)
                        .code())
                .isEqualTo(2);
        assertThat(verify(WITHOUT_COLLATERAL, "--report", report, "--chain", chain, "--nonce", "abcd")
                        .code())
                .isEqualTo(2);
        assertThat(verify(
                                WITHOUT_COLLATERAL,
                                "--report",
                                report,
                                "--chain",
                                temporary.resolve("nothing"),
                                "--nonce",
                                "ab".repeat(32))
                        .code())
                .isEqualTo(3);
    }

    private static void assertDevice(JsonNode device, JsonNode expected) {
        assertThat(device.get("ueid")).isEqualTo(expected.get("ueid"));
        assertThat(device.get("hwmodel")).isEqualTo(expected.get("hwmodel"));
        assertThat(device.get("nonce")).isEqualTo(expected.get("request_nonce"));
        boolean isSwitch = expected.has("bios_version");
        assertThat(device.get("architecture").asText())
                .isEqualTo(isSwitch ? "LS10" : expected.get("arch").asText());
        assertThat(device.get("vbios")).isEqualTo(expected.get(isSwitch ? "bios_version" : "vbios_version"));
        if (!isSwitch) {
            assertThat(device.get("driver")).isEqualTo(expected.get("driver_version"));
        }
    }

    /** A document with the evidence of devices, and what is expected of each. */
    private record Document(String name, Path file, List<JsonNode> expected) {

        static Document of(Path folder, JsonNode expected) {
            List<JsonNode> devices = StreamSupport.stream(
                            expected.get("evidence").spliterator(), false)
                    .toList();
            return in(folder, expected.get("file").asText(), devices);
        }

        static Document in(Path folder, String file, List<JsonNode> devices) {
            return new Document(folder.getFileName() + "/" + file, folder.resolve(file), devices);
        }
    }

    private static Stream<Document> documents() throws IOException {
        List<Document> documents = new ArrayList<>();
        for (Path folder : folders("expected.json").toList()) {
            JsonNode expected = expected(folder);
            for (JsonNode one : List.of(expected, expected.path("gpu"), expected.path("switch"))) {
                if (one.has("file") && one.has("evidence")) {
                    documents.add(Document.of(folder, one));
                }
            }
            if (expected.has("request_evidence") && nonceOfRequest(expected).equals(nonceOfReport(expected))) {
                documents.add(Document.in(
                        folder,
                        "nras_request.json",
                        StreamSupport.stream(expected.get("request_evidence").spliterator(), false)
                                .toList()));
            }
        }
        return documents.stream();
    }

    private static String nonceOfRequest(JsonNode expected) {
        return expected.at("/request/nonce").asText();
    }

    private static String nonceOfReport(JsonNode expected) {
        return expected.at("/request_evidence/0/request_nonce").asText();
    }

    private static List<Object> arguments(Path folder, Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(
                "--report",
                folder.resolve("attestation_report.hex"),
                "--chain",
                folder.resolve("cert_chain.pem"),
                "--nonce",
                expected(folder).get("request_nonce").asText()));
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file ->
                            file.toString().endsWith(".xml") || file.toString().endsWith(".swidtag"))
                    .sorted()
                    .forEach(rim -> arguments.addAll(List.of("--rim", rim)));
        }
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private static Run verify(List<String> options, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("gpu", "verify"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(options);
        return Run.vai(all.toArray());
    }

    private static JsonNode devices(Run run) throws IOException {
        return run.json().at("/facts/devices");
    }

    private static String outcome(Run run, String id) throws IOException {
        return check(run, id).get("outcome").asText();
    }

    private static String detail(Run run, String id) throws IOException {
        return check(run, id).get("detail").asText();
    }

    private static JsonNode check(Run run, String id) throws IOException {
        for (JsonNode check : run.json().get("checks")) {
            if (check.get("id").asText().equals(id)) {
                return check;
            }
        }
        throw new AssertionError("no check " + id);
    }

    private static Set<Integer> ints(JsonNode array) {
        Set<Integer> values = new TreeSet<>();
        array.forEach(value -> values.add(value.asInt()));
        return values;
    }

    private static void addIf(List<String> failures, boolean condition, String id) {
        if (condition) {
            failures.add(id);
        }
    }

    private static Stream<Path> folders(String file) throws IOException {
        Path root = root();
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(folder -> Files.exists(folder.resolve(file))).sorted().toList().stream();
        }
    }

    private static Path root() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "no folder of test data");
        return vectors.orElseThrow().resolve("nvidia");
    }

    private static Path folder(String name) {
        return root().resolve(name);
    }

    private static JsonNode expected(Path folder) {
        try {
            return JSON.readTree(Files.readString(folder.resolve("expected.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String name(Path folder) {
        return String.valueOf(folder.getFileName());
    }
}
