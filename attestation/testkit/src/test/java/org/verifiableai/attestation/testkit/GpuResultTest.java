package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.testkit.GpuLab.GPU;
import static org.verifiableai.attestation.testkit.GpuLab.NONCE;
import static org.verifiableai.attestation.testkit.GpuLab.OTHER_VALUE;
import static org.verifiableai.attestation.testkit.GpuLab.RIMS;
import static org.verifiableai.attestation.testkit.GpuLab.SWITCH;
import static org.verifiableai.attestation.testkit.GpuLab.TWIN;
import static org.verifiableai.attestation.testkit.GpuLab.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.OpaqueField;

/** What a result says in JSON. */
class GpuResultTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void anAcceptanceSaysWhatItProvesOfEachDevice() throws Exception {
        GpuResult result = shown(GPU).result();
        JsonNode json = JSON.readTree(result.toJson());

        assertThat(names(json)).containsExactly("accepted", "checks", "facts");
        assertThat(json.get("accepted").booleanValue()).isTrue();
        assertThat(json.at("/facts/devicesProven").booleanValue()).isTrue();
        assertThat(names(json.get("facts")))
                .containsExactly(
                        "gpu.evaluated-at",
                        "gpu.gpus",
                        "gpu.policy-digest",
                        "gpu.signature-engine",
                        "gpu.switches",
                        "devicesProven",
                        "devices");
        assertThat(json.at("/facts/devices")).isEqualTo(JSON.readTree(result.devicesJson()));
        JsonNode device = json.at("/facts/devices/0");
        assertThat(names(device))
                .containsExactly(
                        "name",
                        "architecture",
                        "hwmodel",
                        "ueid",
                        "driver",
                        "vbios",
                        "nonce",
                        "fwid",
                        "mode",
                        "measurements");
        assertThat(device.get("name").textValue()).isEqualTo("GPU-0");
        assertThat(device.get("architecture").textValue()).isEqualTo("HOPPER");
        assertThat(device.get("hwmodel").textValue()).isEqualTo("GH100 A01 GSP BROM");
        assertThat(device.get("ueid").textValue()).matches("[1-9][0-9]{40,}");
        assertThat(device.get("driver").textValue()).isEqualTo("580.95.05");
        assertThat(device.get("vbios").textValue()).isEqualTo("96.00.9F.00.01");
        assertThat(device.get("nonce").textValue()).isEqualTo(NONCE.hex());
        assertThat(device.get("fwid").textValue()).matches("[0-9a-f]{96}");
        assertThat(device.get("mode").textValue()).isEqualTo("SPT");
    }

    @Test
    void theComparisonIsToldByIndex() throws Exception {
        JsonNode measurements = measurements(shown(GPU).result());

        assertThat(names(measurements))
                .containsExactly("success", "matched", "mismatched", "skipped", "conflicts", "details");
        assertThat(measurements.get("success").booleanValue()).isTrue();
        assertThat(measurements.get("matched")).hasSize(32);
        assertThat(measurements.get("matched").get(0).intValue()).isZero();
        assertThat(measurements.get("skipped").toString()).isEqualTo("[35]");
        assertThat(measurements.get("mismatched")).isEmpty();
        assertThat(measurements.get("conflicts")).isEmpty();
        assertThat(measurements.get("details")).isEmpty();
    }

    @Test
    void aMismatchIsToldWithEverythingThatWouldHaveDone() throws Exception {
        Bytes alternative = Bytes.utf8("yet another build").sha384();
        Bytes expected = Bytes.utf8("software GH100 measurement 8").sha384();
        GpuResult result = shown(GPU.withMeasurement(1, OTHER_VALUE).withMeasurement(8, OTHER_VALUE))
                .withRims(RIMS.driver(GPU).withValues(7, expected, alternative).xml(), GpuLab.VBIOS)
                .result();
        JsonNode json = JSON.readTree(result.toJson());
        JsonNode measurements = json.at("/facts/devices/0/measurements");

        assertThat(json.get("accepted").booleanValue()).isFalse();
        assertThat(json.at("/facts/devicesProven").booleanValue()).isFalse();
        assertThat(measurements.get("success").booleanValue()).isFalse();
        assertThat(measurements.get("mismatched").toString()).isEqualTo("[0,7]");
        JsonNode vbios = measurements.get("details").get(0);
        assertThat(names(vbios)).containsExactly("index", "source", "expected", "found");
        assertThat(vbios.get("index").intValue()).isZero();
        assertThat(vbios.get("source").textValue()).isEqualTo("vbios");
        JsonNode driver = measurements.get("details").get(1);
        assertThat(driver.get("index").intValue()).isEqualTo(7);
        assertThat(driver.get("source").textValue()).isEqualTo("driver");
        assertThat(driver.get("expected").toString())
                .isEqualTo("[\"" + expected.hex() + "\",\"" + alternative.hex() + "\"]");
        assertThat(driver.get("found").textValue()).isEqualTo(OTHER_VALUE.hex());
    }

    @Test
    void aConflictIsTold() throws Exception {
        JsonNode measurements = measurements(shown(GPU)
                .withRims(
                        GpuLab.DRIVER,
                        RIMS.vbios(GPU).withValues(21, OTHER_VALUE).xml())
                .result());

        assertThat(measurements.get("success").booleanValue()).isFalse();
        assertThat(measurements.get("conflicts").toString()).isEqualTo("[21]");
        assertThat(measurements.get("mismatched")).isEmpty();
    }

    @Test
    void whatADeviceDoesNotMeasureIsNull() throws Exception {
        GpuResult result = shown(SWITCH)
                .withRims(RIMS.vbios(SWITCH).withValues(40, OTHER_VALUE).xml())
                .result(policy -> policy.architectures(GpuArchitecture.LS10));
        JsonNode detail = measurements(result).get("details").get(0);

        assertThat(detail.get("index").intValue()).isEqualTo(40);
        assertThat(detail.get("found").isNull()).isTrue();
        assertThat(detail.get("expected").toString()).isEqualTo("[\"" + OTHER_VALUE.hex() + "\"]");
    }

    @Test
    void whatADeviceDoesNotStateIsNull() throws Exception {
        GpuResult result = shown(SWITCH)
                .withRims()
                .result(policy -> policy.architectures(GpuArchitecture.LS10).withoutReferenceValues("test"));
        JsonNode device = JSON.readTree(result.toJson()).at("/facts/devices/0");

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(device.get("name").textValue()).isEqualTo("SWITCH-0");
        assertThat(device.get("architecture").textValue()).isEqualTo("LS10");
        assertThat(device.get("vbios").textValue()).isEqualTo("96.10.55.00.01");
        for (String member : List.of("driver", "fwid", "mode", "measurements")) {
            assertThat(device.has(member)).as(member).isTrue();
            assertThat(device.get(member).isNull()).as(member).isTrue();
        }
    }

    @Test
    void whatCannotBeReadIsNull() throws Exception {
        GpuEvidence sound = GPU.evidence(NONCE);
        GpuResult report = judge(new GpuEvidence(Bytes.zeros(9), sound.certificates()));
        GpuResult chain = judge(new GpuEvidence(sound.report(), List.of()));
        GpuResult both = judge(new GpuEvidence(Bytes.EMPTY, List.of()));

        assertThat(nulls(report)).containsExactly("driver", "vbios", "nonce", "fwid", "mode", "measurements");
        assertThat(nulls(chain)).containsExactly("architecture", "hwmodel", "ueid", "measurements");
        assertThat(nulls(both)).hasSize(9).doesNotContain("name");
        for (GpuResult result : List.of(report, chain, both)) {
            assertThat(JSON.readTree(result.toJson()).at("/facts/devicesProven").booleanValue())
                    .isFalse();
        }
    }

    @Test
    void aRejectionHasTheClaimsOfEachDeviceAndNoFacts() throws Exception {
        JsonNode json =
                JSON.readTree(shown(GPU, TWIN).result(policy -> policy.gpus(8)).toJson());

        assertThat(json.get("accepted").booleanValue()).isFalse();
        assertThat(names(json.get("facts"))).containsExactly("devicesProven", "devices");
        assertThat(json.at("/facts/devices")).hasSize(2);
        assertThat(json.at("/facts/devices/1/name").textValue()).isEqualTo("GPU-1");
    }

    @Test
    void noDevicesAreAnEmptyList() throws Exception {
        GpuResult result = GpuLab.verifierAt(GpuLab.NOW)
                .verify(
                        List.of(),
                        GpuCollateral.NONE,
                        GpuPolicy.builder().expectedNonce(NONCE).build());

        assertThat(result.devices()).isEmpty();
        assertThat(JSON.readTree(result.toJson()).at("/facts/devices")).isEmpty();
        assertThat(JSON.readTree(result.toJson()).get("checks")).hasSize(GpuChecks.ALL.size());
    }

    @Test
    void checksAreToldWithTheWordForWhatTheyFound() throws Exception {
        JsonNode json = JSON.readTree(shown(GPU).withAnswers(List.of()).result().toJson());

        assertThat(json.get("checks")).anySatisfy(check -> {
            assertThat(check.get("id").textValue()).isEqualTo("gpu.revocation");
            assertThat(check.get("outcome").textValue()).isEqualTo("FAILED");
            assertThat(check.get("reason").textValue()).isEqualTo("unavailable");
        });
    }

    @Test
    void everyReasonOfAPolicyStandsInTheVerdict() {
        GpuResult result = shown(GPU.withoutOpaque(OpaqueField.FWID))
                .result(policy -> policy.withoutFreshness("reason 1")
                        .withoutReferenceValues("reason 2")
                        .withoutRevocation("reason 3")
                        .withoutFwid("reason 4"));

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(result.toJson())
                .contains(
                        "waived by policy: reason 1",
                        "waived by policy: reason 2",
                        "waived by policy: reason 3",
                        "waived by policy: reason 4");
    }

    @Test
    void aPublicSampleIsCalledOne() {
        Bytes sample = Bytes.fromHex("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb");
        GpuResult result = GpuLab.verifierAt(GpuLab.NOW)
                .verify(
                        List.of(GPU.evidence(sample)),
                        new GpuCollateral(shown(GPU).rims(), shown(GPU).answers()),
                        GpuPolicy.builder()
                                .expectedSampleNonce(sample, "a demonstration")
                                .build());
        CheckResult nonce = GpuLab.check(result.verdict(), GpuChecks.NONCE);

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(nonce.reason()).isEqualTo("sample-nonce");
        assertThat(nonce.detail()).contains("it proves no freshness; allowed by policy: a demonstration");
        assertThat(GpuLab.check(
                                GpuLab.verifierAt(GpuLab.NOW)
                                        .verify(
                                                List.of(GPU.evidence(NONCE)),
                                                GpuCollateral.NONE,
                                                GpuPolicy.builder()
                                                        .expectedSampleNonce(sample, "a demonstration")
                                                        .build())
                                        .verdict(),
                                GpuChecks.NONCE)
                        .reason())
                .isEmpty();
    }

    @Test
    void equalResultsAreEqualTexts() {
        GpuLab.Shown shown = shown(GPU, TWIN);

        assertThat(shown.result().toJson()).isEqualTo(shown.result().toJson());
    }

    @Test
    void aDeviceHasItsOwnChecksAndNoOthers() {
        GpuResult result = shown(GPU).result();

        assertThat(result.devices().get(0).checks())
                .extracting(CheckResult::id)
                .containsExactlyElementsOf(GpuChecks.OF_A_DEVICE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> result.devices().get(0).check(GpuChecks.TOPOLOGY))
                .withMessageContaining("gpu.topology");
    }

    private static GpuResult judge(GpuEvidence evidence) {
        return GpuLab.verifierAt(GpuLab.NOW)
                .verify(
                        List.of(evidence),
                        GpuCollateral.NONE,
                        GpuPolicy.builder().expectedNonce(NONCE).build());
    }

    private static JsonNode measurements(GpuResult result) throws JsonProcessingException {
        return JSON.readTree(result.toJson()).at("/facts/devices/0/measurements");
    }

    private static List<String> nulls(GpuResult result) throws JsonProcessingException {
        JsonNode device = JSON.readTree(result.devicesJson()).get(0);
        return names(device).stream().filter(name -> device.get(name).isNull()).toList();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> all = object.fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        return names;
    }
}
