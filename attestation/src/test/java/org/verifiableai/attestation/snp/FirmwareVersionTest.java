package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareVersionTest {

    @Test
    void versionsAreOrderedByMajorThenMinorThenBuild() {
        assertThat(FirmwareVersion.parse("1.55.40"))
                .isGreaterThan(new FirmwareVersion(1, 55, 39))
                .isGreaterThan(new FirmwareVersion(1, 54, 255))
                .isGreaterThan(new FirmwareVersion(0, 255, 255))
                .isEqualByComparingTo(new FirmwareVersion(1, 55, 40))
                .isLessThan(new FirmwareVersion(1, 56, 0));
        assertThat(new FirmwareVersion(1, 55, 40).atLeast(new FirmwareVersion(1, 55, 40)))
                .isTrue();
        assertThat(new FirmwareVersion(1, 55, 40).atLeast(new FirmwareVersion(1, 55, 41)))
                .isFalse();
    }

    @Test
    void textIsReadBack() {
        assertThat(FirmwareVersion.parse("1.58.3"))
                .isEqualTo(new FirmwareVersion(1, 58, 3))
                .hasToString("1.58.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1.55", "1.55.40.1", "1.55.x", "-1.55.40", "1.55.256", "1.256.0", "256.0.0", "1.55.4000"})
    void whatIsNoVersionIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> FirmwareVersion.parse(text));
    }
}
