package org.verifiableai.examples.vai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.manifest.LineageResult;
import picocli.CommandLine;

/** What a command says in the end: text for people, or one JSON object for programs. */
final class Output {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;

    Output(CommandLine command, boolean json) {
        this.out = command.getOut();
        this.err = command.getErr();
        this.json = json;
    }

    /** Tells people something beside the outcome. */
    void note(String line) {
        (json ? err : out).println("note: " + onOneLine(line));
    }

    /** Tells a verdict, and returns the exit code that goes with it. */
    int verdict(Verdict<?> verdict) {
        if (json) {
            out.println(verdict.toJson());
        } else {
            new Narrator(out, false).checks(verdict.checks());
            out.println(verdict.accepted() ? "ACCEPTED" : "REJECTED");
        }
        out.flush();
        return verdict.accepted() ? ExitCode.OK : ExitCode.REJECTED;
    }

    /** Tells a verdict on GPUs and what was read of each, and returns the exit code that goes with it. */
    int gpus(GpuResult result) {
        Verdict<?> verdict = result.verdict();
        if (!json) {
            result.devices().forEach(device -> out.println("   " + onOneLine(GpuLine.of(device))));
            return verdict(verdict);
        }
        out.println(result.toJson());
        out.flush();
        return verdict.accepted() ? ExitCode.OK : ExitCode.REJECTED;
    }

    /** Tells a verdict on models and those that they were trained from, and returns the exit code that goes with it. */
    int lineage(LineageResult result) {
        if (!json) {
            for (LineageResult.ModelVerdict model : result.models()) {
                out.println(onOneLine("model " + model.folder() + ", depth " + model.depth()));
                new Narrator(out, false).checks(model.verdict().checks());
            }
            out.println("lineage");
            return verdict(result.verdict());
        }
        out.println(result.toJson());
        out.flush();
        return result.verdict().accepted() ? ExitCode.OK : ExitCode.REJECTED;
    }

    /** Tells values by their names, in the order of the map. */
    void values(Map<String, String> values) {
        if (json) {
            ObjectNode object = JSON.createObjectNode();
            values.forEach(object::put);
            out.println(object);
        } else {
            int width = values.keySet().stream().mapToInt(String::length).max().orElse(1);
            values.forEach((name, value) -> out.printf("%-" + width + "s  %s%n", onOneLine(name), onOneLine(value)));
        }
        out.flush();
    }

    /**
     * Tells programs of evidence that no verifier could be shown; people read the message that goes to the error stream.
     */
    void notEvidence(MalformedEvidenceException e) {
        if (json) {
            out.println(JSON.createObjectNode().put("accepted", false).put("error", e.getMessage()));
            out.flush();
        }
    }

    /** Names, values and messages may be an attacker's, and a terminal obeys what it is sent. */
    static String onOneLine(String text) {
        return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
