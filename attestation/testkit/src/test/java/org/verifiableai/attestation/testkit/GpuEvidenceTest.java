package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
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

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "[1]", "null", "[{}", "[{},]", "[[[[[[[[[[[["})
    void otherDocumentsAreRefused(String json) {
        assertRefused(json, "expected");
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
