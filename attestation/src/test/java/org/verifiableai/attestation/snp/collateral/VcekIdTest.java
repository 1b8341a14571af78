package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.TcbVersion;

class VcekIdTest {

    private static final Bytes CHIP = Bytes.fromHex("0a" + "00".repeat(62) + "ff");
    private static final Bytes SHORT_CHIP = Bytes.fromHex("0910b4f884ff4ba9");
    private static final TcbVersion TCB = TcbVersion.of(3, 0, 8, 115);
    private static final TcbVersion TURIN_TCB = TcbVersion.ofTurin(1, 3, 2, 5, 97);

    @Test
    void pathsAreThoseOfTheKeyService() {
        assertThat(new VcekId(ProductLine.MILAN, CHIP, TCB).path())
                .isEqualTo("/vcek/v1/Milan/0a" + "00".repeat(62) + "ff?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=115");
        assertThat(new VcekId(ProductLine.GENOA, CHIP, TCB).path()).startsWith("/vcek/v1/Genoa/0a00");
        assertThat(new VcekId(ProductLine.TURIN, SHORT_CHIP, TURIN_TCB).path())
                .isEqualTo("/vcek/v1/Turin/0910b4f884ff4ba9?fmcSPL=1&blSPL=3&teeSPL=2&snpSPL=5&ucodeSPL=97");
    }

    @Test
    void whatNamesNoVcekIsTheCallersMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VcekId(ProductLine.MILAN, SHORT_CHIP, TCB))
                .withMessage("chip identifier on Milan must be of 64 bytes and not all zero, found 0910b4f884ff4ba9");
        assertThatIllegalArgumentException().isThrownBy(() -> new VcekId(ProductLine.TURIN, CHIP, TURIN_TCB));
        assertThatIllegalArgumentException().isThrownBy(() -> new VcekId(ProductLine.MILAN, Bytes.zeros(64), TCB));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VcekId(ProductLine.MILAN, CHIP, TURIN_TCB))
                .withMessageContaining("without an fmc");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VcekId(ProductLine.TURIN, SHORT_CHIP, TCB))
                .withMessageContaining("with an fmc");
    }

    @Test
    void aReportNamesItsVcekByChipAndReportedTcb() throws Exception {
        SnpReport report = report(CHIP, TCB.toBytes(ProductLine.GENOA));

        assertThat(VcekId.of(report, ProductLine.GENOA)).isEqualTo(new VcekId(ProductLine.GENOA, CHIP, TCB));
    }

    @Test
    void onTurinTheFirstEightBytesNameTheChip() throws Exception {
        SnpReport report = report(SHORT_CHIP.concat(Bytes.zeros(56)), TURIN_TCB.toBytes(ProductLine.TURIN));

        assertThat(VcekId.of(report, ProductLine.TURIN))
                .isEqualTo(new VcekId(ProductLine.TURIN, SHORT_CHIP, TURIN_TCB));
    }

    @Test
    void aReportThatHidesItsChipNamesNone() throws Exception {
        SnpReport report = report(Bytes.zeros(64), TCB.toBytes(ProductLine.MILAN));

        assertThatThrownBy(() -> VcekId.of(report, ProductLine.MILAN))
                .isInstanceOfSatisfying(
                        EvidenceUnavailableException.class,
                        e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("CHIP_ID is zero");
    }

    private static SnpReport report(Bytes chipId, Bytes reportedTcb) throws Exception {
        byte[] raw = new byte[SnpReport.SIZE];
        raw[0] = 2;
        raw[0x034] = 1;
        System.arraycopy(reportedTcb.toByteArray(), 0, raw, 0x180, 8);
        System.arraycopy(chipId.toByteArray(), 0, raw, 0x1A0, 64);
        return SnpReport.parse(Bytes.of(raw));
    }
}
