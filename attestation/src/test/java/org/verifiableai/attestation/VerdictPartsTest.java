package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.internal.Appraisal;

class VerdictPartsTest {

    private static final CheckId ID = new CheckId("test.check");

    @Test
    void aResultShowsItsReasonWhereItHasOne() {
        assertThat(new CheckResult(ID, Outcome.PASSED, "detail")).hasToString("PASSED test.check: detail");
        assertThat(new CheckResult(ID, Outcome.FAILED, "bad-signature", "detail"))
                .hasToString("FAILED test.check (bad-signature): detail");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "Upper", "two words", "-a", "a-", "a--b", "a_b"})
    void aReasonIsOfLowerCaseWords(String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckResult(ID, Outcome.PASSED, reason, "detail"))
                .withMessage("reason must be lower-case words joined by hyphens, found " + reason);
    }

    @ParameterizedTest
    @EnumSource
    void whatRevocationFoundIsReadBackFromItsReason(RevocationStatus status) {
        assertThat(status.reason())
                .isEqualTo(status.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(RevocationStatus.of(new CheckResult(ID, Outcome.FAILED, status.reason(), "detail")))
                .contains(status);
    }

    @ParameterizedTest
    @CsvSource({"''", "other"})
    void anotherReasonIsNotOneOfRevocation(String reason) {
        assertThat(RevocationStatus.of(new CheckResult(ID, Outcome.FAILED, reason, "detail")))
                .isEmpty();
    }

    @Test
    void aRejectionThrownCarriesItsChecks() {
        Appraisal appraisal = new Appraisal();
        appraisal.fail(ID, "bad");
        Verdict<String> verdict = appraisal.verdict("value");

        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(verdict::orElseThrow)
                .satisfies(
                        e -> assertThat(e.checks()).isEqualTo(verdict.checks()).hasSize(1));
    }

    @Test
    void aDefectOfEvidenceKeepsItsParts() {
        MalformedEvidenceException defect = new MalformedEvidenceException("field", 16, "this", "that\n");

        assertThat(defect.field()).isEqualTo("field");
        assertThat(defect.offset()).isEqualTo(16);
        assertThat(defect.expected()).isEqualTo("this");
        assertThat(defect.found()).isEqualTo("that\\u{a}");
        assertThat(defect).hasMessage("field at offset 0x10: expected this, found that\\u{a}");
    }

    @Test
    void whatIsNotAvailableSaysWhetherToTryAgain() {
        assertThat(new EvidenceUnavailableException("busy", true).retryable()).isTrue();
        assertThat(new EvidenceUnavailableException("gone", false).retryable()).isFalse();
    }

    @Test
    void theStandardEngineHasAName() {
        assertThat(SignatureEngine.standard().name()).isNotBlank();
    }
}
