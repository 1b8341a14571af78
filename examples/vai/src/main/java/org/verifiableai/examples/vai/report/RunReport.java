package org.verifiableai.examples.vai.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.CheckResult;

/**
 * What one run of the pipeline came to, ready to be shown.
 *
 * @param question what the model was asked
 * @param before its answer before training
 * @param after its answer after training
 * @param losses the loss of each optimiser step
 * @param checks every check of the verdict on the signed manifest
 * @param facts what the verdict and the registry establish, in the order to show them
 * @param attacks what was tried against the verifier, and what it said
 */
public record RunReport(
        String question,
        String before,
        String after,
        List<Double> losses,
        List<CheckResult> checks,
        Map<String, String> facts,
        List<Attack> attacks) {

    /** Copies the collections. */
    public RunReport {
        losses = List.copyOf(losses);
        checks = List.copyOf(checks);
        facts = new LinkedHashMap<>(facts);
        attacks = List.copyOf(attacks);
    }

    /**
     * One attack.
     *
     * @param name what was done
     * @param failures the checks that refused it
     */
    public record Attack(String name, List<CheckResult> failures) {

        /** Copies {@code failures}. */
        public Attack {
            failures = List.copyOf(failures);
        }
    }

    /** The report as one HTML file that needs nothing else. */
    public String toHtml() {
        return new HtmlPage(this).render();
    }
}
