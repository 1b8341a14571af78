package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuEvidence;

class GpuEvidenceTest {

    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));

    private final SoftwareNvidia nvidia = SoftwareNvidia.create();
    private final GpuEvidence evidence = nvidia.device(GpuArchitecture.HOPPER).evidence(NONCE);

    @ParameterizedTest
    @EnumSource(GpuArchitecture.class)
    void evidenceSurvivesItsJson(GpuArchitecture architecture) throws Exception {
        GpuEvidence device = nvidia.device(architecture).evidence(NONCE);

        String json = device.toJson();

        assertThat(json).startsWith("[{\"arch\":\"" + architecture + "\",\"nonce\":\"" + NONCE + "\",\"evidence\":\"");
        assertThat(GpuEvidence.parseJson(Bytes.utf8(json))).containsExactly(device);
    }

    @Test
    void severalDevicesKeepTheirOrder() throws Exception {
        List<GpuEvidence> devices =
                List.of(evidence, nvidia.device(GpuArchitecture.BLACKWELL).evidence(NONCE), evidence);

        assertThat(GpuEvidence.parseJson(Bytes.utf8(GpuEvidence.toJson(devices))))
                .isEqualTo(devices);
    }

    @Test
    void membersThatNobodySignsAreIgnored() throws Exception {
        String json =
                evidence.toJson().replace("[{", "[{\"version\":\"1.0\",\"driver_version\":\"1\",\"more\":{\"x\":[1]},");

        assertThat(GpuEvidence.parseJson(Bytes.utf8(json))).containsExactly(evidence);
    }

    @Test
    void theNonceMayBeInUpperCase() throws Exception {
        String json = evidence.toJson().replace(NONCE.hex(), "A1".repeat(32));

        assertThat(GpuEvidence.parseJson(Bytes.utf8(json))).containsExactly(evidence);
    }

    @Test
    void aNonceThatContradictsTheReportIsRefused() {
        assertRefused(evidence.toJson().replace(NONCE.hex(), "b2".repeat(32)), "as in the report");
    }

    @Test
    void anArchitectureThatContradictsTheCertificatesIsRefused() {
        assertRefused(evidence.toJson().replace("HOPPER", "BLACKWELL"), "HOPPER as in the certificates");
    }

    @Test
    void anArchitectureThatNobodyKnowsIsRefused() {
        assertRefused(evidence.toJson().replace("HOPPER", "hopper"), "HOPPER, BLACKWELL or LS10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch", "nonce", "evidence", "certificate"})
    void aMissingMemberIsRefused(String member) {
        assertRefused(evidence.toJson().replace("\"" + member + "\"", "\"other\""), member);
    }

    @Test
    void whatNvattestPrintsIsRead() throws Exception {
        assertThat(GpuEvidence.parseJson(Bytes.utf8(nvattest()))).containsExactly(evidence);
    }

    @Test
    void whatIsSentToTheServiceIsReadInAnyOrder() throws Exception {
        String head = "\"arch\":\"HOPPER\",\"nonce\":\"" + NONCE + "\"";
        String list = "\"evidence_list\":[" + bare(evidence) + "," + bare(evidence) + "]";

        assertThat(GpuEvidence.parseJson(Bytes.utf8("{" + head + "," + list + ",\"claims_version\":\"3.0\"}")))
                .containsExactly(evidence, evidence);
        assertThat(GpuEvidence.parseJson(Bytes.utf8("{" + list + "," + head + "}")))
                .containsExactly(evidence, evidence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch", "nonce"})
    void theServiceIsToldNonceAndArchitectureOfAll(String member) {
        assertRefused(request().replace("\"" + member + "\"", "\"other\""), member + " at offset 0x0");
    }

    @Test
    void whatStandsAroundTheDevicesDoesNotContradictThem() {
        assertRefused(request().replace(NONCE.hex(), "b2".repeat(32)), "as in the report");
        assertRefused(request().replace("HOPPER", "BLACKWELL"), "HOPPER as in the certificates");
        assertRefused(request().replace("HOPPER", "Hopper"), "HOPPER, BLACKWELL or LS10");
        assertRefused(nvattest().replaceFirst("\\{", "{\"nonce\":\"" + "b2".repeat(32) + "\","), "as in the report");
        assertRefused(trustee("LS10", evidence.report().base64()), "HOPPER as in the certificates");
        assertRefused(
                trustee(
                        "HOPPER\",\"nonce\":\"" + "b2".repeat(32),
                        evidence.report().base64()),
                "as in the report");
    }

    @Test
    void whatTheServiceIsToldOfOneDeviceDoesNotContradictItEither() {
        String device = "{\"evidence\":";
        assertRefused(
                request().replace(device, "{\"nonce\":\"" + "b2".repeat(32) + "\",\"evidence\":"), "as in the report");
        assertRefused(request().replace(device, "{\"arch\":\"LS10\",\"evidence\":"), "HOPPER as in the certificates");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hopper", "HOPPER", "hopper"})
    void whatTrusteeHandsOnIsReadInBase64AndInHex(String architecture) throws Exception {
        for (String report : List.of(
                evidence.report().base64(),
                evidence.report().hex(),
                evidence.report().hex().toUpperCase(Locale.ROOT))) {
            assertThat(GpuEvidence.parseJson(Bytes.utf8(trustee(architecture, report))))
                    .containsExactly(evidence);
        }
    }

    @Test
    void onlyTrusteeHasHexAndArchitecturesInAnyCase() {
        assertRefused(nvattest().replace("HOPPER", "Hopper"), "HOPPER, BLACKWELL or LS10");
        // Of a length that is base64 too: as such it is no report, and its nonce another.
        assertRefused(
                nvattest().replace(evidence.report().base64(), evidence.report().hex()), "expected");
        assertRefused(trustee("HOPPER", evidence.report().hex() + "0"), "padded base64");
        assertRefused(trustee("Ampere", evidence.report().base64()), "HOPPER, BLACKWELL or LS10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch", "evidence", "certificate"})
    void aMemberThatTrusteesDeviceLacksIsRefused(String member) {
        assertRefused(trustee("HOPPER", evidence.report().base64()).replace("\"" + member + "\"", "\"other\""), member);
    }

    @Test
    void anObjectHasOneListOfDevices() {
        assertRefused(
                nvattest().replaceFirst("\\{", "{\"evidence_list\":[{}],"), "one list of devices, found a second");
        assertRefused("{\"evidences\":[]}", "at least one device");
        assertRefused("{\"evidences\":{}}", "an array as evidences");
        assertRefused("{\"evidences\":null}", "an array as evidences");
        assertRefused("{\"evidences\":[1]}", "an object for each device");
        assertRefused(nvattest() + "{}", "the end of the document");
        assertRefused("{\"evidence\":[]}", "evidences, evidence_list or device_evidence_list, found none of them");
        assertRefused("{\"nonce\":1,\"evidences\":[]}", "a string as nonce");
    }

    private String nvattest() {
        return "{\"result_code\":0,\"evidences\":" + evidence.toJson() + ",\"result_message\":\"Ok\"}";
    }

    private String request() {
        return "{\"nonce\":\"" + NONCE + "\",\"arch\":\"HOPPER\",\"evidence_list\":[" + bare(evidence) + "]}";
    }

    private String trustee(String architecture, String report) {
        return "{\"device_evidence_list\":[{\"arch\":\"" + architecture + "\",\"uuid\":\"GPU-1\",\"evidence\":\""
                + report + "\",\"certificate\":\"" + Bytes.utf8(pem()).base64() + "\"}]}";
    }

    private String bare(GpuEvidence device) {
        return "{\"evidence\":\"" + device.report().base64() + "\",\"certificate\":\""
                + Bytes.utf8(pem()).base64() + "\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "[1]", "null", "[{}", "[{},]", "[[[[[[[[[[[["})
    void otherDocumentsAreRefused(String json) {
        assertRefused(json, "expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void anotherEncodingThanUtf8IsRefused(String encoding) {
        Bytes json = Bytes.of(evidence.toJson().getBytes(Charset.forName(encoding)));

        for (Bytes document : List.of(json, Bytes.fromHex("efbbbf").concat(Bytes.utf8(evidence.toJson())))) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> GpuEvidence.parseJson(document))
                    .withMessageContaining("expected UTF-8 without a mark");
        }
    }

    @Test
    void aRepeatedMemberIsRefused() {
        assertRefused(evidence.toJson().replace("[{", "[{\"nonce\":\"" + NONCE + "\","), "uplicate");
    }

    @Test
    void aMemberThatIsNoStringIsRefused() {
        assertRefused(evidence.toJson().replace("\"" + NONCE + "\"", "null"), "a string as nonce");
    }

    @Test
    void textBehindTheArrayIsRefused() {
        assertRefused(evidence.toJson() + " []", "the end of the document");
    }

    @Test
    void base64ThatIsNotPaddedIsRefused() {
        String base64 = evidence.report().base64();
        assertThat(base64).endsWith("=");

        assertRefused(evidence.toJson().replace(base64, base64.replace("=", "")), "padded base64");
    }

    @Test
    void moreDevicesThanAnyMachineHasAreRefused() {
        String json = evidence.toJson();
        String device = json.substring(1, json.length() - 1);

        assertRefused("[" + (device + ",").repeat(256) + device + "]", "at most 256 devices");
    }

    @Test
    void aDocumentBeyondTheLimitIsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuEvidence.parseJson(Bytes.zeros(17 * 1024 * 1024)))
                .withMessageContaining("at most 16777216 bytes");
    }

    @Test
    void evidenceThatTheFormCannotHoldIsNotWritten() {
        GpuEvidence shortReport = new GpuEvidence(Bytes.zeros(35), evidence.certificates());
        GpuEvidence rootAlone = new GpuEvidence(evidence.report(), List.of(nvidia.rootCertificate()));

        assertThatIllegalArgumentException().isThrownBy(shortReport::toJson).withMessageContaining("36 bytes");
        assertThatIllegalArgumentException().isThrownBy(rootAlone::toJson).withMessageContaining("architecture");
    }

    @Test
    void textFilesGiveTheSameEvidence() throws Exception {
        assertThat(GpuEvidence.ofText(evidence.report().hex(), pem())).isEqualTo(evidence);
    }

    @Test
    void nulsBehindTheCertificatesAreIgnoredSinceOneCollectorLeavesThem() throws Exception {
        assertThat(GpuEvidence.of(evidence.report(), pem() + "\0\0\0\0\0")).isEqualTo(evidence);
    }

    @Test
    void textWithoutCertificatesIsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuEvidence.of(evidence.report(), "no certificate at all"))
                .withMessageContaining("certificates");
    }

    private String pem() {
        StringBuilder pem = new StringBuilder();
        for (Bytes certificate : evidence.certificates()) {
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(certificate.base64().replaceAll("(.{64})", "$1\n"))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return pem.toString();
    }

    @Test
    void mutatedDocumentsAreReadOrRefusedAsMalformedAndNothingElse() {
        Random random = new Random(20261124);
        byte[] whole = Bytes.utf8(evidence.toJson()).toByteArray();
        for (int round = 0; round < 1_000; round++) {
            byte[] mutant = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            Bytes json = Bytes.of(mutant, 0, random.nextInt(10) == 0 ? random.nextInt(mutant.length) : mutant.length);
            try {
                assertThat(GpuEvidence.parseJson(json)).hasSize(1);
            } catch (MalformedEvidenceException expected) {
                assertThat(expected.getMessage()).doesNotContain("\n");
            } catch (RuntimeException e) {
                fail("round " + round, e);
            }
        }
    }

    private static void assertRefused(String json, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuEvidence.parseJson(Bytes.utf8(json)))
                .withMessageContaining(message);
    }
}
