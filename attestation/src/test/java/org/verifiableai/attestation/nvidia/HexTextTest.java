package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.MalformedEvidenceException;

class HexTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"11e001ff", "11 E0 01 FF\n", "0x11, 0xe0,\r\n0x01,0xff", "0x11e001ff", "11,e0 01\t0Xff,"})
    void everyWayOfWritingGivesTheSameBytes(String text) throws Exception {
        assertThat(HexText.parse(text).hex()).isEqualTo("11e001ff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "11 e", "0x", "0x1 0x1", "11;e0", "110x01", "xx", "\u0661\u0661", "--"})
    void anythingElseIsRefused(String text) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> HexText.parse(text))
                .withMessageContaining("pairs of hex digits");
    }

    @Test
    void textBeyondTheLimitIsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> HexText.parse("00".repeat(1_000_000)))
                .withMessageContaining("at most");
    }
}
