package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.GpuLab.DRIVER;
import static org.verifiableai.attestation.testkit.GpuLab.EXPIRED;
import static org.verifiableai.attestation.testkit.GpuLab.GPU;
import static org.verifiableai.attestation.testkit.GpuLab.LAST_YEAR;
import static org.verifiableai.attestation.testkit.GpuLab.NOW;
import static org.verifiableai.attestation.testkit.GpuLab.OTHER_VALUE;
import static org.verifiableai.attestation.testkit.GpuLab.RESIGNED;
import static org.verifiableai.attestation.testkit.GpuLab.RIMS;
import static org.verifiableai.attestation.testkit.GpuLab.STRANGER;
import static org.verifiableai.attestation.testkit.GpuLab.SWITCH;
import static org.verifiableai.attestation.testkit.GpuLab.VBIOS;
import static org.verifiableai.attestation.testkit.GpuLab.shown;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.nvidia.DeviceResult;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.MeasurementComparison;
import org.verifiableai.attestation.nvidia.OpaqueField;
import org.verifiableai.attestation.testkit.GpuLab.Shown;

/** Which manifests are taken for a device, and what its measurements are compared with. */
class GpuManifestRulesTest {

    private static final Shown SOUND = shown(GPU);
    private static final Bytes ON = Bytes.fromHex("aa");
    // Several manifests of one version.

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofAManifestThatWasSignedAgainTheOneThatIsValidCounts(boolean turned) {
        Bytes old = EXPIRED.driver(GPU).xml();

        GpuResult result = SOUND.withRims(either(turned, old, DRIVER, VBIOS)).result();

        assertThat(result.verdict().failures()).isEmpty();
        assertThat(facts(result))
                .contains(DRIVER.sha256().hex())
                .doesNotContain(old.sha256().hex());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofAManifestThatWasSignedAgainTheOneThatIsNotRevokedCounts(boolean turned) {
        List<Bytes> answers = GpuLab.concat(
                RIMS.ocspAnswers(NOW),
                GPU.ocspAnswers(NOW),
                List.of(RESIGNED.ocsp(0)
                        .revoking(LAST_YEAR)
                        .answer(RESIGNED.certificates().get(0), NOW)));
        Bytes revoked = RESIGNED.vbios(GPU).xml();

        GpuResult result = SOUND.withRims(either(turned, revoked, VBIOS, DRIVER))
                .withAnswers(answers)
                .result();

        assertThat(result.verdict().failures()).isEmpty();
        assertThat(facts(result))
                .contains(VBIOS.sha256().hex())
                .doesNotContain(revoked.sha256().hex());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aForgedManifestBesideTheRealOneDeniesNothing(boolean turned) {
        for (Bytes forged :
                List.of(broken(RIMS.driver(GPU)), STRANGER.driver(GPU).xml())) {
            GpuResult result =
                    SOUND.withRims(either(turned, forged, DRIVER, VBIOS)).result();

            assertThat(result.verdict().failures()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aForgedManifestHidesNothingThatTheRealOneSays(boolean turned) {
        // The real one knows another value than the device measures, and the forged one the device's own.
        SoftwareGpu changed = GPU.withMeasurement(8, OTHER_VALUE);
        for (Bytes forged :
                List.of(broken(RIMS.driver(changed)), STRANGER.driver(changed).xml())) {
            GpuResult result = shown(changed)
                    .withRims(either(turned, forged, DRIVER, VBIOS))
                    .result();

            assertFailsAlone(result, GpuChecks.MEASUREMENTS, "index 7");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoManifestsThatNvidiaSignedTheOneThatTheDeviceMeetsCounts(boolean turned) {
        Bytes otherDriver = RIMS.driver(GPU).withValues(22, OTHER_VALUE).xml();
        Bytes otherVbios = RIMS.vbios(GPU).withValues(3, OTHER_VALUE).xml();

        assertThat(SOUND.withRims(either(turned, otherDriver, DRIVER, VBIOS))
                        .result()
                        .verdict()
                        .failures())
                .isEmpty();
        assertThat(SOUND.withRims(either(turned, otherVbios, VBIOS, DRIVER))
                        .result()
                        .verdict()
                        .failures())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoManifestsThatNvidiaSignedTheOneWithoutConflictCounts(boolean turned) {
        Bytes conflicting = RIMS.driver(GPU).withValues(0, OTHER_VALUE).xml();

        assertThat(SOUND.withRims(either(turned, conflicting, DRIVER, VBIOS))
                        .result()
                        .verdict()
                        .failures())
                .isEmpty();
    }

    // Which manifest is a device's.

    @Test
    void aManifestOfAnotherProductIsNoneForTheDevice() {
        GpuResult result = SOUND.withRims(RIMS.driver(GPU).withProduct("GB100").xml(), VBIOS)
                .result();

        assertFailsAlone(result, GpuChecks.RIM_DRIVER_PRESENT, "found those of GB100 580.95.05, GH100 96.00.9F.00.01");
        assertThat(check(result, GpuChecks.RIM_DRIVER_PRESENT).reason()).isEqualTo("unavailable");
        assertThat(check(result, GpuChecks.MEASUREMENTS).detail()).contains("gpu.rim.driver.present failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"580.95.5", "580.95.05.00", "580.95.050", "580.95"})
    void aDriversVersionIsComparedAsItIsWritten(String version) {
        GpuResult result = SOUND.withRims(RIMS.driver(GPU).withVersion(version).xml(), VBIOS)
                .result();

        assertFailsAlone(result, GpuChecks.RIM_DRIVER_PRESENT, "NV_GPU_DRIVER_GH100_580.95.05");
    }

    @Test
    void aFirmwareImagesVersionMayBeInLowerCase() {
        GpuResult result = SOUND.withRims(
                        DRIVER, RIMS.vbios(GPU).withVersion("96.00.9f.00.01").xml())
                .result();

        assertThat(result.verdict().failures()).isEmpty();
    }

    @Test
    void aManifestOfADriverDoesNotStandForOneOfAFirmwareImage() {
        assertFailsAlone(
                SOUND.withRims(DRIVER).result(), GpuChecks.RIM_VBIOS_PRESENT, "NV_GPU_VBIOS_1010_0200_882_96009F0001");
        assertFailsAlone(SOUND.withRims(VBIOS).result(), GpuChecks.RIM_DRIVER_PRESENT, "NV_GPU_DRIVER_GH100_580.95.05");
    }

    @Test
    void aManifestThatCannotBeReadIsTold() {
        Bytes garbage = Bytes.utf8("<SoftwareIdentity");

        assertFailsAlone(
                SOUND.withRims(garbage, VBIOS).result(),
                GpuChecks.RIM_DRIVER_PRESENT,
                "found those of GH100 96.00.9F.00.01, and 1 that cannot be read (");
        assertThat(SOUND.withRims(garbage, DRIVER, garbage, VBIOS)
                        .result()
                        .verdict()
                        .failures())
                .isEmpty();
    }

    @Test
    void aSwitchNeedsTheManifestOfItsFirmwareImageAlone() {
        Shown shown = shown(SWITCH).withRims(RIMS.vbios(SWITCH).xml());

        GpuResult result = shown.result(policy -> policy.architectures(GpuArchitecture.LS10));

        assertThat(result.verdict().failures()).isEmpty();
        assertThat(result.verdict().accepted()).isTrue();
        for (CheckId id : driverChecks()) {
            assertThat(check(result, id).reason()).isEqualTo(CheckResult.NOT_APPLICABLE);
        }
        assertThat(comparison(result).matched()).hasSize(31);
    }

    // With less than all.

    @Test
    void nothingAtHandIsWaivedInWords() {
        GpuResult result = SOUND.withRims().result(GpuManifestRulesTest::ifAvailable);

        assertThat(result.verdict().accepted()).isTrue();
        for (CheckId id : List.of(
                GpuChecks.RIM_DRIVER_PRESENT,
                GpuChecks.RIM_DRIVER_SIGNATURE,
                GpuChecks.RIM_DRIVER_CHAIN,
                GpuChecks.RIM_DRIVER_VALIDITY,
                GpuChecks.RIM_DRIVER_REVOCATION,
                GpuChecks.RIM_VBIOS_PRESENT,
                GpuChecks.RIM_VBIOS_REVOCATION,
                GpuChecks.MEASUREMENTS)) {
            assertThat(check(result, id).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
            assertThat(check(result, id).reason()).isEqualTo("unavailable");
            assertThat(check(result, id).detail()).startsWith("waived by policy: the archive has gaps; ");
        }
        assertThat(result.devices().get(0).measurements()).isEmpty();
    }

    @Test
    void everythingAtHandIsJudgedAsIfItWereRequired() {
        GpuResult result = SOUND.result(GpuManifestRulesTest::ifAvailable);

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(check(result, GpuChecks.MEASUREMENTS).outcome()).isEqualTo(Outcome.PASSED);
        assertFailsAlone(
                shown(GPU.withMeasurement(1, OTHER_VALUE)).result(GpuManifestRulesTest::ifAvailable),
                GpuChecks.MEASUREMENTS,
                "index 0");
    }

    @Test
    void aBrokenManifestAtHandFails() {
        assertFailsAlone(
                SOUND.withRims(broken(RIMS.driver(GPU)), VBIOS).result(GpuManifestRulesTest::ifAvailable),
                GpuChecks.RIM_DRIVER_SIGNATURE,
                "NV_GPU_DRIVER_GH100_580.95.05");
        assertFailsAlone(
                SOUND.withRims(STRANGER.vbios(GPU).xml()).result(GpuManifestRulesTest::ifAvailable),
                GpuChecks.RIM_VBIOS_CHAIN,
                "trust anchor");
        assertFailsAlone(
                SOUND.withRims(EXPIRED.driver(GPU).xml()).result(GpuManifestRulesTest::ifAvailable),
                GpuChecks.RIM_DRIVER_VALIDITY,
                "valid at");
    }

    @Test
    void partOfTheValuesDoesNotPassForAllOfThem() {
        GpuResult firmware = SOUND.withRims(VBIOS).result(GpuManifestRulesTest::ifAvailable);
        GpuResult driver = SOUND.withRims(DRIVER).result(GpuManifestRulesTest::ifAvailable);

        assertThat(firmware.verdict().accepted()).isTrue();
        assertThat(check(firmware, GpuChecks.MEASUREMENTS).reason()).isEqualTo("unavailable");
        assertThat(check(firmware, GpuChecks.MEASUREMENTS).detail())
                .contains(
                        "12 measurements are reference values, and there is no manifest of the driver to compare with");
        assertThat(driver.verdict().accepted()).isTrue();
        assertThat(check(driver, GpuChecks.MEASUREMENTS).reason()).isEqualTo("unavailable");
        assertThat(check(driver, GpuChecks.MEASUREMENTS).detail())
                .contains("20 measurements are reference values, index 35 left out since video decoder 0 is off,"
                        + " and there is no manifest of the firmware image to compare with");
    }

    @Test
    void partOfTheValuesFailsWhatIsNotAmongThem() {
        assertFailsAlone(
                shown(GPU.withMeasurement(1, OTHER_VALUE)).withRims(VBIOS).result(GpuManifestRulesTest::ifAvailable),
                GpuChecks.MEASUREMENTS,
                "1 measurement is no reference value of NV_GPU_VBIOS_1010_0200_882_96009F0001: index 0");
        assertFailsAlone(
                shown(GPU.withMeasurement(8, OTHER_VALUE)).withRims(DRIVER).result(GpuManifestRulesTest::ifAvailable),
                GpuChecks.MEASUREMENTS,
                "1 measurement is no reference value of NV_GPU_DRIVER_GH100_580.95.05: index 7");
    }

    @Test
    void whereNothingIsWantedNothingIsLookedAt() {
        GpuResult result = shown(GPU.withMeasurement(1, OTHER_VALUE))
                .withRims(
                        broken(RIMS.driver(GPU)),
                        Bytes.utf8("garbage"),
                        STRANGER.vbios(GPU).xml())
                .result(policy -> policy.withoutReferenceValues("only the device matters"));

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(result.devices().get(0).measurements()).isEmpty();
        assertThat(facts(result)).doesNotContain("rim.driver-sha256", "rim.vbios-sha256");
        Stream.concat(driverChecks().stream(), Stream.of(GpuChecks.RIM_VBIOS_PRESENT, GpuChecks.MEASUREMENTS))
                .forEach(id -> {
                    assertThat(check(result, id).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
                    assertThat(check(result, id).detail()).isEqualTo("waived by policy: only the device matters");
                });
    }

    // What is compared, and when.

    @Test
    void measurementsAreComparedThoughAManifestsCertificatesAreNotInForce() {
        SoftwareGpu changed = GPU.withMeasurement(1, OTHER_VALUE);
        GpuResult expired =
                shown(changed).withRims(EXPIRED.driver(GPU).xml(), VBIOS).result();
        GpuResult unanswered =
                shown(changed).withAnswers(changed.ocspAnswers(NOW)).result();

        assertThat(failures(expired)).containsExactly(GpuChecks.RIM_DRIVER_VALIDITY, GpuChecks.MEASUREMENTS);
        assertThat(failures(unanswered))
                .containsExactly(
                        GpuChecks.RIM_DRIVER_REVOCATION, GpuChecks.RIM_VBIOS_REVOCATION, GpuChecks.MEASUREMENTS);
        assertThat(comparison(expired).mismatches()).hasSize(1);
        assertThat(comparison(unanswered).mismatches()).hasSize(1);
    }

    @Test
    void measurementsAreNeverComparedWithWhatNobodyVouchesFor() {
        Shown changed = shown(GPU.withMeasurement(1, OTHER_VALUE));
        for (Shown shown : List.of(
                changed.withRims(broken(RIMS.driver(GPU)), VBIOS),
                changed.withRims(DRIVER, broken(RIMS.vbios(GPU))),
                changed.withRims(STRANGER.driver(GPU).xml(), VBIOS),
                changed.withRims(DRIVER, STRANGER.vbios(GPU).xml()))) {
            GpuResult result = shown.result();

            assertThat(failures(result)).hasSize(1).doesNotContain(GpuChecks.MEASUREMENTS);
            assertThat(check(result, GpuChecks.MEASUREMENTS).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
            assertThat(result.devices().get(0).measurements()).isEmpty();
        }
    }

    @Test
    void whatAVideoDecoderThatIsOffMeasuresIsLeftOut() {
        GpuResult result = shown(GPU.withMeasurement(36, OTHER_VALUE)).result();

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(comparison(result).skipped()).containsExactly(35);
        assertThat(comparison(result).matched()).hasSize(32);
        assertThat(check(result, GpuChecks.MEASUREMENTS).detail())
                .isEqualTo("32 measurements are reference values, index 35 left out since video decoder 0 is off");
    }

    @Test
    void whatAVideoDecoderThatIsOnMeasuresIsCompared() {
        SoftwareGpu on = GPU.withOpaque(OpaqueField.NVDEC0_STATUS, ON);
        GpuResult result = shown(on).result();

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(comparison(result).matched()).hasSize(33).contains(35);
        assertThat(comparison(result).skipped()).isEmpty();
        assertFailsAlone(shown(on.withMeasurement(36, OTHER_VALUE)).result(), GpuChecks.MEASUREMENTS, "index 35");
    }

    @Test
    void whatAVideoDecoderOfUnknownStatusMeasuresIsComparedAndTold() {
        SoftwareGpu silent = GPU.withoutOpaque(OpaqueField.NVDEC0_STATUS);
        GpuResult result = shown(silent).result();

        assertThat(result.verdict().accepted()).isTrue();
        assertThat(comparison(result).decoderStatusMissing()).isTrue();
        assertThat(check(result, GpuChecks.MEASUREMENTS).detail())
                .contains("does not say whether video decoder 0 is on, and index 35 was compared");
        assertFailsAlone(shown(silent.withMeasurement(36, OTHER_VALUE)).result(), GpuChecks.MEASUREMENTS, "index 35");
    }

    @Test
    void anIndexOfBothManifestsIsAConflictEvenWhereTheyAgree() {
        Bytes measured = Bytes.utf8("software GH100 measurement 22").sha384();
        GpuResult result = SOUND.withRims(
                        DRIVER, RIMS.vbios(GPU).withValues(21, measured).xml())
                .result();

        assertFailsAlone(result, GpuChecks.MEASUREMENTS, "manifests must not both have values for an index, found 21");
        assertThat(comparison(result).conflicts()).containsExactly(21);
        assertThat(comparison(result).mismatches()).isEmpty();
    }

    @Test
    void aValueForWhatTheDeviceDoesNotMeasureIsAMismatch() {
        Shown shown = shown(SWITCH)
                .withRims(RIMS.vbios(SWITCH).withValues(40, OTHER_VALUE).xml());

        GpuResult result = shown.result(policy -> policy.architectures(GpuArchitecture.LS10));

        assertFailsAlone(result, GpuChecks.MEASUREMENTS, "index 40");
        assertThat(comparison(result).mismatches())
                .singleElement()
                .satisfies(mismatch -> assertThat(mismatch.found()).isEmpty());
    }

    @Test
    void eachDeviceIsComparedByItself() {
        SoftwareGpu twin = GpuLab.TWIN.withDriver("580.95.06").withMeasurement(22, OTHER_VALUE);
        Shown shown = shown(GPU, twin).withRims(DRIVER, VBIOS, RIMS.driver(twin).xml());

        assertThat(shown.result().verdict().failures()).isEmpty();
        GpuResult result = shown.withRims(
                        DRIVER, VBIOS, RIMS.driver(GPU).withVersion("580.95.06").xml())
                .result();
        assertFailsAlone(result, GpuChecks.MEASUREMENTS, "GPU-1: 1 measurement is no reference value of ");
        assertThat(result.devices().get(0).check(GpuChecks.MEASUREMENTS).outcome())
                .isEqualTo(Outcome.PASSED);
    }

    private static Bytes[] either(boolean turned, Bytes one, Bytes other, Bytes third) {
        return turned ? new Bytes[] {third, other, one} : new Bytes[] {one, other, third};
    }

    private static Bytes broken(SoftwareRim rim) {
        return rim.withSignatureValue(Bytes::reversed).xml();
    }

    private static List<CheckId> driverChecks() {
        return List.of(
                GpuChecks.RIM_DRIVER_PRESENT,
                GpuChecks.RIM_DRIVER_SIGNATURE,
                GpuChecks.RIM_DRIVER_CHAIN,
                GpuChecks.RIM_DRIVER_VALIDITY,
                GpuChecks.RIM_DRIVER_REVOCATION);
    }

    private static CheckResult check(GpuResult result, CheckId id) {
        return GpuLab.check(result.verdict(), id);
    }

    private static MeasurementComparison comparison(GpuResult result) {
        DeviceResult device = result.devices().get(0);
        return device.measurements().orElseThrow();
    }

    private static String facts(GpuResult result) {
        return result.verdict().toJson();
    }

    private static List<CheckId> failures(GpuResult result) {
        return result.verdict().failures().stream().map(CheckResult::id).toList();
    }

    private static void assertFailsAlone(GpuResult result, CheckId id, String detail) {
        assertThat(failures(result)).containsExactly(id);
        assertThat(check(result, id).detail()).contains(detail);
    }

    private static GpuPolicy.Builder ifAvailable(GpuPolicy.Builder policy) {
        return policy.useReferenceValuesIfAvailable("the archive has gaps");
    }
}
