package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class OpaqueDataTest {

    private final ReportBytes bytes = new ReportBytes();

    @Test
    void fieldsOfAGpuHaveTheirTypes() throws Exception {
        bytes.fields.put(14, Bytes.fromHex("b1030000"));
        bytes.fields.put(15, Bytes.utf8("882\0\0\0\0\0\0"));
        bytes.fields.put(16, Bytes.utf8("0\0"));
        bytes.fields.put(18, Bytes.utf8("0200\0"));
        bytes.fields.put(20, Bytes.fromHex("f5".repeat(48)));
        bytes.fields.put(21, Bytes.fromHex("aa"));
        bytes.fields.put(34, Bytes.fromHex("0100"));
        bytes.fields.put(35, Bytes.utf8("GB100\0"));
        bytes.fields.put(36, Bytes.fromHex("0200"));
        bytes.fields.put(12, Bytes.fromHex("01000000ffffffff"));

        OpaqueData data = parse();

        assertThat(data.kind()).isEqualTo(DeviceKind.GPU);
        assertThat(data.vbiosVersion()).isEqualTo("96.00.9F.00.01");
        assertThat(data.driverVersion()).contains("550.90.07");
        assertThat(data.boardId()).contains(Bytes.fromHex("b1030000"));
        assertThat(data.chipSku()).contains("882");
        assertThat(data.chipSkuModifier()).contains("0");
        assertThat(data.project()).contains("1010");
        assertThat(data.projectSku()).contains("0200");
        assertThat(data.nvdec0Status()).contains(UnitStatus.DISABLED);
        assertThat(data.protectedPcieStatus()).contains(UnitStatus.ENABLED);
        assertThat(data.fwid()).contains(Bytes.fromHex("f5".repeat(48)));
        assertThat(data.version()).hasValue(1);
        assertThat(data.chipInfo()).contains("GB100");
        assertThat(data.featureFlag()).contains(FeatureFlag.PPCIE);
        assertThat(data.measurementCounts()).containsExactly(1L, 0xFFFFFFFFL);
        assertThat(data.fields().keySet()).startsWith(6, 17, 3, 11, 14);
    }

    @Test
    void fieldsThatAReportDoesNotStateAreEmpty() throws Exception {
        OpaqueData data = parse();

        assertThat(data.fwid()).isEmpty();
        assertThat(data.version()).isEmpty();
        assertThat(data.protectedPcieStatus()).isEmpty();
        assertThat(data.switchPdis()).isEmpty();
        assertThat(data.gpuPdis()).isEmpty();
        assertThat(data.measurementCounts()).isEmpty();
    }

    @Test
    void theFeatureFlagMeansNothingBelowVersionOne() throws Exception {
        bytes.fields.put(34, Bytes.fromHex("0000"));
        bytes.fields.put(36, Bytes.fromHex("0100"));

        assertThat(parse().featureFlag()).isEmpty();
    }

    @Test
    void aSwitchStatesItsFirmwareAsTextAndIdentifiersAsTheyAre() throws Exception {
        bytes.fields.clear();
        bytes.fields.put(6, Bytes.utf8("96.10.55.00.0a"));
        bytes.fields.put(22, Bytes.fromHex("203eb31ad9ed0008"));
        bytes.fields.put(26, Bytes.fromHex("40b9c6b3d748fd90".repeat(8) + "00".repeat(64)));

        OpaqueData data = parse();

        assertThat(data.kind()).isEqualTo(DeviceKind.SWITCH);
        assertThat(data.vbiosVersion()).isEqualTo("96.10.55.00.0A");
        assertThat(data.switchPdis()).containsExactly(Bytes.fromHex("203eb31ad9ed0008"));
        assertThat(data.gpuPdis()).hasSize(8).containsOnly(Bytes.fromHex("40b9c6b3d748fd90"));
    }

    @Test
    void aGpuStatesTheIdentifiersOfItsSwitchesInReverse() throws Exception {
        bytes.fields.put(22, Bytes.fromHex("0aae42a1b8d8837d" + "0000000000000000"));

        assertThat(parse().switchPdis())
                .containsExactly(Bytes.fromHex("7d83d8b8a142ae0a"), Bytes.fromHex("0000000000000000"));
    }

    @Test
    void aTypeThatNobodyKnowsIsKept() throws Exception {
        bytes.fields.put(4711, Bytes.fromHex("c0ffee"));

        assertThat(parse().fields()).containsEntry(4711, Bytes.fromHex("c0ffee"));
    }

    @Test
    void aRepeatedTypeIsRefused() {
        bytes.extraOpaque = ReportBytes.field(3, Bytes.utf8("1\0"));

        assertRefused("type 3 a second time");
    }

    @Test
    void aRepeatedTypeThatNobodyKnowsIsRefused() {
        bytes.extraOpaque = ReportBytes.field(999, Bytes.EMPTY).concat(ReportBytes.field(999, Bytes.EMPTY));

        assertRefused("type 999 a second time");
    }

    @Test
    void theInvalidTypeIsRefused() {
        bytes.fields.put(255, Bytes.EMPTY);

        assertRefused("255 (invalid)");
    }

    @Test
    void aFieldBeyondTheOpaqueDataIsRefusedEvenWhereTheReportGoesOn() {
        bytes.extraOpaque = Bytes.fromHex("0d000500" + "00c00100");

        assertRefused("opaqueData.data");
    }

    @Test
    void laterVersionsOfTheOpaqueDataAreRefusedByName() {
        bytes.fields.put(34, Bytes.fromHex("0200"));

        assertRefused("unsupported opaque data version 2");
    }

    @Test
    void theVersionedLayoutIsRefusedByName() {
        bytes.fields.clear();
        bytes.extraOpaque = Bytes.utf8("NVDAOD").concat(Bytes.fromHex("000002000000"));

        assertRefused("unsupported opaque data version");
    }

    @Test
    void aReportWithoutFirmwareVersionIsRefused() {
        bytes.fields.remove(6);

        assertRefused("VBIOS_VERSION");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 353530000a, letters",
        "3, 3535302f2e2e, letters",
        "6, 39362e3130, five pairs",
        "11, 00, aa or 55",
        "11, 55aa, 1 bytes",
        "12, 010000, multiple of 4 bytes",
        "14, 00, 4 bytes",
        "20, 00, 48 bytes",
        "21, 01, aa or 55",
        "22, 00, multiple of 8 bytes",
        "26, 00, 128 bytes",
        "34, 00, 2 bytes",
        "36, 0300, 0 (SPT)",
        "36, 00, 2 bytes"
    })
    void aFieldThatBreaksItsFormIsRefused(int type, String hex, String expected) {
        bytes.fields.put(type, Bytes.fromHex(hex));

        assertRefused(expected);
    }

    private OpaqueData parse() throws MalformedEvidenceException {
        return GpuReport.parse(bytes.build()).opaqueData();
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(this::parse)
                .withMessageContaining(message);
    }
}
