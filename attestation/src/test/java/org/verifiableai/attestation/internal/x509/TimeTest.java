package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class TimeTest {

    @ParameterizedTest
    @CsvSource({
        "250102030405Z, 2025-01-02T03:04:05Z",
        "491231235959Z, 2049-12-31T23:59:59Z",
        "500101000000Z, 1950-01-01T00:00:00Z",
        "990203040506Z, 1999-02-03T04:05:06Z",
        "000229000000Z, 2000-02-29T00:00:00Z",
        "20250102030405Z, 2025-01-02T03:04:05Z",
        "00010101000000Z, 0001-01-01T00:00:00Z",
        "99991231235959Z, 9999-12-31T23:59:59Z",
    })
    void aTimeIsOfWholeSecondsInUtc(String text, Instant instant) throws Exception {
        assertThat(read(text)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2501020304Z",
                "250102030405",
                "250102030405+0000",
                "25010203040Z",
                "2501020304055Z",
                "20250102030405.5Z",
                "202501020304Z5",
                " 50102030405Z",
                "250102030405z"
            })
    void anyOtherFormIsRefused(String text) {
        for (int tag : new int[] {0x17, 0x18}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> Time.read("time", Der.of(DerBytes.element(tag, Bytes.utf8(text)))))
                    .withMessage("time at offset 0x0: expected a time of whole seconds in UTC, found " + text);
        }
    }

    @Test
    void aFormOfTheOtherTypeIsRefused() {
        for (Bytes time : new Bytes[] {
            DerBytes.utcTime("20250102030405Z"),
            DerBytes.generalizedTime("250102030405Z"),
            DerBytes.ia5("250102030405Z")
        }) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> Time.read("time", Der.of(time)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "251302030405Z",
                "250002030405Z",
                "250132030405Z",
                "250100030405Z",
                "250102240405Z",
                "250102036005Z",
                "250102030460Z",
                "250229030405Z"
            })
    void aDateOrTimeThatDoesNotExistIsRefused(String text) {
        Der der = Der.of(DerBytes.integer(1).concat(DerBytes.utcTime(text)));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> {
                    der.integer("before");
                    Time.read("time", der);
                })
                .withMessage("time at offset 0x3: expected a date and time that exist, found " + text);
    }

    private static Instant read(String text) throws MalformedEvidenceException {
        return Time.read("time", Der.of(text.length() == 13 ? DerBytes.utcTime(text) : DerBytes.generalizedTime(text)));
    }
}
