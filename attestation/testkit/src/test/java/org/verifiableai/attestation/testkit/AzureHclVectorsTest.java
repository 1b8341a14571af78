package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.guest.AzureHclReport;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Walks every recorded blob of an Azure vTPM: its report has to be the recorded one and bind its runtime data. */
class AzureHclVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BLOB = "hcl.bin";

    @TestFactory
    Stream<DynamicTest> everyBlobBindsItsRuntimeData() throws IOException {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded blobs are not at hand");
        try (Stream<Path> folders = Files.list(vectors.get().resolve("sev-snp"))) {
            return folders
                    .filter(f -> Files.exists(f.resolve(BLOB)))
                    .sorted()
                    .map(f -> dynamicTest(f.getFileName().toString(), () -> check(f)))
                    .toList()
                    .stream();
        }
    }

    private static void check(Path folder) throws Exception {
        JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());

        AzureHclReport hcl = AzureHclReport.parse(bytes(folder, BLOB));

        assertThat(hcl.report()).isEqualTo(bytes(folder, "report.bin"));
        assertThat(hcl.expectedReportData().hex())
                .isEqualTo(expected.get("report_data").asText());
        assertThat(modulus(hcl.attestationKey())).isEqualTo(modulusIn(hcl.runtimeData()));

        Verdict<SnpReport> verdict = verify(folder, expected, hcl, hcl.expectedReportData());
        assertThat(verdict.accepted()).as(verdict.toJson()).isEqualTo(valid(expected));
        assertThat(verify(folder, expected, hcl, Bytes.zeros(64)).failures())
                .extracting(CheckResult::id)
                .contains(SnpChecks.REPORT_DATA);
    }

    private static boolean valid(JsonNode expected) {
        return expected.at("/expect/verdict").asText().equals("valid");
    }

    private static Verdict<SnpReport> verify(Path folder, JsonNode expected, AzureHclReport hcl, Bytes reportData)
            throws Exception {
        Clock at = Clock.fixed(
                OffsetDateTime.parse(expected.get("verify_at").asText()).toInstant(), ZoneOffset.UTC);
        SnpEvidence evidence = SnpEvidence.of(
                hcl.report(),
                bytes(folder, "vcek.der"),
                List.of(bytes(folder, "ask.pem"), bytes(folder, "ark.pem")),
                List.of());
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(reportData)
                .anyMeasurement("the paravisor's is not at hand")
                .withoutRevocation("no list is at hand")
                .build();
        return SnpVerifier.builder().clock(at).build().verify(evidence, policy);
    }

    private static BigInteger modulus(Bytes spki) throws Exception {
        return ((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki.toByteArray())))
                .getModulus();
    }

    private static BigInteger modulusIn(Bytes runtimeData) throws IOException {
        for (JsonNode key : JSON.readTree(runtimeData.toByteArray()).get("keys")) {
            if (key.get("kid").asText().equals("HCLAkPub")) {
                return new BigInteger(
                        1, Base64.getUrlDecoder().decode(key.get("n").asText()));
            }
        }
        throw new AssertionError("no attestation key");
    }

    private static Bytes bytes(Path folder, String name) throws IOException {
        return Bytes.of(Files.readAllBytes(folder.resolve(name)));
    }
}
