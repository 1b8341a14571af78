package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.DeviceResult;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.MeasurementComparison;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;
import org.verifiableai.attestation.nvidia.OpaqueData;
import org.verifiableai.attestation.nvidia.RimId;
import org.verifiableai.attestation.nvidia.UnitStatus;
import org.verifiableai.attestation.testkit.internal.Vectors;

/**
 * Real evidence. Each folder with raw reports is walked as it is found, and whatever its {@code expected.json} states
 * about a report, a chain or a device is compared.
 */
class GpuVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T00:00:00Z"), ZoneOffset.UTC);
    private static final GpuVerifier VERIFIER =
            GpuVerifier.builder().clock(CLOCK).build();

    private static GpuPolicy.Builder policy() {
        return GpuPolicy.builder()
                .architectures(GpuArchitecture.HOPPER, GpuArchitecture.BLACKWELL, GpuArchitecture.LS10)
                .withoutReferenceValues("this test is on the devices themselves")
                .withoutRevocation("this test is on the devices themselves")
                .withoutFwid("compared where it is present");
    }

    @TestFactory
    Stream<DynamicTest> rawReportsAreWhatTheirFoldersExpect() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            if (Files.exists(folder.resolve("attestation_report.hex"))) {
                tests.add(dynamicTest(
                        folder.getFileName().toString(),
                        () -> assertDevice(
                                expected,
                                GpuEvidence.ofText(
                                        Files.readString(folder.resolve("attestation_report.hex")),
                                        Files.readString(folder.resolve("cert_chain.pem"))))));
            }
            if (expected.has("request_evidence")) {
                addDevices(folder, expected.get("request_evidence"), nrasRequest(folder), tests);
            }
            for (JsonNode list : listsOf(expected)) {
                String file = list.get("file").asText();
                List<GpuEvidence> devices = devices(Files.readAllBytes(folder.resolve(file)));
                addDevices(folder, list.get("evidence"), devices, tests);
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> chainsAreAcceptedOrNotAsTheirFoldersExpect() throws IOException {
        // Any report will do: what is compared is the check of the chain.
        Bytes report = SoftwareNvidia.create().device(GpuArchitecture.HOPPER).report(Bytes.zeros(32));
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            expected.properties().forEach(entry -> {
                if (entry.getKey().endsWith(".pem") && entry.getValue().has("must_accept")) {
                    tests.add(dynamicTest(entry.getKey(), () -> {
                        GpuEvidence evidence = GpuEvidence.of(report, Files.readString(folder.resolve(entry.getKey())));
                        assertThat(evidence.certificates())
                                .hasSize(entry.getValue().get("certificates").asInt());
                        assertThat(outcome(verify(evidence), GpuChecks.CHAIN) == Outcome.PASSED)
                                .isEqualTo(entry.getValue().get("must_accept").asBoolean());
                    }));
                }
            });
        }
        return tests.stream();
    }

    /** The request states one nonce, and where the service found that a report answers another, so does the parser. */
    @TestFactory
    Stream<DynamicTest> requestsToTheServiceAreReadUnlessTheirNonceIsAnother() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            Path request = folder.resolve("nras_request.json");
            if (Files.exists(request)) {
                tests.add(dynamicTest(folder.getFileName().toString(), () -> {
                    Bytes json = Bytes.of(Files.readAllBytes(request));
                    List<GpuEvidence> devices = nrasRequest(folder);
                    Bytes stated = Bytes.fromHex(
                            JSON.readTree(request.toFile()).get("nonce").asText());
                    boolean answered = true;
                    for (GpuEvidence device : devices) {
                        answered &= GpuReport.parse(device.report())
                                .requesterNonce()
                                .equals(stated);
                    }
                    if (answered) {
                        assertThat(GpuEvidence.parseJson(json)).isEqualTo(devices);
                    } else {
                        assertThatExceptionOfType(MalformedEvidenceException.class)
                                .isThrownBy(() -> GpuEvidence.parseJson(json))
                                .withMessageContaining("as in the report, found " + stated);
                    }
                }));
            }
        }
        return tests.stream();
    }

    @Test
    void aRecordedReportThatAnswersItsNonceIsAcceptedAndAnotherNonceIsNot() throws Exception {
        Path folder = vectors().resolve("hopper-590-1gpu");
        GpuEvidence evidence = devices(Files.readAllBytes(folder.resolve("hopper_evidence.json")))
                .get(0);
        Bytes nonce = GpuReport.parse(evidence.report()).requesterNonce();

        assertThat(verify(evidence, policy().expectedNonce(nonce).build()).accepted())
                .isTrue();
        assertThat(verify(evidence, policy().expectedNonce(nonce.reversed()).build())
                        .failures())
                .extracting(CheckResult::id)
                .containsExactly(GpuChecks.NONCE);
    }

    @Test
    void aWholeGpuIsAcceptedOfflineAndItsAnswersAreOfTwoDays() throws Exception {
        Path folder = vectors().resolve("hopper-h100-full-offline");
        JsonNode ocsp = JSON.readTree(folder.resolve("expected.json").toFile()).get("ocsp");
        GpuEvidence evidence = GpuEvidence.ofText(
                Files.readString(folder.resolve("attestation_report.hex")),
                Files.readString(folder.resolve("cert_chain.pem")));
        Bytes nonce = GpuReport.parse(evidence.report()).requesterNonce();
        GpuPolicy.Builder policy = GpuPolicy.builder().expectedSampleNonce(nonce, "a public sample");
        Instant rimDay = Instant.parse(ocsp.get("verify_rim_chain_at").asText());
        Instant deviceDay = Instant.parse(ocsp.get("verify_device_chain_at").asText());
        GpuCollateral rims = new GpuCollateral(rims(folder), List.of());
        GpuCollateral all = new GpuCollateral(rims(folder), answers(folder));

        Verdict<GpuSystem> whole = at(rimDay)
                .verify(
                        List.of(evidence),
                        rims,
                        policy.withoutRevocation("other days").build())
                .verdict();
        assertThat(whole.failures()).isEmpty();
        assertThat(whole.accepted()).isTrue();
        assertThat(whole.checks().stream()
                        .filter(check -> check.id().equals(GpuChecks.NONCE))
                        .findFirst()
                        .orElseThrow()
                        .reason())
                .isEqualTo("sample-nonce");
        policy.requireRevocation();
        assertThat(at(deviceDay)
                        .verify(List.of(evidence), all, policy.build())
                        .devices()
                        .get(0))
                .satisfies(device ->
                        assertThat(device.check(GpuChecks.REVOCATION).reason()).isEqualTo("good"));
        assertThat(at(rimDay)
                        .verify(List.of(evidence), all, policy.build())
                        .devices()
                        .get(0))
                .satisfies(device -> assertThat(
                                device.check(GpuChecks.RIM_DRIVER_REVOCATION).reason())
                        .isEqualTo("good"))
                .satisfies(device -> assertThat(
                                device.check(GpuChecks.RIM_VBIOS_REVOCATION).reason())
                        .isEqualTo("good"))
                .satisfies(device ->
                        assertThat(device.check(GpuChecks.REVOCATION).reason()).isEqualTo("stale"));
    }

    @TestFactory
    Stream<DynamicTest> measurementsCompareAsTheirFoldersExpect() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected =
                    JSON.readTree(folder.resolve("expected.json").toFile()).path("measurement_comparison");
            if (expected.has("measres") && Files.exists(folder.resolve("attestation_report.hex"))) {
                tests.add(dynamicTest(folder.getFileName().toString(), () -> {
                    GpuEvidence evidence = GpuEvidence.ofText(
                            Files.readString(folder.resolve("attestation_report.hex")),
                            Files.readString(folder.resolve("cert_chain.pem")));
                    DeviceResult device = at(Instant.parse("2024-01-01T00:00:00Z"))
                            .verify(
                                    List.of(evidence),
                                    new GpuCollateral(rims(folder), List.of()),
                                    policy().requireReferenceValues()
                                            .withoutFreshness("recorded evidence")
                                            .build())
                            .devices()
                            .get(0);
                    MeasurementComparison comparison = device.measurements().orElseThrow();
                    assertThat(comparison.success())
                            .isEqualTo(expected.get("measres").asText().equals("success"));
                    assertThat(device.check(GpuChecks.MEASUREMENTS).outcome() == Outcome.PASSED)
                            .isEqualTo(comparison.success());
                    assertThat(comparison.matched().size()
                                    + comparison.skipped().size()
                                    + comparison.mismatches().size()
                                    + comparison.conflicts().size())
                            .isEqualTo(expected.get("active_golden_entries").asInt());
                    assertThat(comparison.skipped().stream()
                                    .map(String::valueOf)
                                    .toList())
                            .isEqualTo(texts(expected.path("skipped_because_nvdec0_disabled")));
                    assertThat(comparison.mismatches())
                            .hasSize(expected.get("mismatches").size());
                    assertThat(comparison.conflicts())
                            .hasSize(expected.get("index_conflicts").size());
                }));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @Test
    void aRecordedMachineOfEightGpusAndFourSwitchesIsAcceptedWithItsLinks() throws Exception {
        Path folder = vectors().resolve("ppcie-hgx-8gpu-4switch");
        List<GpuEvidence> evidence = new ArrayList<>(devices(Files.readAllBytes(folder.resolve("gpu_evidence.json"))));
        evidence.addAll(devices(Files.readAllBytes(folder.resolve("switch_evidence.json"))));
        GpuPolicy policy = policy().withoutFreshness("recorded evidence")
                .gpus(8)
                .switches(4)
                .modes(FeatureFlag.PPCIE)
                .requireTopology()
                .build();

        assertThat(VERIFIER.verify(evidence, GpuCollateral.NONE, policy)
                        .verdict()
                        .failures())
                .isEmpty();
        evidence.set(3, evidence.get(2));
        assertThat(VERIFIER.verify(evidence, GpuCollateral.NONE, policy)
                        .verdict()
                        .failures())
                .extracting(CheckResult::id)
                .containsExactly(GpuChecks.DEVICES);
    }

    private static GpuVerifier at(Instant instant) {
        return GpuVerifier.builder().clock(Clock.fixed(instant, ZoneOffset.UTC)).build();
    }

    private static List<Bytes> rims(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Bytes> rims = new ArrayList<>();
            for (Path file : files.filter(
                            f -> f.toString().endsWith(".xml") || f.toString().endsWith(".swidtag"))
                    .sorted()
                    .toList()) {
                rims.add(Bytes.of(Files.readAllBytes(file)));
            }
            return rims;
        }
    }

    private static List<Bytes> answers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("ocsp"))) {
            List<Bytes> answers = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                answers.add(Bytes.of(Base64.getMimeDecoder().decode(Files.readString(file))));
            }
            return answers;
        }
    }

    @Test
    void collectedEvidenceIsWrittenAsItWasRead() throws Exception {
        Path folder = vectors().resolve("ppcie-hgx-8gpu-4switch");
        for (String file : List.of("gpu_evidence.json", "switch_evidence.json")) {
            List<GpuEvidence> devices = devices(Files.readAllBytes(folder.resolve(file)));

            String written = GpuEvidence.toJson(devices);

            assertThat(devices(Bytes.utf8(written).toByteArray())).isEqualTo(devices);
            JsonNode original = JSON.readTree(folder.resolve(file).toFile());
            JsonNode ours = JSON.readTree(written);
            for (int i = 0; i < devices.size(); i++) {
                for (String member : List.of("arch", "nonce", "evidence", "certificate")) {
                    assertThat(ours.get(i).get(member))
                            .isEqualTo(original.get(i).get(member));
                }
            }
        }
    }

    @Test
    void pinnedRootsAreThoseThatNvidiaPublishes() throws Exception {
        Path folder = vectors().resolve("roots");
        for (String file : List.of("nvidia_device_identity_ca.pem", "nvidia_device_identity_ca_l1b.pem")) {
            JsonNode expected =
                    JSON.readTree(folder.resolve("expected.json").toFile()).get(file);
            Bytes der = GpuEvidence.of(Bytes.EMPTY, Files.readString(folder.resolve(file)))
                    .certificates()
                    .get(0);

            assertThat(NvidiaTrustAnchors.nvidia().anchors())
                    .filteredOn(anchor -> anchor.certificateSha256().equals(der.sha256()))
                    .singleElement()
                    .satisfies(anchor -> {
                        assertThat(anchor.certificateSha256().hex())
                                .isEqualTo(expected.get("sha256").asText());
                        assertThat(anchor.serial())
                                .isEqualToIgnoringCase(expected.get("serial").asText());
                        assertThat(der.hex()).contains(anchor.spki().hex());
                    });
        }
    }

    private static void addDevices(Path folder, JsonNode expected, List<GpuEvidence> devices, List<DynamicTest> tests) {
        tests.add(dynamicTest(
                folder.getFileName() + " holds " + expected.size() + " devices",
                () -> assertThat(devices).hasSize(expected.size())));
        for (int i = 0; i < expected.size(); i++) {
            JsonNode device = expected.get(i);
            GpuEvidence evidence = devices.get(i);
            tests.add(dynamicTest(folder.getFileName() + " device " + i, () -> assertDevice(device, evidence)));
        }
    }

    private static void assertDevice(JsonNode expected, GpuEvidence evidence) throws Exception {
        GpuReport report = GpuReport.parse(evidence.report());
        Verdict<GpuSystem> verdict = verify(evidence);
        assertReport(expected, report);
        assertOpaqueData(expected, report.opaqueData());
        if (expected.hasNonNull("arch")) {
            GpuArchitecture architecture =
                    GpuArchitecture.valueOf(expected.get("arch").asText());
            compareOptional(
                    expected,
                    "driver_rim_id",
                    JsonNode::asText,
                    RimId.driver(report, architecture).map(RimId::text));
            compareOptional(
                    expected,
                    "vbios_rim_id",
                    JsonNode::asText,
                    RimId.vbios(report, architecture).map(RimId::text));
        }

        compare(
                expected,
                "chain_length",
                n -> n.asInt(),
                evidence.certificates().size());
        compare(expected, "signature_valid", n -> n.asBoolean(), passed(verdict, GpuChecks.SIGNATURE));
        compare(expected, "chain_valid", n -> n.asBoolean(), passed(verdict, GpuChecks.CHAIN));
        if (expected.has("fwid_match")) {
            JsonNode match = expected.get("fwid_match");
            assertThat(outcome(verdict, GpuChecks.FWID))
                    .as("fwid_match")
                    .isEqualTo(
                            match.isNull()
                                    ? Outcome.NOT_EVALUATED
                                    : match.asBoolean() ? Outcome.PASSED : Outcome.FAILED);
        }
        List<CheckId> failures = new ArrayList<>();
        addUnless(expected.path("chain_valid").asBoolean(), GpuChecks.CHAIN, failures);
        addUnless(expected.path("signature_valid").asBoolean(), GpuChecks.SIGNATURE, failures);
        addUnless(expected.path("fwid_match").asBoolean(true), GpuChecks.FWID, failures);
        assertThat(verdict.failures()).extracting(CheckResult::id).isEqualTo(failures);
        boolean sound = failures.isEmpty();
        assertThat(verdict.accepted()).isEqualTo(sound);
        if (sound) {
            var facts = verdict.orElseThrow().facts();
            compare(expected, "ueid", JsonNode::asText, facts.getOrDefault("gpu.ueid", ""));
            compare(expected, "hwmodel", JsonNode::asText, facts.getOrDefault("gpu.hwmodel", ""));
            compare(expected, "arch", JsonNode::asText, facts.getOrDefault("gpu.architecture", ""));
        }
    }

    private static void addUnless(boolean holds, CheckId id, List<CheckId> failures) {
        if (!holds) {
            failures.add(id);
        }
    }

    private static void assertReport(JsonNode expected, GpuReport report) {
        compare(expected, "report_length", n -> n.asInt(), report.bytes().size());
        compare(
                expected,
                "spdm_end_offset",
                n -> n.asInt(),
                report.signedBytes().size() + report.signature().size());
        compare(
                expected,
                "trailing_bytes",
                n -> n.asInt(),
                report.trailingBytes().size());
        compare(
                expected,
                "request_nonce",
                JsonNode::asText,
                report.requesterNonce().hex());
        compare(
                expected,
                "response_nonce",
                JsonNode::asText,
                report.responderNonce().hex());
        compare(expected, "slot_id", n -> n.asInt(), report.slotId());
        compare(
                expected,
                "measurement_blocks",
                n -> n.asInt(),
                report.measurements().size());
        compare(
                expected,
                "measurement_record_length",
                n -> n.asInt(),
                report.measurements().values().stream()
                        .mapToInt(value -> value.size() + 7)
                        .sum());
        JsonNode measurements = expected.path("measurements");
        measurements
                .properties()
                .forEach(entry -> assertThat(report.measurements())
                        .containsEntry(
                                Integer.valueOf(entry.getKey()),
                                Bytes.fromHex(entry.getValue().asText())));
    }

    private static void assertOpaqueData(JsonNode expected, OpaqueData data) {
        if (expected.has("opaque_types_in_order")) {
            List<Integer> types = new ArrayList<>();
            expected.get("opaque_types_in_order").forEach(type -> types.add(type.asInt()));
            assertThat(List.copyOf(data.fields().keySet())).as("opaque types").isEqualTo(types);
        }
        compare(
                expected,
                "opaque_length",
                n -> n.asInt(),
                data.fields().values().stream()
                        .mapToInt(field -> field.size() + 4)
                        .sum());
        compare(expected, "vbios_version", JsonNode::asText, data.vbiosVersion());
        compare(expected, "bios_version", JsonNode::asText, data.vbiosVersion());
        compareOptional(expected, "driver_version", JsonNode::asText, data.driverVersion());
        compareOptional(expected, "project", JsonNode::asText, data.project());
        compareOptional(expected, "project_sku", JsonNode::asText, data.projectSku());
        compareOptional(expected, "chip_sku", JsonNode::asText, data.chipSku());
        compareOptional(expected, "chip_info", JsonNode::asText, data.chipInfo());
        compareOptional(expected, "nvdec0_status", GpuVectorsTest::status, data.nvdec0Status());
        compareOptional(expected, "protected_pcie_status", GpuVectorsTest::status, data.protectedPcieStatus());
        compareOptional(
                expected,
                "opaque_data_version",
                n -> n.asInt(),
                data.version().isPresent() ? Optional.of(data.version().getAsInt()) : Optional.empty());
        compareOptional(expected, "feature_flag", n -> FeatureFlag.valueOf(n.asText()), data.featureFlag());
        compareOptional(
                expected, "fwid_in_report", JsonNode::asText, data.fwid().map(Bytes::hex));
        compare(expected, "switch_pdis_reversed_unique_nonzero", GpuVectorsTest::texts, distinct(data.switchPdis()));
        compare(expected, "switch_pdi", n -> List.of(n.asText()), distinct(data.switchPdis()));
        if (expected.has("gpu_pdis")) {
            assertThat(data.gpuPdis().stream()
                            .map(pdi -> pdi.hex().toUpperCase(Locale.ROOT))
                            .sorted()
                            .toList())
                    .isEqualTo(texts(expected.get("gpu_pdis")));
        }
    }

    private static List<String> distinct(List<Bytes> pdis) {
        return pdis.stream()
                .filter(pdi -> !pdi.isZero())
                .map(pdi -> pdi.hex().toUpperCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static UnitStatus status(JsonNode hex) {
        return hex.asText().equals("0xaa") ? UnitStatus.ENABLED : UnitStatus.DISABLED;
    }

    private static <T> void compare(JsonNode expected, String name, Function<JsonNode, T> read, T found) {
        if (expected.hasNonNull(name)) {
            assertThat(found).as(name).isEqualTo(read.apply(expected.get(name)));
        }
    }

    private static <T> void compareOptional(
            JsonNode expected, String name, Function<JsonNode, T> read, Optional<T> found) {
        if (expected.has(name)) {
            JsonNode value = expected.get(name);
            assertThat(found).as(name).isEqualTo(value.isNull() ? Optional.empty() : Optional.of(read.apply(value)));
        }
    }

    private static boolean passed(Verdict<GpuSystem> verdict, CheckId id) {
        return outcome(verdict, id) == Outcome.PASSED;
    }

    private static Outcome outcome(Verdict<GpuSystem> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    private static Verdict<GpuSystem> verify(GpuEvidence evidence) {
        return verify(evidence, policy().withoutFreshness("recorded evidence").build());
    }

    private static Verdict<GpuSystem> verify(GpuEvidence evidence, GpuPolicy policy) {
        return VERIFIER.verify(List.of(evidence), GpuCollateral.NONE, policy).verdict();
    }

    private static List<GpuEvidence> devices(byte[] json) throws IOException {
        try {
            return GpuEvidence.parseJson(Bytes.of(json));
        } catch (MalformedEvidenceException e) {
            throw new IOException(e);
        }
    }

    /** What was sent to NVIDIA's service: the same two members for each device, in another envelope. */
    private static List<GpuEvidence> nrasRequest(Path folder) throws IOException {
        List<GpuEvidence> devices = new ArrayList<>();
        for (JsonNode device :
                JSON.readTree(folder.resolve("nras_request.json").toFile()).get("evidence_list")) {
            Base64.Decoder base64 = Base64.getDecoder();
            try {
                devices.add(GpuEvidence.of(
                        Bytes.of(base64.decode(device.get("evidence").asText())),
                        new String(base64.decode(device.get("certificate").asText()), StandardCharsets.US_ASCII)));
            } catch (MalformedEvidenceException e) {
                throw new IOException(e);
            }
        }
        return devices;
    }

    /** Every object, at any depth, that names a file of evidence and lists what is expected of its devices. */
    private static List<JsonNode> listsOf(JsonNode expected) {
        return expected.findParents("evidence").stream()
                .filter(node -> node.path("evidence").isArray() && node.has("file"))
                .toList();
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> children = Files.list(vectors())) {
            return children.filter(child -> Files.exists(child.resolve("expected.json")))
                    .sorted()
                    .toList();
        }
    }

    private static Path vectors() {
        Optional<Path> directory = Vectors.directory();
        Assumptions.assumeTrue(directory.isPresent(), "no vectors at hand");
        return directory.orElseThrow().resolve("nvidia");
    }
}
