package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.nvidia.MeasurementComparison.Mismatch;
import org.verifiableai.attestation.testkit.internal.Vectors;

/**
 * Real manifests. Every one that lies in any folder is read and checked, and whatever an {@code expected.json} states about
 * it, or about the report beside it, is compared.
 */
class RimVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RimChecker CHECKER = new RimChecker(NvidiaTrustAnchors.rim(), SignatureEngine.standard(), 0);

    @TestFactory
    Stream<DynamicTest> manifestsAreWhatTheirFoldersExpect() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            for (Path file : manifests(folder)) {
                String name = file.getFileName().toString();
                tests.add(dynamicTest(
                        folder.getFileName() + "/" + name,
                        () -> assertManifest(expected.path(name), CHECKER.check(Bytes.of(Files.readAllBytes(file))))));
            }
        }
        return tests.stream();
    }

    /** A manifest of which nothing is stated is a sound one of NVIDIA's. */
    private static void assertManifest(JsonNode expected, CheckedRim checked) {
        Rim rim = checked.rim();
        assertThat(checked.signatureDefects().isEmpty())
                .as("%s", checked.signatureDefects())
                .isEqualTo(expected.path("xmldsig_valid_with_embedded_leaf").asBoolean(true));
        assertThat(checked.signatureDefects().stream().noneMatch(d -> d.startsWith("signature ")))
                .isEqualTo(expected.path("signature_value_valid").asBoolean(true));
        assertThat(checked.signatureDefects().stream().noneMatch(d -> d.startsWith("digest ")))
                .isEqualTo(expected.path("reference_digest_valid").asBoolean(true));
        assertThat(checked.chainDefects().isEmpty())
                .as("%s", checked.chainDefects())
                .isEqualTo(expected.path("chains_to_nvidia_rim_root").asBoolean(true));
        assertThat(checked.root().isPresent())
                .isEqualTo(expected.path("chains_to_nvidia_rim_root").asBoolean(true));
        assertThat(checked.chainDefects().stream().noneMatch(d -> d.contains("issuer") || d.contains("signed by")))
                .isEqualTo(expected.path("embedded_chain_links").asBoolean(true));
        if (expected.isMissingNode()) {
            return;
        }
        assertThat(checked.certificates().get(0).notAfter())
                .isEqualTo(Instant.parse(expected.get("leaf_not_after").asText()));
        assertThat(checked.sound()
                        && checked.invalidAt(Instant.parse("2025-08-01T00:00:00Z"))
                                .isEmpty())
                .isEqualTo(expected.get("must_accept_at_2025-08-01").asBoolean());
        assertThat(rim.version()).isEqualTo(expected.get("colloquialVersion").asText());
        assertThat(rim.product()).isEqualTo(expected.get("name").asText());
        assertThat(rim.edition()).isEqualTo("GPU");
        assertThat(rim.tagId()).isEqualTo(expected.get("tagId").asText());
        assertThat(rim.names()).hasSize(expected.get("resources").asInt());
        assertThat(List.copyOf(rim.referenceValues().keySet())).isEqualTo(numbers(expected.get("active_indices")));
        TreeMap<String, Integer> alternatives = new TreeMap<>();
        rim.referenceValues().forEach((index, values) -> alternatives.put(index.toString(), values.size()));
        assertThat(JSON.<JsonNode>valueToTree(alternatives)).isEqualTo(expected.get("alternatives_by_active_index"));
    }

    @TestFactory
    Stream<DynamicTest> measurementsAreWhatTheirFoldersExpect() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            if (expected.has("measurement_comparison")) {
                tests.add(dynamicTest(
                        folder.getFileName().toString(),
                        () -> assertComparison(expected.get("measurement_comparison"), expected, folder)));
            }
        }
        return tests.stream();
    }

    private static void assertComparison(JsonNode comparison, JsonNode expected, Path folder) throws Exception {
        GpuReport report = report(folder);
        Rim vbios = manifest(folder, comparison.at("/rim_versions/Firmware").asText());
        Optional<Rim> driver = comparison.at("/rim_versions/Driver").isMissingNode()
                ? Optional.empty()
                : Optional.of(
                        manifest(folder, comparison.at("/rim_versions/Driver").asText()));
        MeasurementComparison found = MeasurementComparison.of(report, driver, vbios);

        assertThat(found.matched().size()
                        + found.skipped().size()
                        + found.conflicts().size()
                        + found.mismatches().size())
                .isEqualTo(comparison.get("active_golden_entries").asInt());
        assertThat(List.copyOf(found.skipped())).isEqualTo(numbers(comparison.get("skipped_because_nvdec0_disabled")));
        assertThat(List.copyOf(found.conflicts())).isEqualTo(numbers(comparison.get("index_conflicts")));
        assertThat(found.mismatches()).hasSize(comparison.get("mismatches").size());
        assertThat(found.success()).isEqualTo(comparison.get("measres").asText().equals("success"));
        assertThat(found.decoderStatusMissing()).isFalse();

        GpuArchitecture architecture = driver.isPresent()
                ? GpuArchitecture.valueOf(expected.get("arch").asText())
                : GpuArchitecture.LS10;
        String vbiosId =
                expected.path(driver.isPresent() ? "vbios_rim_id" : "rim_id").asText();
        assertThat(RimId.vbios(report, architecture)).contains(new RimId(vbiosId));
        assertThat(RimId.driver(report, architecture).map(RimId::text))
                .isEqualTo(Optional.ofNullable(expected.get("driver_rim_id")).map(JsonNode::asText));
    }

    @Test
    void aReportOfAnotherReleaseMismatches() throws Exception {
        Path older = vectors().resolve("hopper-545-test-no-gpu");

        MeasurementComparison found = MeasurementComparison.of(
                report(vectors().resolve("hopper-h100-full-offline")),
                Optional.of(manifest(older, "545.00")),
                manifest(older, "96.00.5E.00.01"));

        assertThat(found.mismatches()).hasSize(20);
        assertThat(found.mismatches()).extracting(Mismatch::index).isSorted().doesNotContain(35);
        assertThat(found.skipped()).containsExactly(35);
        assertThat(found.success()).isFalse();
    }

    @Test
    void aManifestThatWasSignedAgainSaysTheSame() throws Exception {
        Path folder = vectors().resolve("rim-resigned-same-id");
        JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
        List<CheckedRim> both = new ArrayList<>();
        for (String which : List.of("older", "newer")) {
            Path file = manifests(folder).stream()
                    .filter(path -> path.getFileName().toString().startsWith(which))
                    .findFirst()
                    .orElseThrow();
            CheckedRim checked = CHECKER.check(Bytes.of(Files.readAllBytes(file)));
            assertThat(checked.rim().xml().sha256().hex())
                    .isEqualTo(expected.get("sha256")
                            .get(file.getFileName().toString())
                            .asText());
            assertThat(checked.sound()).isTrue();
            Instant notAfter =
                    Instant.parse(expected.get("leaf_not_after").get(which).asText());
            assertThat(checked.invalidAt(notAfter)).isEmpty();
            assertThat(checked.invalidAt(notAfter.plusSeconds(1)))
                    .singleElement()
                    .asString()
                    .startsWith("certificate 0 (HCC RIM L4 Signer) must be valid at");
            both.add(checked);
        }

        assertThat(both.get(0).rim().referenceValues())
                .isEqualTo(both.get(1).rim().referenceValues());
        assertThat(both.get(0).rim()).isNotEqualTo(both.get(1).rim());
    }

    @TestFactory
    Stream<DynamicTest> theRuntimeSignsWhatWeVerify() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            for (Path file : manifests(folder)) {
                tests.add(dynamicTest(
                        folder.getFileName() + "/" + file.getFileName(),
                        () -> assertSameAsRuntime(Bytes.of(Files.readAllBytes(file)))));
            }
        }
        return tests.stream();
    }

    private static void assertSameAsRuntime(Bytes xml) throws Exception {
        SignatureElement signature = RimDocument.parse(xml).signature();
        var key = CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(signature.certificates().get(0).toByteArray()))
                .getPublicKey();
        DOMValidateContext context = new DOMValidateContext(key, signature.element());
        context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
        XMLSignature runtime = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        boolean valid = runtime.validate(context);

        assertThat(RimSignature.signedBytes(signature))
                .isEqualTo(
                        Bytes.of(runtime.getSignedInfo().getCanonicalizedData().readAllBytes()));
        assertThat(CHECKER.check(xml).signatureDefects().isEmpty()).isEqualTo(valid);
    }

    @Test
    void thePinnedRootIsTheOneThatNvidiaPublishes() throws Exception {
        Path folder = vectors().resolve("roots");
        JsonNode expected =
                JSON.readTree(folder.resolve("expected.json").toFile()).get("nvidia_corim_signing_root_ca.pem");
        NvidiaTrustAnchors published = NvidiaTrustAnchors.ofCertificate(
                Bytes.of(Files.readAllBytes(folder.resolve("nvidia_corim_signing_root_ca.pem"))));

        assertThat(NvidiaTrustAnchors.rim().anchors()).singleElement().satisfies(anchor -> {
            assertThat(anchor.certificateSha256().hex())
                    .isEqualTo(expected.get("sha256").asText());
            assertThat(anchor.serial())
                    .isEqualToIgnoringCase(expected.get("serial").asText());
            assertThat(anchor.spki()).isEqualTo(published.anchors().get(0).spki());
            assertThat(anchor.certificateSha256())
                    .isEqualTo(published.anchors().get(0).certificateSha256());
        });
    }

    private static Rim manifest(Path folder, String version) throws Exception {
        for (Path file : manifests(folder)) {
            Rim rim = Rim.parse(Bytes.of(Files.readAllBytes(file)));
            if (rim.version().equals(version)) {
                return rim;
            }
        }
        throw new IOException("no manifest of version " + version + " in " + folder);
    }

    private static GpuReport report(Path folder) throws Exception {
        return GpuReport.parse(GpuEvidence.ofText(
                        Files.readString(folder.resolve("attestation_report.hex")),
                        Files.readString(folder.resolve("cert_chain.pem")))
                .report());
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }

    private static List<Path> manifests(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".xml") || file.toString().endsWith(".swidtag"))
                    .sorted()
                    .toList();
        }
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
