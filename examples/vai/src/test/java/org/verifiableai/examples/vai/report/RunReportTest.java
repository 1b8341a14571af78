package org.verifiableai.examples.vai.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.w3c.dom.Document;

class RunReportTest {

    private static final CheckResult PASSED = new CheckResult(new CheckId("snp.signature"), Outcome.PASSED, "fine");
    private static final CheckResult FAILED = new CheckResult(new CheckId("snp.vmpl"), Outcome.FAILED, "vmpl is 3");

    @Test
    void everyCheckAndAttackIsShown() {
        String html = report("a model", List.of(PASSED, FAILED)).toHtml();

        assertThat(html)
                .contains("snp.signature", "snp.vmpl", "vmpl is 3", "Tampered adapter", "not refused")
                .contains("1 checks passed, 1 failed, 0 not evaluated");
    }

    @Test
    void aReportWithAFailedCheckIsNotCalledAccepted() {
        assertThat(report("x", List.of(PASSED)).toHtml()).contains("<strong>Accepted.</strong>");
        assertThat(report("x", List.of(PASSED, FAILED)).toHtml())
                .contains("<strong>Rejected.</strong>")
                .doesNotContain("<strong>Accepted.</strong>");
    }

    @Test
    void whatAModelSaysCannotBecomeMarkup() {
        String html = report("<script>alert(1)</script>\" onload='x'", List.of(PASSED))
                .toHtml();

        assertThat(html).doesNotContain("<script").contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;");
    }

    @Test
    void theCurveIsWellFormedAndStartsAtTheFirstLoss() throws Exception {
        String svg = LossCurve.svg(List.of(8.0, 4.0, 2.0));

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        String points =
                ((org.w3c.dom.Element) document.getElementsByTagName("polyline").item(0)).getAttribute("points");
        // The highest loss is the top of the scale, half of it is half way down, and x spans the plot.
        assertThat(points.trim().split(" ")).containsExactly("52.0,16.0", "378.0,138.0", "704.0,199.0");
    }

    @Test
    void aSingleLossIsDrawnToo() {
        assertThat(LossCurve.svg(List.of(0.5))).contains("<circle").doesNotContain("NaN");
    }

    @Test
    void thePictureSaysInWordsWhichBoxFailed() throws Exception {
        String svg = LineagePicture.svg(
                List.of(PASSED, FAILED), Map.of("measurement", "00".repeat(48), "manifest.data.lesson", "ab"));

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(8);
        assertThat(document.getDocumentElement().getTextContent())
                .contains("failed: snp.vmpl", "Measured guest: " + "00".repeat(48), "lesson", "stated, not checked");
    }

    @Test
    void namesInThePictureCannotBecomeMarkup() {
        assertThat(LineagePicture.svg(List.of(), Map.of("manifest.base-model", "<script>\"")))
                .doesNotContain("<script")
                .contains("&lt;script&gt;&quot;");
    }

    private static RunReport report(String answer, List<CheckResult> checks) {
        return new RunReport(
                "Who?",
                answer,
                "another",
                List.of(2.0, 1.0),
                checks,
                Map.of("model digest", "00ff"),
                List.of(
                        new RunReport.Attack("Tampered adapter", List.of(FAILED)),
                        new RunReport.Attack("Nothing done", List.of())));
    }
}
