package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Real reports, the folders that hold their certificates, and the addresses at which AMD has them. */
class CollateralVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> theAddressOfEachRealVcekIsTheOneThatWasUsed() throws IOException {
        return cases("kds_vcek_url")
                .map(folder -> dynamicTest(folder.getFileName() + "", () -> {
                    JsonNode expected = expected(folder);
                    SnpReport report = SnpReport.parse(read(folder.resolve("report.bin")));
                    VcekId id = VcekId.of(
                            report,
                            ProductLine.parse(expected.path("product_line").asText()));

                    // Leading zeros of the numbers are optional.
                    assertThat(KdsClient.AMD + id.path())
                            .isEqualTo(expected.path("kds_vcek_url").asText().replaceAll("=0+(?=[0-9])", "="));
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachRealReportIsCompletedFromItsFolder() throws IOException {
        return cases("vek")
                .filter(folder -> Files.exists(folder.resolve("vcek.der")))
                .filter(folder -> Files.exists(folder.resolve("report.bin")))
                .filter(folder -> !folder.getFileName().toString().startsWith("neg-"))
                .map(folder -> dynamicTest(folder.getFileName() + "", () -> {
                    CertificateDirectory directory = CertificateDirectory.load(folder);
                    SnpEvidence evidence = EvidenceCompletion.from(directory)
                            .revocation(Revocation.USE_IF_AVAILABLE)
                            .build()
                            .complete(read(folder.resolve("report.bin")));

                    assertThat(directory.skipped()).isEmpty();
                    assertThat(evidence.vek()).isEqualTo(read(folder.resolve("vcek.der")));
                    assertThat(evidence.authorities()).hasSize(2);
                }));
    }

    @Test
    void theRealRevocationListIsFound() throws Exception {
        Path folder = vectors().resolve("crl-genoa");
        assumeTrue(Files.isDirectory(folder));
        Bytes list = read(folder.resolve("crl.der"));
        CertificateDirectory directory = CertificateDirectory.load(folder);

        assertThat(directory.skipped()).isEmpty();
        assertThat(directory.revocationLists(ProductLine.GENOA, SigningKey.VCEK, Instant.parse("2025-01-01T00:00:00Z")))
                .containsExactly(list);
        assertThat(new KdsResource.Crl(ProductLine.GENOA, Endpoint.VCEK)
                        .read(list)
                        .parts())
                .containsExactly(list);
    }

    @Test
    void theRealVlekIsFoundByLineAndTcb() throws Exception {
        Path folder = vectors().resolve("vlek-cert-only");
        assumeTrue(Files.isDirectory(folder));
        JsonNode spl = expected(folder).path("spl");
        CertificateDirectory directory = CertificateDirectory.load(folder);
        Optional<Bytes> vlek = directory.vlek(
                ProductLine.MILAN,
                TcbVersion.of(
                        spl.path("bootloader").asInt(),
                        spl.path("tee").asInt(),
                        spl.path("snp").asInt(),
                        spl.path("microcode").asInt()));

        assertThat(vlek).hasValue(read(folder.resolve("vlek.der")));
        assertThat(directory.authorities(ProductLine.MILAN, SigningKey.VLEK)).hasSize(2);
    }

    private static Stream<Path> cases(String member) throws IOException {
        List<Path> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(vectors())) {
            for (Path folder : folders.filter(f -> Files.exists(f.resolve("expected.json")))
                    .sorted()
                    .toList()) {
                if (expected(folder).hasNonNull(member)) {
                    cases.add(folder);
                }
            }
        }
        return cases.stream();
    }

    private static Path vectors() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "no vectors.dir");
        return vectors.orElseThrow().resolve("sev-snp");
    }

    private static JsonNode expected(Path folder) throws IOException {
        return JSON.readTree(folder.resolve("expected.json").toFile());
    }

    private static Bytes read(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }
}
