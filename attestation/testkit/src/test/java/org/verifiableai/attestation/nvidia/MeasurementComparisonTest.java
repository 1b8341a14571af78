package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.MeasurementComparison.Mismatch;
import org.verifiableai.attestation.nvidia.MeasurementComparison.Source;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRim;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

class MeasurementComparisonTest {

    private static final SoftwareRimAuthority AUTHORITY = SoftwareRimAuthority.create();
    private static final SoftwareGpu GPU = SoftwareNvidia.create()
            .device(GpuArchitecture.HOPPER)
            .withOpaque(OpaqueField.NVDEC0_STATUS, Bytes.fromHex("aa"));
    private static final SoftwareRim DRIVER = AUTHORITY.driver(GPU);
    private static final SoftwareRim VBIOS = AUTHORITY.vbios(GPU);
    private static final Bytes OTHER = Bytes.fromHex("0f".repeat(48));

    private static GpuReport report(SoftwareGpu gpu) throws Exception {
        return GpuReport.parse(gpu.report(Bytes.zeros(32)));
    }

    private static MeasurementComparison compare(SoftwareGpu gpu, SoftwareRim driver, SoftwareRim vbios)
            throws Exception {
        return MeasurementComparison.of(report(gpu), Optional.of(Rim.parse(driver.xml())), Rim.parse(vbios.xml()));
    }

    private static Bytes measured(int index) throws Exception {
        return Rim.parse((index < 13 && index != 7 ? VBIOS : DRIVER).xml())
                .referenceValues()
                .getOrDefault(index, List.of())
                .get(0);
    }

    @Test
    void aDeviceThatMeasuresToItsManifestsMatches() throws Exception {
        MeasurementComparison found = compare(GPU, DRIVER, VBIOS);

        assertThat(List.copyOf(found.matched()))
                .isEqualTo(IntStream.concat(IntStream.rangeClosed(0, 12), IntStream.rangeClosed(21, 40))
                        .boxed()
                        .toList());
        assertThat(found.skipped()).isEmpty();
        assertThat(found.conflicts()).isEmpty();
        assertThat(found.mismatches()).isEmpty();
        assertThat(found.decoderStatusMissing()).isFalse();
        assertThat(found.success()).isTrue();
    }

    @Test
    void aSwitchHasAFirmwareImageAlone() throws Exception {
        SoftwareGpu nvSwitch = SoftwareNvidia.create().device(GpuArchitecture.LS10);
        MeasurementComparison found = MeasurementComparison.of(
                report(nvSwitch),
                Optional.empty(),
                Rim.parse(AUTHORITY.vbios(nvSwitch).xml()));

        assertThat(found.matched()).hasSize(31);
        assertThat(found.decoderStatusMissing()).isFalse();
        assertThat(found.success()).isTrue();
    }

    @Test
    void aMeasurementThatIsNoneOfItsValuesIsAMismatchOfItsManifest() throws Exception {
        MeasurementComparison found = compare(
                GPU.withMeasurement(8, OTHER).withMeasurement(1, OTHER), DRIVER.withValues(30, OTHER, OTHER), VBIOS);

        assertThat(found.mismatches())
                .containsExactly(
                        new Mismatch(0, Source.VBIOS, List.of(measured(0)), Optional.of(OTHER)),
                        new Mismatch(7, Source.DRIVER, List.of(measured(7)), Optional.of(OTHER)),
                        new Mismatch(30, Source.DRIVER, List.of(OTHER, OTHER), Optional.of(measured(30))));
        assertThat(found.matched()).hasSize(30).doesNotContain(0, 7, 30);
        assertThat(found.success()).isFalse();
        assertThat(found.toString()).endsWith("skipped=[] conflicts=[] mismatches=[0, 7, 30]]");
    }

    @Test
    void anyAlternativeWillDo() throws Exception {
        assertThat(compare(GPU, DRIVER.withValues(7, OTHER, OTHER, measured(7)), VBIOS)
                        .success())
                .isTrue();
    }

    @Test
    void valuesOfDifferentSizesAreDifferent() throws Exception {
        MeasurementComparison found = compare(GPU.withMeasurement(8, measured(7).slice(0, 47)), DRIVER, VBIOS);

        assertThat(found.mismatches()).extracting(Mismatch::index).containsExactly(7);
        assertThat(compare(GPU.withMeasurement(8, measured(7).concat(Bytes.zeros(1))), DRIVER, VBIOS)
                        .mismatches())
                .hasSize(1);
    }

