package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.ReferenceValues;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** A real device, and the manifests and answers that NVIDIA gave out for it. */
class NvidiaCollateralVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theManifestsAndAnswersOfARealDeviceAreFound() throws Exception {
        Path folder = vectors().resolve("hopper-h100-full-offline");
        List<Bytes> answers = answers(folder.resolve("ocsp"));
        JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
        FakeTime time = new FakeTime(Instant.parse(
                expected.path("ocsp").path("verify_device_chain_at").asText()));
        Script responder = new Script(time).thenAnswer(request -> answer(answers, request.post()));
        OcspClient ocsp = OcspClient.builder()
                .settings(Samples.scripted(responder, time).build())
                .build();

        GpuCollateral found = GpuCollateralCompletion.from(RimDirectory.of(folder), ocsp)
                .referenceValues(ReferenceValues.REQUIRE)
                .revocation(Revocation.USE_IF_AVAILABLE)
                .clock(time)
                .build()
                .complete(List.of(evidence(folder)));
        assertThat(found.rims())
                .containsExactlyInAnyOrder(
                        read(folder.resolve("NV_GPU_DRIVER_GH100_550.90.07.xml")),
                        read(folder.resolve("NV_GPU_VBIOS_1010_0200_882_96009F0001.xml")));
        assertThat(found.ocspResponses()).containsExactlyInAnyOrderElementsOf(answers);
    }

    @Test
    void aRealKeySetIsOne() throws Exception {
        for (String name : List.of("nras-v3-1gpu-success", "nras-v3-8gpu-success", "nras-v3-8gpu-nonce-mismatch")) {
            Bytes keys = read(vectors().resolve(name).resolve("jwks.json"));
            FakeTime time = new FakeTime(Samples.NOW);
            JwksClient client = JwksClient.builder()
                    .settings(
                            Samples.scripted(new Script(time).then(keys), time).build())
                    .build();

            assertThat(client.keys()).isEqualTo(keys);
        }
    }

    /** What is sent has the members that a real request has, and more; what came back then is a bundle. */
    @Test
    void aRealRequestAndItsAnswerAreMet() throws Exception {
        Path folder = vectors().resolve("nras-v3-1gpu-success");
        JsonNode request = JSON.readTree(folder.resolve("nras_request.json").toFile());
        JsonNode device = request.path("evidence_list").get(0);
        Bytes certificates = Bytes.of(device.path("certificate").binaryValue());
        GpuEvidence evidence = GpuEvidence.of(
                Bytes.of(device.path("evidence").binaryValue()),
                new String(certificates.toByteArray(), StandardCharsets.US_ASCII));
        Bytes bundle = read(folder.resolve("nras_response.json"));
        FakeTime time = new FakeTime(Samples.NOW);
        Script service = new Script(time).then(bundle);
        NrasClient client = NrasClient.builder()
                .settings(Samples.scripted(service, time).build())
                .build();

        assertThat(client.attest(
                        List.of(evidence), Bytes.fromHex(request.path("nonce").asText())))
                .containsValue(bundle);
        JsonNode sent =
                JSON.readTree(service.asked().get(0).post().orElseThrow().toByteArray());
        assertThat(sent.path("nonce")).isEqualTo(request.path("nonce"));
        assertThat(sent.path("arch")).isEqualTo(request.path("arch"));
        JsonNode item = sent.path("evidence_list").get(0);
        assertThat(item.path("evidence")).isEqualTo(device.path("evidence"));
        assertThat(GpuEvidence.of(
                        evidence.report(),
                        new String(item.path("certificate").binaryValue(), StandardCharsets.US_ASCII)))
                .isEqualTo(evidence);
    }

    private static Bytes answer(List<Bytes> answers, Optional<Bytes> request) {
        try {
            CertificateID asked = new OCSPReq(request.orElseThrow().toByteArray()).getRequestList()[0].getCertID();
            for (Bytes answer : answers) {
                BasicOCSPResp basic = (BasicOCSPResp) new OCSPResp(answer.toByteArray()).getResponseObject();
                if (basic.getResponses()[0].getCertID().equals(asked)) {
                    return answer;
                }
            }
            return Bytes.of(new OCSPRespBuilder()
                    .build(OCSPRespBuilder.UNAUTHORIZED, null)
                    .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OCSPException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GpuEvidence evidence(Path folder) throws Exception {
        return GpuEvidence.ofText(
                Files.readString(folder.resolve("attestation_report.hex")),
                Files.readString(folder.resolve("cert_chain.pem")));
    }

    private static List<Bytes> answers(Path folder) throws IOException {
        List<Bytes> answers = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                answers.add(Bytes.of(
                        Base64.getMimeDecoder().decode(Files.readString(file).strip())));
            }
        }
        return answers;
    }

    private static Path vectors() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "no vectors.dir");
        return vectors.orElseThrow().resolve("nvidia");
    }

    private static Bytes read(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }
}
