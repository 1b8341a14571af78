package org.verifiableai.attestation.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    void secondsAreRead() {
        assertThat(RetryAfter.parse("0", NOW)).hasValue(Duration.ZERO);
        assertThat(RetryAfter.parse(" 10 ", NOW)).hasValue(Duration.ofSeconds(10));
    }

    @Test
    void aDateIsReadAgainstTheClock() {
        assertThat(RetryAfter.parse("Tue, 24 Nov 2026 12:00:07 GMT", NOW)).hasValue(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse("Tue, 24 Nov 2026 11:00:00 GMT", NOW)).hasValue(Duration.ZERO);
    }

    @Test
    void noServiceCanAskForEver() {
        assertThat(RetryAfter.parse("999999999", NOW)).hasValue(RetryAfter.MAX);
        assertThat(RetryAfter.parse("Fri, 31 Dec 9999 23:59:59 GMT", NOW)).hasValue(RetryAfter.MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "Tue, 99 Nov 2026 12:00:07 GMT"})
    void whatCannotBeReadIsAsNothing(String field) {
        assertThat(RetryAfter.parse(field, NOW)).isEmpty();
    }

    @Test
    void noFieldIsNothing() {
        assertThat(RetryAfter.parse(null, NOW)).isEmpty();
    }
}