    @Test
    void aMeasurementThatTheReportLacksIsAMismatch() throws Exception {
        SoftwareGpu nvSwitch = SoftwareNvidia.create().device(GpuArchitecture.LS10);
        MeasurementComparison found = MeasurementComparison.of(
                report(nvSwitch),
                Optional.empty(),
                Rim.parse(AUTHORITY.vbios(nvSwitch).withValues(31, OTHER).xml()));

        assertThat(found.mismatches())
                .containsExactly(new Mismatch(31, Source.VBIOS, List.of(OTHER), Optional.empty()));
        assertThat(found.matched()).hasSize(31);
        assertThat(found.success()).isFalse();
    }

    @Test
    void anIndexOfBothManifestsIsAConflictEvenWhereTheyAgree() throws Exception {
        MeasurementComparison found = compare(GPU, DRIVER, VBIOS.withValues(7, measured(7)));

        assertThat(found.conflicts()).containsExactly(7);
        assertThat(found.matched()).hasSize(32).doesNotContain(7);
        assertThat(found.mismatches()).isEmpty();
        assertThat(found.success()).isFalse();
    }

    @Test
    void aConflictIsNotComparedEither() throws Exception {
        MeasurementComparison found = compare(GPU, DRIVER.withValues(0, OTHER), VBIOS);

        assertThat(found.conflicts()).containsExactly(0);
        assertThat(found.mismatches()).isEmpty();
    }

    @Test
    void theDecoderIsSkippedWhereItIsOff() throws Exception {
        SoftwareGpu off = GPU.withOpaque(OpaqueField.NVDEC0_STATUS, Bytes.fromHex("55"));
        MeasurementComparison found = compare(off, DRIVER.withValues(35, OTHER), VBIOS);

        assertThat(found.skipped()).containsExactly(35);
        assertThat(found.matched()).hasSize(32).doesNotContain(35);
        assertThat(found.success()).isTrue();
        assertThat(found.decoderStatusMissing()).isFalse();
        // Nothing else is: neither its neighbours nor an index that nobody speaks of.
        assertThat(compare(off, DRIVER.withValues(34, OTHER).withValues(36, OTHER), VBIOS)
                        .mismatches())
                .extracting(Mismatch::index)
                .containsExactly(34, 36);
        assertThat(compare(off, DRIVER.withoutValues(35), VBIOS).skipped()).isEmpty();
    }

    @Test
    void theDecoderIsComparedWhereItIsOn() throws Exception {
        MeasurementComparison found = compare(GPU, DRIVER.withValues(35, OTHER), VBIOS);

        assertThat(found.mismatches()).extracting(Mismatch::index).containsExactly(35);
        assertThat(found.skipped()).isEmpty();
    }

    @Test
    void theDecoderIsComparedWhereTheReportDoesNotSayAndThatIsStated() throws Exception {
        SoftwareGpu silent = GPU.withoutOpaque(OpaqueField.NVDEC0_STATUS);

        assertThat(compare(silent, DRIVER, VBIOS))
                .matches(MeasurementComparison::success)
                .matches(MeasurementComparison::decoderStatusMissing)
                .extracting(MeasurementComparison::skipped)
                .isEqualTo(java.util.Collections.emptySortedSet());
        assertThat(compare(silent, DRIVER.withValues(35, OTHER), VBIOS).success())
                .isFalse();
        assertThat(compare(silent, DRIVER.withoutValues(35), VBIOS).decoderStatusMissing())
                .isFalse();
    }

    @Test
    void aMeasurementThatNoManifestSpeaksOfIsPassedOver() throws Exception {
        assertThat(compare(GPU.withMeasurement(64, OTHER), DRIVER, VBIOS).success())
                .isTrue();
    }

    @Test
    void manifestsThatSayNothingAreNoSuccess() throws Exception {
        SoftwareRim silent = VBIOS;
        for (int index = 0; index < 64; index++) {
            silent = silent.withoutValues(index);
        }
        MeasurementComparison found = MeasurementComparison.of(report(GPU), Optional.empty(), Rim.parse(silent.xml()));

        assertThat(found.matched()).isEmpty();
        assertThat(found.mismatches()).isEmpty();
        assertThat(found.success()).isFalse();
    }

    @Test
    void whatWasFoundCannotBeChanged() throws Exception {
        MeasurementComparison found = compare(GPU, DRIVER, VBIOS);

        for (var set : List.of(found.matched(), found.skipped(), found.conflicts())) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> set.add(1));
        }
    }
}
