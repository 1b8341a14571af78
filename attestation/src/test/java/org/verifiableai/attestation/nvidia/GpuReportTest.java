package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class GpuReportTest {

    private final ReportBytes bytes = new ReportBytes();

    @Test
    void everyPartOfAReportIsFoundFromItsLengthFields() throws Exception {
        GpuReport report = GpuReport.parse(bytes.build());

        assertThat(report.requesterNonce()).isEqualTo(ReportBytes.NONCE);
        assertThat(report.slotId()).isZero();
        assertThat(report.responderNonce().hex()).isEqualTo("b2".repeat(32));
        assertThat(report.measurements()).containsOnlyKeys(1, 2);
        assertThat(report.measurements()).containsEntry(2, Bytes.fromHex("02".repeat(48)));
        assertThat(report.signedBytes()).isEqualTo(bytes.signed());
        assertThat(report.signature()).isEqualTo(ReportBytes.SIGNATURE);
        assertThat(report.trailingBytes()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void measurementsAreOrderedByIndexWhateverTheirOrderInTheReport() throws Exception {
        bytes.record = ReportBytes.block(9, 1, Bytes.zeros(48)).concat(ReportBytes.block(3, 1, Bytes.zeros(48)));

        assertThat(GpuReport.parse(bytes.build()).measurements().keySet()).containsExactly(3, 9);
    }

    @Test
    void oneZeroByteAfterTheSignatureIsReportedAndNotSigned() throws Exception {
        bytes.tail = Bytes.zeros(1);

        GpuReport report = GpuReport.parse(bytes.build());

        assertThat(report.trailingBytes()).isEqualTo(Bytes.zeros(1));
        assertThat(report.signature()).isEqualTo(ReportBytes.SIGNATURE);
        assertThat(report.signedBytes()).isEqualTo(bytes.signed());
    }

    @ParameterizedTest
    @CsvSource({"01", "0000", "0001"})
    void anyOtherTailIsRefused(String tail) {
        bytes.tail = Bytes.fromHex(tail);

        assertRefused("report", "one zero byte");
    }

    @ParameterizedTest
    @CsvSource({
        "12e001ff, request.SPDMVersion",
        "11e101ff, request.RequestResponseCode",
        "11e000ff, request.Param1",
        "11e00101, request.Param2"
    })
    void aRequestForAnythingElseIsRefused(String head, String field) {
        bytes.request = head + ReportBytes.NONCE.hex() + "00";

        assertRefused(field, "");
    }

    @ParameterizedTest
    @CsvSource({"12600000, response.SPDMVersion", "117f0000, response.RequestResponseCode", "11600100, response.Param1"
    })
    void aResponseOfAnyOtherKindIsRefused(String head, String field) {
        bytes.responseHead = head;

        assertRefused(field, "");
    }

    @Test
    void slotsAboveSevenAreRefused() {
        bytes.request = "11e001ff" + ReportBytes.NONCE.hex() + "08";

        assertRefused("request.SlotIDParam", "0 to 7");
    }

    @Test
    void measurementIndexZeroIsRefused() {
        bytes.record = ReportBytes.block(0, 1, Bytes.zeros(48)).concat(ReportBytes.block(1, 1, Bytes.zeros(48)));

        assertRefused("measurementBlock.index", "1 to 255");
    }

    @Test
    void aRepeatedMeasurementIndexIsRefused() {
        bytes.record = ReportBytes.block(7, 1, Bytes.zeros(48)).concat(ReportBytes.block(7, 1, Bytes.zeros(48)));

        assertRefused("measurementBlock.index", "index 7 a second time");
    }

    @Test
    void aMeasurementSpecificationOtherThanDmtfIsRefused() {
        bytes.record = ReportBytes.block(1, 2, Bytes.zeros(48)).concat(ReportBytes.block(2, 1, Bytes.zeros(48)));

        assertRefused("measurementBlock.measurementSpecification", "0x01");
    }

    @Test
    void aValueSizeThatContradictsItsBlockIsRefused() {
        bytes.record =
                ReportBytes.block(1, 1, 51, 47, Bytes.zeros(48)).concat(ReportBytes.block(2, 1, Bytes.zeros(48)));

        assertRefused("dmtfSpecMeasurementValueSize", "48 as the block's size says, found 47");
    }

    @Test
    void aRecordWithMoreBlocksThanCountedIsRefused() {
        bytes.blocks = 1;

        assertRefused("measurementRecord", "its end after 1 blocks, found 55 bytes more");
    }

    @Test
    void aRecordWithFewerBlocksThanCountedIsRefused() {
        bytes.blocks = 3;

        assertRefused("measurementBlock.index", "found 0 bytes");
    }

    @Test
    void aRecordLengthBeyondTheReportIsRefused() {
        bytes.recordLength = 0xFFFFFF;

        assertRefused("response.MeasurementRecord", "16777215 bytes");
    }

    @Test
    void anOpaqueLengthBeyondTheReportIsRefused() {
        bytes.opaqueLength = 0xFFFF;

        assertRefused("response.OpaqueData", "65535 bytes");
    }

    @Test
    void aReportOfMoreThanItsLargestSizeIsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuReport.parse(Bytes.zeros(200_000)))
                .withMessageContaining("at most 131072 bytes, found 200000 bytes");
    }

    @Test
    void everyTruncationIsRefusedAsMalformed() {
        Bytes whole = bytes.build();
        for (int length = 0; length < whole.size(); length++) {
            Bytes truncated = whole.slice(0, length);
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .as("length %d", length)
                    .isThrownBy(() -> GpuReport.parse(truncated));
        }
    }

    @Test
    void mutationsParseOrAreRefusedAsMalformedAndNothingElse() {
        Random random = new Random(20261124);
        byte[] whole = bytes.build().toByteArray();
        for (int round = 0; round < 20_000; round++) {
            byte[] mutant = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(GpuReport.parse(Bytes.of(mutant)).toString()).isNotBlank();
            } catch (MalformedEvidenceException expected) {
                assertThat(expected.getMessage()).doesNotContain("\n");
            } catch (RuntimeException e) {
                fail("round " + round + ": " + Bytes.of(mutant), e);
            }
        }
    }

    private void assertRefused(String field, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> GpuReport.parse(bytes.build()))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }
}
