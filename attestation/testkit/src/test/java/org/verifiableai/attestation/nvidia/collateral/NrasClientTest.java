package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.verifiableai.attestation.nvidia.collateral.Samples.GPU;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.KEY;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NOW;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NVIDIA;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;
import static org.verifiableai.attestation.nvidia.collateral.Samples.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.internal.http.Transport;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuEvidence;

class NrasClientTest {

    private static final Bytes NONCE = Bytes.utf8("0123456789abcdefghijklmnopqrstuv");
    private static final GpuEvidence HOPPER = GPU.evidence(NONCE);
    private static final GpuEvidence SWITCH =
            NVIDIA.device(GpuArchitecture.LS10).evidence(NONCE);
    private static final Bytes BUNDLE = Bytes.utf8("[[\"JWT\",\"e30.e30.\"],{\"GPU-0\":\"e30.e30.\"}]");

    private final FakeTime time = new FakeTime(NOW);
    private final Script service = new Script(time);

    @Test
    void evidenceIsSentAsTheServiceReadsIt() throws Exception {
        service.then(BUNDLE);

        assertThat(client().build().attest(List.of(HOPPER, HOPPER), NONCE))
                .isEqualTo(Map.of(GpuArchitecture.HOPPER, BUNDLE));
        Transport.Request request = service.asked().get(0);
        assertThat(request.toString()).isEqualTo("POST https://nras.attestation.nvidia.com/v4/attest/gpu");
        assertThat(request.fields())
                .isEqualTo(Map.of("Content-Type", "application/json", "Accept", "application/json"));
        JsonNode json = json(request);
        assertThat(json.fieldNames()).toIterable().containsExactly("nonce", "arch", "evidence_list", "claims_version");
        assertThat(json.get("nonce").asText()).isEqualTo(NONCE.hex());
        assertThat(json.get("arch").asText()).isEqualTo("HOPPER");
        assertThat(json.get("claims_version").asText()).isEqualTo("3.0");
        assertThat(json.get("evidence_list")).hasSize(2).allSatisfy(item -> {
            assertThat(Bytes.of(item.get("evidence").binaryValue())).isEqualTo(HOPPER.report());
            assertThat(GpuEvidence.of(
                            HOPPER.report(),
                            new String(item.get("certificate").binaryValue(), StandardCharsets.US_ASCII)))
                    .isEqualTo(HOPPER);
        });
    }

    @Test
    void eachFamilyHasARequestOfItsOwn() throws Exception {
        Bytes ofSwitches = Bytes.utf8("[[\"JWT\",\"e30.e30.\"],{\"SWITCH-0\":\"e30.e30.\"}]");
        service.then(BUNDLE).then(ofSwitches);

        assertThat(client().version(NrasClient.Version.V3, NrasClient.ClaimsVersion.FLAT)
                        .build()
                        .attest(List.of(SWITCH, HOPPER), NONCE))
                .isEqualTo(Map.of(GpuArchitecture.HOPPER, BUNDLE, GpuArchitecture.LS10, ofSwitches));
        assertThat(service.requests())
                .containsExactly(
                        "https://nras.attestation.nvidia.com/v3/attest/gpu",
                        "https://nras.attestation.nvidia.com/v3/attest/switch");
        assertThat(json(service.asked().get(1)).get("claims_version").asText()).isEqualTo("2.0");
    }

    @Test
    void theServiceIsAskedToLetHeldCertificatesPassOnlyOnDemand() throws Exception {
        service.then(BUNDLE);

        client().allowCertHold().serviceKey(KEY).build().attest(List.of(HOPPER), NONCE);
        assertThat(service.asked().get(0).fields())
                .containsEntry("X-NVIDIA-OCSP-ALLOW-CERT-HOLD", "true")
                .containsEntry("Authorization", "Bearer " + KEY);
    }

    @Test
    void aJudgementIsNotKept() throws Exception {
        service.then(BUNDLE);
        NrasClient client = client().build();

        client.attest(List.of(HOPPER), NONCE);
        client.attest(List.of(HOPPER), NONCE);
        assertThat(service.requests()).hasSize(2);
    }

    @Test
    void troubleIsTriedAgain() throws Exception {
        service.then(503).then(new IOException("reset")).then(HTML).then(BUNDLE);

        assertThat(client().build().attest(List.of(HOPPER), NONCE)).containsValue(BUNDLE);
        assertThat(service.requests()).hasSize(4);
    }

    @Test
    void aServiceThatWantsToBeLeftAloneIsSentNothingElseEither() {
        service.thenRetryAfter(429, "31").then(BUNDLE);
        NrasClient client = client().build();

        assertThat(failure(() -> client.attest(List.of(HOPPER), NONCE)).retryable())
                .isTrue();
        assertThat(failure(() -> client.attest(List.of(HOPPER, HOPPER), NONCE)))
                .hasMessageContaining("was asked a moment ago");
        assertThat(service.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422})
    void aRefusalIsNotTriedAgain(int status) {
        service.then(status);

        EvidenceUnavailableException failure =
                failure(() -> client().serviceKey(KEY).build().attest(List.of(HOPPER), NONCE));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessageStartingWith("attestation of 1 HOPPER devices: attestation service"
                        + " https://nras.attestation.nvidia.com answered " + status)
                .hasMessageNotContaining(KEY);
        assertThat(service.requests()).hasSize(1);
    }

    @Test
    void aPostIsOnlyRedirectedWithItsBody() throws Exception {
        service.thenRedirect(308, "/v5/attest/gpu").then(BUNDLE);
        client().build().attest(List.of(HOPPER), NONCE);
        assertThat(service.asked().get(1).post())
                .isEqualTo(service.asked().get(0).post());

        Script dropping = new Script(time).thenRedirect(302, "/login");
        NrasClient client =
                NrasClient.builder().settings(scripted(dropping, time).build()).build();
        assertThat(failure(() -> client.attest(List.of(HOPPER), NONCE)))
                .hasMessageContaining("redirected a POST by 302, which would drop its body");
        assertThat(dropping.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "[{},{}]",
                "[[\"JWT\",\"e30.e30.\"]]",
                "[[\"JWT\",\"e30.e30.\"],[]]",
                "[[\"JWT\",\"e30.e30.\"],{},{}]",
                "[[\"JWT\",\"e30.e30.\"],{}] x"
            })
    void whatIsNoBundleIsNotTaken(String json) {
        service.then(Bytes.utf8(json));

        EvidenceUnavailableException failure = failure(() -> client().build().attest(List.of(HOPPER), NONCE));
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("answered something else: ");
    }

    @Test
    void evidenceOfAnUnknownFamilyIsNotSent() {
        GpuEvidence unknown = new GpuEvidence(HOPPER.report(), List.of());

        assertThatThrownBy(() -> client().build().attest(List.of(HOPPER, unknown), NONCE))
                .isInstanceOf(MalformedEvidenceException.class)
                .hasMessageContaining("certificates of device 1");
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void noEvidenceAndNoNonceAreTheCallersMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> client().build().attest(List.of(), NONCE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().build().attest(List.of(HOPPER), Bytes.zeros(31)));
    }

    private NrasClient.Builder client() {
        return NrasClient.builder().settings(scripted(service, time).build());
    }

    private static JsonNode json(Transport.Request request) throws IOException {
        return new ObjectMapper().readTree(request.post().orElseThrow().toByteArray());
    }
}
