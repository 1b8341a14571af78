package org.verifiableai.examples.vai.report;

import static org.verifiableai.examples.vai.report.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;

/** Renders a {@link RunReport}. Everything that came from evidence or from a model is escaped. */
final class HtmlPage {

    private final RunReport run;
    private final StringBuilder html = new StringBuilder();

    HtmlPage(RunReport run) {
        this.run = run;
    }

    String render() {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Provenance of a LoRA adapter</title>\n<style>\n")
                .append(stylesheet())
                .append("</style>\n</head>\n<body>\n<main>\n<h1>Provenance of a LoRA adapter</h1>\n");
        verdict();
        lineage();
        answers();
        curve();
        checks();
        attacks();
        facts();
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private void verdict() {
        long passed = count(Outcome.PASSED);
        long failed = count(Outcome.FAILED);
        long waived = count(Outcome.NOT_EVALUATED);
        html.append(String.format(
                Locale.ROOT,
                "<p class=\"verdict %s\"><strong>%s</strong> %d checks passed, %d failed, %d not evaluated.</p>%n",
                failed == 0 ? "good" : "bad",
                failed == 0 ? "Accepted." : "Rejected.",
                passed,
                failed,
                waived));
    }

    private void lineage() {
        html.append("<h2>Where it comes from</h2>\n<figure>\n<div class=\"wide\">")
                .append(LineagePicture.svg(run.checks(), run.facts()))
                .append(
                        "</div>\n<figcaption>Each box says how the checks on it came out; the table below lists them all.")
                .append("</figcaption>\n</figure>\n");
    }

    private void answers() {
        html.append("<h2>What training changed</h2>\n<dl class=\"answers\">\n");
        pair("Question", run.question());
        pair("Answer before", run.before());
        pair("Answer after", run.after());
        html.append("</dl>\n");
    }

    private void curve() {
        if (!run.losses().isEmpty()) {
            html.append("<h2>Loss</h2>\n<figure>\n")
                    .append(LossCurve.svg(run.losses()))
                    .append("<figcaption>Cross entropy over the completion, mean per token.</figcaption>\n</figure>\n");
        }
    }

    private void checks() {
        html.append("<h2>Checks</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Outcome</th><th>Check</th>")
                .append("<th>Detail</th></tr></thead>\n<tbody>\n");
        run.checks().forEach(this::row);
        html.append("</tbody>\n</table></div>\n");
    }

    private void attacks() {
        if (run.attacks().isEmpty()) {
            return;
        }
        html.append("<h2>Attacks</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Outcome</th><th>Attack</th>")
                .append("<th>Refused by</th></tr></thead>\n<tbody>\n");
        for (RunReport.Attack attack : run.attacks()) {
            boolean refused = !attack.failures().isEmpty();
            html.append("<tr><td>")
                    .append(badge(refused ? "good" : "bad", refused ? "refused" : "not refused"))
                    .append("</td><td>")
                    .append(escape(attack.name()))
                    .append("</td><td>")
                    .append(reasons(attack.failures()))
                    .append("</td></tr>\n");
        }
        html.append("</tbody>\n</table></div>\n");
    }

    private void facts() {
        html.append("<h2>Established</h2>\n<dl class=\"facts\">\n");
        for (Map.Entry<String, String> fact : run.facts().entrySet()) {
            pair(fact.getKey(), fact.getValue());
        }
        html.append("</dl>\n");
    }

    private void row(CheckResult check) {
        html.append("<tr><td>")
                .append(
                        switch (check.outcome()) {
                            case PASSED -> badge("good", "passed");
                            case FAILED -> badge("bad", "failed");
                            case NOT_EVALUATED -> badge("open", "not evaluated");
                        })
                .append("</td><td><code>")
                .append(escape(check.id().name()))
                .append("</code></td><td>")
                .append(escape(check.detail()))
                .append("</td></tr>\n");
    }

    private static String reasons(List<CheckResult> failures) {
        StringBuilder reasons = new StringBuilder();
        for (CheckResult failure : failures) {
            reasons.append("<div><code>")
                    .append(escape(failure.id().name()))
                    .append("</code> ")
                    .append(escape(failure.detail()))
                    .append("</div>");
        }
        return reasons.toString();
    }

    private static String badge(String kind, String text) {
        return "<span class=\"badge " + kind + "\">" + text + "</span>";
    }

    private void pair(String name, String value) {
        html.append("<dt>")
                .append(escape(name))
                .append("</dt><dd>")
                .append(escape(value))
                .append("</dd>\n");
    }

    private long count(Outcome outcome) {
        return run.checks().stream().filter(c -> c.outcome() == outcome).count();
    }

    private static String stylesheet() {
        try (InputStream in = Objects.requireNonNull(HtmlPage.class.getResourceAsStream("report.css"), "report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report.css is part of the jar", e);
        }
    }
}
