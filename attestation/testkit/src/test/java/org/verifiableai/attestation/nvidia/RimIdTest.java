package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;

class RimIdTest {

    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    private static final SoftwareGpu HOPPER = NVIDIA.device(GpuArchitecture.HOPPER);
    private static final SoftwareGpu BLACKWELL = NVIDIA.device(GpuArchitecture.BLACKWELL);

    private static GpuReport report(SoftwareGpu gpu) throws Exception {
        return GpuReport.parse(gpu.report(Bytes.zeros(32)));
    }

    @Test
    void aDriversManifestIsNamedByArchitectureAndVersion() throws Exception {
        assertThat(RimId.driver(report(HOPPER), GpuArchitecture.HOPPER))
                .contains(new RimId("NV_GPU_DRIVER_GH100_580.95.05"));
        assertThat(RimId.driver(report(BLACKWELL), GpuArchitecture.BLACKWELL))
                .contains(new RimId("NV_GPU_CC_DRIVER_GB100_580.95.05"));
    }

    @Test
    void aLaterChipNamesItsOwnDriver() throws Exception {
        assertThat(RimId.driver(
                        report(BLACKWELL.withOpaque(OpaqueField.CHIP_INFO, Bytes.utf8("GB202\0\0"))),
                        GpuArchitecture.BLACKWELL))
                .contains(new RimId("NV_GPU_CC_DRIVER_GB202_580.95.05"));
        for (SoftwareGpu silent : new SoftwareGpu[] {
            BLACKWELL.withoutOpaque(OpaqueField.CHIP_INFO), BLACKWELL.withOpaque(OpaqueField.CHIP_INFO, Bytes.zeros(4))
        }) {
            assertThat(RimId.driver(report(silent), GpuArchitecture.BLACKWELL))
                    .contains(new RimId("NV_GPU_CC_DRIVER_GB100_580.95.05"));
        }
    }

    @Test
    void aFirmwareImagesManifestIsNamedByBoardChipAndVersion() throws Exception {
        assertThat(RimId.vbios(report(HOPPER), GpuArchitecture.HOPPER))
                .contains(new RimId("NV_GPU_VBIOS_1010_0200_882_96009F0001"));
        assertThat(RimId.vbios(
                        report(HOPPER.withOpaque(OpaqueField.PROJECT, Bytes.utf8("g520\0"))
                                .withOpaque(OpaqueField.PROJECT_SKU, Bytes.utf8("02a2\0"))
                                .withOpaque(OpaqueField.CHIP_SKU, Bytes.utf8("8b5\0"))),
                        GpuArchitecture.HOPPER))
                .contains(new RimId("NV_GPU_VBIOS_G520_02A2_8B5_96009F0001"));
    }

    @Test
    void aSwitchHasAFirmwareImageAlone() throws Exception {
        GpuReport nvSwitch = report(NVIDIA.device(GpuArchitecture.LS10));

        assertThat(RimId.vbios(nvSwitch, GpuArchitecture.LS10))
                .contains(new RimId("NV_SWITCH_BIOS_5612_0002_890_9610550001"));
        assertThat(RimId.driver(nvSwitch, GpuArchitecture.LS10)).isEmpty();
        assertThat(RimId.driver(report(HOPPER), GpuArchitecture.LS10)).isEmpty();
    }

    @Test
    void aReportThatDoesNotNameAPartHasNoIdentifier() throws Exception {
        for (OpaqueField field :
                new OpaqueField[] {OpaqueField.PROJECT, OpaqueField.PROJECT_SKU, OpaqueField.CHIP_SKU}) {
            assertThat(RimId.vbios(report(HOPPER.withoutOpaque(field)), GpuArchitecture.HOPPER))
                    .isEmpty();
            assertThat(RimId.vbios(report(HOPPER.withOpaque(field, Bytes.zeros(5))), GpuArchitecture.HOPPER))
                    .isEmpty();
        }
        assertThat(RimId.driver(report(HOPPER.withoutOpaque(OpaqueField.DRIVER_VERSION)), GpuArchitecture.HOPPER))
                .isEmpty();
    }

    @Test
    void aPartThatIsTooLongMakesNoIdentifier() throws Exception {
        SoftwareGpu longest = HOPPER.withOpaque(OpaqueField.DRIVER_VERSION, Bytes.utf8("1".repeat(108)));
        SoftwareGpu longer = HOPPER.withOpaque(OpaqueField.DRIVER_VERSION, Bytes.utf8("1".repeat(109)));

        assertThat(RimId.driver(report(longest), GpuArchitecture.HOPPER)).isPresent();
        assertThat(RimId.driver(report(longer), GpuArchitecture.HOPPER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a b", "_a", "-a", "a\n", "é", "a%2f"})
    void anIdentifierIsSafeInAddressesAndFileNames(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RimId(text))
                .withMessageStartingWith("rim id must be of 1 to 128 letters");
    }

    @Test
    void anIdentifierPrintsAsItself() {
        assertThat(new RimId("NV_GPU_DRIVER_GH100_550.90.07")).hasToString("NV_GPU_DRIVER_GH100_550.90.07");
        assertThat(new RimId("a".repeat(128)).text()).hasSize(128);
        assertThatIllegalArgumentException().isThrownBy(() -> new RimId("a".repeat(129)));
    }
}
