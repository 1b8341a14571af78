package org.verifiableai.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationException;

class AppraisalTest {

    private static final CheckId FIRST = new CheckId("test.first");
    private static final CheckId SECOND = new CheckId("test.second");

    private final Appraisal appraisal = new Appraisal();

    @Test
    void nothingEnteredIsNoAcceptance() {
        assertThat(appraisal.verdict("value").accepted()).isFalse();
    }

    @Test
    void nothingButWaiversIsNoAcceptance() {
        appraisal.waive(FIRST, "why");

        assertThat(appraisal.verdict("value").accepted()).isFalse();
    }

    @Test
    void aPassBesideAWaiverIsAnAcceptanceThatShowsTheReason() throws Exception {
        appraisal.pass(FIRST, "good");
        appraisal.waive(SECOND, "the reason");
        appraisal.fact("name", 7);

        Verdict<String> verdict = appraisal.verdict("value");

        assertThat(verdict.orElseThrow().value()).isEqualTo("value");
        assertThat(verdict.orElseThrow().facts()).containsEntry("name", "7");
        assertThat(verdict.checks())
                .containsExactly(
                        new CheckResult(FIRST, Outcome.PASSED, "good"),
                        new CheckResult(SECOND, Outcome.NOT_EVALUATED, "waived by policy: the reason"));
    }

    @Test
    void oneFailureIsARejectionWithoutFacts() {
        appraisal.pass(FIRST, "good");
        appraisal.fail(SECOND, "bad");
        appraisal.fact("name", "value");

        Verdict<String> verdict = appraisal.verdict("value");

        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(SECOND);
        assertThat(verdict.toJson()).startsWith("{\"accepted\":false,").endsWith("\"facts\":{}}");
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(verdict::orElseThrow)
                .withMessage("rejected: test.second: bad");
    }

    @Test
    void aBlockedCheckIsARejection() {
        appraisal.pass(FIRST, "good");
        appraisal.block(SECOND, FIRST);

        assertThat(appraisal.verdict("value").accepted()).isFalse();
    }

    @Test
    void aCheckIsEnteredOnce() {
        appraisal.fail(FIRST, "bad");

        assertThatIllegalStateException().isThrownBy(() -> appraisal.pass(FIRST, "good"));
    }

    @Test
    void anAcceptanceHasAValue() {
        appraisal.pass(FIRST, "good");

        assertThatNullPointerException().isThrownBy(() -> appraisal.verdict(null));
    }

    @Test
    void aRejectedPartRejectsTheWhole() {
        Appraisal part = new Appraisal();
        part.waive(SECOND, "why");
        appraisal.pass(FIRST, "good");
        appraisal.include(part.verdict("part"));

        assertThat(appraisal.verdict("whole").accepted()).isFalse();
    }

    @Test
    void anAcceptedPartBringsItsChecksAndFacts() throws Exception {
        Appraisal part = new Appraisal();
        part.pass(SECOND, "good");
        part.fact("name", "value");
        appraisal.include(part.verdict("part"));

        Verdict<String> whole = appraisal.verdict("whole");

        assertThat(whole.checks()).extracting(CheckResult::id).containsExactly(SECOND);
        assertThat(whole.orElseThrow().facts()).containsEntry("name", "value");
    }

    @Test
    void aConditionDecidesWhichWordsAreEntered() {
        assertThat(appraisal.check(FIRST, true, () -> "good", () -> "bad")).isTrue();
        assertThat(appraisal.acceptable()).isTrue();
        assertThat(appraisal.check(SECOND, false, () -> "good", () -> "bad")).isFalse();
        assertThat(appraisal.acceptable()).isFalse();

        assertThat(appraisal.verdict("value").checks())
                .containsExactly(
                        new CheckResult(FIRST, Outcome.PASSED, "good"), new CheckResult(SECOND, Outcome.FAILED, "bad"));
    }

    @Test
    void aStableWordStandsBesideTheDetail() {
        appraisal.check(FIRST, true, "good", "it is");
        assertThat(appraisal.acceptable()).isTrue();
        appraisal.waive(SECOND, "unavailable", "why");
        assertThat(appraisal.acceptable()).isTrue();

        assertThat(appraisal.verdict("value").checks())
                .containsExactly(
                        new CheckResult(FIRST, Outcome.PASSED, "good", "it is"),
                        new CheckResult(SECOND, Outcome.NOT_EVALUATED, "unavailable", "waived by policy: why"));
    }

    @Test
    void aConditionWithAStableWordThatDoesNotHoldIsARejection() {
        appraisal.check(FIRST, true, "good", "it is");
        appraisal.check(SECOND, false, "revoked", "it is not");

        assertThat(appraisal.acceptable()).isFalse();
        assertThat(appraisal.verdict("value").failures())
                .containsExactly(new CheckResult(SECOND, Outcome.FAILED, "revoked", "it is not"));
    }

    @Test
    void aFailureAloneIsNoPass() {
        appraisal.check(FIRST, false, "revoked", "it is not");

        assertThat(appraisal.acceptable()).isFalse();
    }

    @Test
    void whatWasVerifiedShowsItself() throws Exception {
        appraisal.pass(FIRST, "good");

        assertThat(appraisal.verdict("value").orElseThrow()).hasToString("Verified[value]");
    }
}
