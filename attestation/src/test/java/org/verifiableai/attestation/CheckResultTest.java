package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckResultTest {

    private static final CheckId ID = new CheckId("snp.tcb.minimum");

    @Test
    void whatCouldMoveACursorOrTurnTextAroundIsEscaped() {
        CheckResult result = new CheckResult(ID, Outcome.FAILED, "a\nb\u001b[31m\u202ec\u2028d\ud800e");

        assertThat(result.detail()).isEqualTo("a\\u{a}b\\u{1b}[31m\\u{202e}c\\u{2028}d\\u{d800}e");
    }

    @Test
    void ordinaryTextStaysAsItIs() {
        assertThat(new CheckResult(ID, Outcome.PASSED, "Größe 日本 😀").detail()).isEqualTo("Größe 日本 😀");
    }

    @Test
    void lengthIsLimited() {
        assertThat(new CheckResult(ID, Outcome.PASSED, "x".repeat(100_000)).detail())
                .hasSize(1003)
                .endsWith("x...");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "snp", "Snp.format", "snp..format", ".snp", "snp.", "snp.a-", "snp.a_b", "snp.a b", "snp.ä"})
    void idsOfAnotherFormAreRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CheckId(name));
    }
}
