package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;

class NarratorTest {

    private final StringWriter text = new StringWriter();
    private final Narrator narrator = new Narrator(new PrintWriter(text), false);

    @Test
    void progressIntoAFileIsALineATenth() {
        for (int step = 1; step <= 200; step++) {
            narrator.progress(step, 200, "loss");
        }

        assertThat(text.toString().lines()).hasSize(11).last().asString().contains("100%");
    }

    @Test
    void aFallingCurveGoesFromTopLeftToBottomRight() {
        narrator.curve(List.of(4.0, 3.0, 2.0, 1.0, 0.0));

        List<String> lines = text.toString().lines().toList();
        assertThat(lines.get(0)).endsWith("|*");
        assertThat(lines.get(7)).endsWith("|    *");
    }

    @Test
    void everyCheckIsNamedWithItsOutcome() {
        narrator.checks(List.of(
                new CheckResult(new CheckId("snp.signature"), Outcome.PASSED, "verified"),
                new CheckResult(new CheckId("snp.vmpl"), Outcome.FAILED, "expected 0, found 3")));

        assertThat(text.toString())
                .contains("pass  snp.signature  verified", "FAIL  snp.vmpl       expected 0, found 3");
    }

    @Test
    void checksThatNobodyDemandsAreNamedTogether() {
        List<CheckResult> checks = new ArrayList<>();
        for (int i = 10; i < 40; i++) {
            checks.add(new CheckResult(
                    new CheckId("snp.demand-" + i), Outcome.NOT_EVALUATED, CheckResult.NOT_DEMANDED, "no demand"));
        }
        checks.add(new CheckResult(new CheckId("snp.loosened"), Outcome.NOT_EVALUATED, "waived by policy: a test"));

        narrator.checks(checks);

        assertThat(text.toString().lines())
                .hasSizeLessThan(9)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(115))
                .anySatisfy(line -> assertThat(line).contains("snp.loosened  waived by policy: a test"));
        assertThat(text.toString()).contains("not demanded by the policy:");
        checks.forEach(check -> assertThat(text.toString()).contains(check.id().name()));
    }
}
