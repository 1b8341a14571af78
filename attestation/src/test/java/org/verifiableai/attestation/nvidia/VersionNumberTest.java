package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionNumberTest {

    @ParameterizedTest
    @CsvSource({
        "550.9, 550.90, -1",
        "550.90.07, 550.90.7, 0",
        "550, 550.0.0, 0",
        "550.0.1, 550, 1",
        "1000.1, 580.95.05, 1",
        "99999999, 99999998.99999999, 1",
        "00000580.1, 580.1, 0"
    })
    void driversAreComparedNumberByNumber(String one, String other, int order) {
        VersionNumber first = VersionNumber.ofDriver(one).orElseThrow();
        VersionNumber second = VersionNumber.ofDriver(other).orElseThrow();

        assertThat(Integer.signum(first.compareTo(second))).isEqualTo(order);
        assertThat(Integer.signum(second.compareTo(first))).isEqualTo(-order);
    }

    @ParameterizedTest
    @CsvSource({
        "96.00.9F.00.01, 96.00.9f.00.01, 0",
        "96.00.9F.00.01, 96.00.A0.00.00, -1",
        "96.00.A0.00.00, 96.00.9F.FF.FF, 1",
        "0A.00.00.00.00, 10.00.00.00.00, -1"
    })
    void firmwareImagesAreComparedPairByPair(String one, String other, int order) {
        VersionNumber first = VersionNumber.ofVbios(one).orElseThrow();
        VersionNumber second = VersionNumber.ofVbios(other).orElseThrow();

        assertThat(Integer.signum(first.compareTo(second))).isEqualTo(order);
        assertThat(Integer.signum(second.compareTo(first))).isEqualTo(-order);
        assertThat(VersionNumber.ofVbios("96.00.9f.00.01").orElseThrow()).hasToString("96.00.9F.00.01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "580.",
                ".580",
                "580..1",
                "580.95.05\n",
                " 580",
                "580.a",
                "+580",
                "-1",
                "123456789",
                "\u0665",
                "1.2.3.4.5.6.7.8.9"
            })
    void anythingElseIsNoVersionOfADriver(String text) {
        assertThat(VersionNumber.ofDriver(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "96.00.9F.00", "96.00.9F.00.01.00", "96.00.9F.00.1", "96.00.9G.00.01", "9600.9F.00.01"})
    void anythingElseIsNoVersionOfAFirmwareImage(String text) {
        assertThat(VersionNumber.ofVbios(text)).isEmpty();
    }
}
