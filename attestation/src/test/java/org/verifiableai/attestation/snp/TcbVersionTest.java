package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;

class TcbVersionTest {

    @Test
    void theProductLineDecidesTheLayout() {
        Bytes raw = Bytes.fromHex("0103020500000061");

        assertThat(TcbVersion.read(ProductLine.TURIN, raw)).isEqualTo(TcbVersion.ofTurin(1, 3, 2, 5, 97));
        assertThat(TcbVersion.read(ProductLine.MILAN, raw)).isEqualTo(TcbVersion.of(1, 3, 0, 97));
        assertThat(TcbVersion.ofTurin(1, 3, 2, 5, 97).toBytes(ProductLine.TURIN))
                .isEqualTo(raw);
        assertThat(TcbVersion.of(4, 0, 25, 219).toBytes(ProductLine.GENOA)).hasToString("04000000000019db");
    }

    @Test
    void aHighMicrocodeHidesNoLowBootLoader() {
        assertThat(TcbVersion.of(2, 0, 8, 255).atLeast(TcbVersion.of(3, 0, 8, 115)))
                .isFalse();
        assertThat(TcbVersion.of(3, 0, 8, 115).atLeast(TcbVersion.of(3, 0, 8, 115)))
                .isTrue();
        assertThat(TcbVersion.of(2, 0, 7, 255).below(TcbVersion.of(3, 0, 8, 115)))
                .containsExactly("boot loader is 2, below 3", "snp is 7, below 8");
    }

    @Test
    void aMinimumForTurinIsNotReachedElsewhere() {
        assertThat(TcbVersion.of(255, 255, 255, 255).atLeast(TcbVersion.ofTurin(1, 0, 0, 0, 0)))
                .isFalse();
    }

    @Test
    void textIsReadAsWritten() {
        for (TcbVersion tcb : new TcbVersion[] {TcbVersion.of(3, 0, 8, 115), TcbVersion.ofTurin(1, 3, 2, 5, 97)}) {
            assertThat(TcbVersion.parse(tcb.toString())).isEqualTo(tcb);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bl", "bl=", "bl=256", "bl=-1", "bl=1,bl=2", "boot=1", "bl=1,", "bl=1=2", "bl=0x1"})
    void otherTextIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TcbVersion.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "25,0,MILAN",
        "25,15,MILAN",
        "25,16,GENOA",
        "25,31,GENOA",
        "25,32,",
        "25,159,",
        "25,160,GENOA",
        "25,175,GENOA",
        "25,176,",
        "26,0,TURIN",
        "26,17,TURIN",
        "26,18,",
        "26,80,",
        "26,144,",
        "26,192,",
        "24,1,"
    })
    void boundsOfProductLinesAreInclusive(int family, int model, ProductLine line) {
        SnpReport.CpuId cpu = new SnpReport.CpuId(family, model, 1);

        if (line == null) {
            assertThat(ProductLine.of(cpu)).isEmpty();
        } else {
            assertThat(ProductLine.of(cpu)).hasValue(line);
        }
    }
}
